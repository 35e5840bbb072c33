"""The panel on the right: what to read aloud now, where the walk stands, and what the law forbids."""

from __future__ import annotations

import re
from typing import Any

from bot.console.markup import day_text, div, esc, joined, labelled, text_div
from bot.console.transcript import Scene
from bot.playbook.book import playbook

Card = dict[str, Any]


def panel_html(scene: Scene) -> str:
    """The newest step, exit, outcome or reaction, in full."""
    focus = scene.focus
    if focus is None:
        return _opening() + (_commission(scene.commission) if scene.commission else "")
    if focus.get("type") == "step":
        return _step(focus, scene.commission)
    if focus.get("type") == "reaction":
        return _reaction(focus, scene.step)
    if focus.get("state") == "processing":
        return _processing(focus)
    return _outcome(focus)


def _say(text: Any) -> str:
    return text_div("say", text, "blockquote") if text else ""


def _head(title: str, place: str = "", extra: str = "") -> str:
    right = text_div("place", place, "span") if place else ""
    return div("panel-head", text_div("case", title, "span") + right + extra)


def _opening() -> str:
    """Before any reason is known: the one question that is always right."""
    text = playbook().messages["ask_reason"]
    quoted = re.search("「(.+?)」", text)
    return joined(
        (
            _head("先听客户说"),
            _say(quoted.group(1) if quoted else text),
            labelled(
                "tip",
                "提示",
                "听到什么就打在中间的输入框里，客户的原话最好。原因一清楚，这里就给出第一句话。",
            ),
        )
    )


def _track(card: Card) -> str:
    now = int(card["step"])
    items = joined(
        f'<li class="{"done" if number < now else "now" if number == now else ""}">{esc(title)}</li>'
        for number, title in enumerate(card.get("titles") or (), start=1)
    )
    return f'<ol class="track">{items}</ol>'


def _step(card: Card, commission: Card | None) -> str:
    wordings = int(card.get("wordings") or 1)
    wording = text_div("wording", f"说法 {card.get('wording')}/{wordings}", "span") if wordings > 1 else ""
    return joined(
        (
            _head(str(card.get("case_title")), f"第 {card['step']} 步 / 共 {card['of']} 步", wording),
            _track(card),
            _say(card.get("say")),
            _commission(commission) if commission else "",
            labelled("tip", "提示", card.get("tip")),
            labelled("law", "法规", card["forbidden"]) if card.get("forbidden") else "",
            text_div("source", f"出处 {card.get('source')}"),
        )
    )


def _reaction(card: Card, step: Card | None) -> str:
    stands = f"停在第 {step['step']} 步 {step.get('title')}" if step else ""
    return joined(
        (
            _head(str(card.get("title")), stands),
            _say(card.get("say")),
            labelled("tip", "提示", card.get("tip")),
        )
    )


def _processing(card: Card) -> str:
    items = joined(
        f'<li class="{"ok" if item.get("done") else "todo"}"><span>{esc(item["text"])}</span>'
        f"<small>{esc(item.get('source', ''))}</small></li>"
        for item in card.get("checklist") or ()
    )
    dates = (
        f'<div class="due"><span>受理 {esc(day_text(card.get("filed_on")))}</span>'
        f"<b>最晚 {esc(day_text(card.get('due_on')))} 办结</b></div>"
    )
    return joined(
        (
            _head("直接办理"),
            _say(card.get("say")),
            dates,
            f'<ul class="checklist">{items}</ul>',
            text_div("fee", card.get("fee_note")),
            labelled("tip", "提示", card.get("tip")),
            text_div("source", f"出处 {card.get('source')}"),
        )
    )


def _outcome(card: Card) -> str:
    title, follow = card.get("title"), f"{day_text(card.get('follow_up_on'))} {card.get('topic')}"
    if card.get("state") == "recorded":
        return joined(
            (
                _head(f"已登记：{title}", f"用时 {card.get('minutes')} 分钟"),
                text_div("closing", card.get("closing")),
                labelled("follow", "回访", follow),
            )
        )
    return joined(
        (
            _head(f"结果：{title}？", "等您确认"),
            _say(card.get("say")),
            labelled("follow", "回访", follow),
            labelled("tip", "提示", card.get("tip")),
        )
    )


def _commission(card: Card) -> str:
    """The table, and two bars on one scale; the part the minimum fee makes up is hatched."""
    ours, theirs = card["ours"], card["theirs"]
    head = f"<th></th><th>现在 {esc(ours['rate_text'])}</th><th>对方 {esc(theirs['rate_text'])}</th><th>相差</th>"
    rows = joined(
        "<tr><th>{}</th><td>{}</td><td>{}</td><td class='diff'>{}</td></tr>".format(
            *(esc(cell) for cell in row)
        )
        for row in card.get("rows") or ()
    )
    most = max(float(ours["yearly"]), float(theirs["yearly"]), 0.01)
    bars = joined(_bar(label, side, most) for label, side in (("现在", ours), ("对方", theirs)))
    notes = text_div("fee-note", "；".join(note.rstrip("。") for note in card.get("notes") or ()))
    floor = float(ours["floor_part"]) or float(theirs["floor_part"])
    legend = '<span class="legend">斜纹：最低佣金多收的部分</span>' if floor else ""
    return (
        f'<section class="commission"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f'<div class="bars" role="img" aria-label="一年佣金对比">{bars}{legend}</div>{notes}</section>'
    )


def _bar(label: str, side: Card, most: float) -> str:
    yearly, floor = float(side["yearly"]), min(float(side["floor_part"]), float(side["yearly"]))
    width = 100 * yearly / most
    share = 100 * floor / yearly if yearly else 0
    return (
        f'<div class="bar"><span>{label}</span><div class="rail"><i style="width:{width:.1f}%">'
        f'<em style="width:{share:.1f}%"></em></i></div></div>'
    )
