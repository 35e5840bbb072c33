"""The assistant's cards as lines of the talk: short, because the panel shows what is read aloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.console.markup import day_text, div, esc, joined, labelled, text_div
from bot.console.transcript import Entry
from bot.gateway.reception import outcome_title

Card = dict[str, Any]
LONG = 400


def entry_html(entry: Entry) -> str:
    """One line of the talk."""
    if entry.who == "note":
        return text_div("note-line", entry.text)
    if entry.who == "advisor":
        kind = "bubble pressed" if entry.pressed else "bubble"
        return div("line mine", div(kind, _folded(entry.text)))
    card = entry.card or {}
    draw = _DRAW.get(str(card.get("type")))
    return div("line theirs", draw(card, entry.text) if draw else text_div("plain", entry.text))


def _folded(text: str) -> str:
    """Long texts are folded: a pasted chat history must not push the talk away."""
    if len(text) <= LONG:
        return esc(text)
    return f"<details><summary>{esc(text[:160])}… <u>展开全文（{len(text)} 字）</u></summary>{esc(text)}</details>"


def _client(card: Card, text: str) -> str:
    if card.get("only_look"):
        return div("card", text_div("plain", text))
    flags = joined(text_div("flag", flag["text"], "span") for flag in card.get("flags") or ())
    head = f"已调出 <b>{esc(card.get('salutation'))}</b> · 客户号 {esc(card.get('client_no'))}"
    return div("card slim", head + div("flags", flags) if flags else head)


def _reasons(card: Card, _text: str) -> str:
    chips = [
        f'<span class="reason"><b>{esc(r["title"])}</b> {float(r["probability"]):.0%}'
        + (f" <i>依据「{esc(r['evidence'])}」</i>" if r.get("evidence") else "")
        + "</span>"
        for r in card.get("reasons") or ()
    ]
    return div("reasons", "".join(chips))


def _step(card: Card, _text: str) -> str:
    case = card.get("case_title") if card.get("case_title") != card.get("title") else ""
    head = f"<b>第 {esc(card['step'])}/{esc(card['of'])} 步 {esc(card.get('title'))}</b> {esc(case)}"
    return div("card step", div("step-head", head) + text_div("quote", card.get("say")))


def _commission(card: Card, _text: str) -> str:
    rows = card.get("rows") or [["", "", "", ""]]
    yearly = str(rows[0][3])
    if yearly.startswith("-"):
        head = f"佣金测算：按对方的费率，一年反而多付 <b>{esc(yearly[1:])}</b> 元"
    else:
        months = f"，一个月 <b>{esc(rows[1][3])}</b> 元" if len(rows) > 1 else ""
        head = f"佣金测算：一年相差 <b>{esc(yearly)}</b> 元{months}"
    return div("card slim", head + text_div("muted", card.get("basis_text")))


def _choices(card: Card, _text: str) -> str:
    return text_div("plain", card.get("question"))


def _alert(card: Card, _text: str) -> str:
    kind = str(card.get("kind"))
    known = kind if kind in ("hint", "law", "error", "why") else "notice"
    text = card.get("text")
    if known in ("hint", "law", "error"):
        label = {"hint": "留意", "law": "法规", "error": "注意"}[known]
        return labelled(f"alert {known}", label, text)
    return text_div("card pre" if known == "why" else "plain", text)


def _outcome(card: Card, _text: str) -> str:
    state = card.get("state")
    if state == "processing":
        return div("card slim", f"<b>直接办理</b> 最晚 {esc(day_text(card.get('due_on')))} 办结，清单在右边")
    title = esc(card.get("title") or outcome_title(card.get("outcome")))
    follow = f"回访 {esc(day_text(card.get('follow_up_on')))}：{esc(card.get('topic'))}"
    head = f"<b>已登记：{title}</b>" if state == "recorded" else f"<b>结果：{title}？</b>"
    return div("card slim", f"{head}<br>{follow}")


def _reaction(card: Card, _text: str) -> str:
    return div("card step", text_div("step-head", card.get("title")) + text_div("quote", card.get("say")))


def _toolbox(card: Card, _text: str) -> str:
    def claims(rows: list[Card], classes: str) -> str:
        return joined(
            div(
                classes,
                text_div("words", r["text"]) + text_div("muted", f"截至 {r['as_of']} · {r['source']}"),
            )
            for r in rows
        )

    say, history = card.get("say") or [], card.get("history") or []
    parts = [text_div("card-title", f"工具箱 · {card.get('title')}"), claims(say, "claim")]
    if not say:
        parts.append(text_div("muted", "目前没有在有效期内、可以对客户说的内容。"))
    if history:
        folded = f"<summary>历史资料 {len(history)} 条：只供了解，不可当作现在的说法</summary>"
        parts.append(div("history", folded + claims(history, "claim old"), "details"))
    return div("card", joined(parts))


def _objection(card: Card, _text: str) -> str:
    parts = [
        text_div("card-title", f"客户问：{card.get('title')}"),
        text_div("say-small", card.get("say")),
        labelled("tip", "提示", card.get("tip")),
        labelled("law-line", "法规", card.get("forbidden")),
        text_div("muted", f"出处 {card.get('source')}"),
    ]
    return div("card", joined(parts))


def _research(card: Card, _text: str) -> str:
    findings = joined(
        f"<li>{esc(f['text'])} <span class='muted'>{esc(f['as_of'])} · {esc(f['source'])}</span></li>"
        for f in card.get("findings") or ()
    )
    return div("card", text_div("card-title", card.get("title")) + f"<ul>{findings}</ul>" + text_div("tip", card.get("meaning")))  # fmt: skip


_DRAW: dict[str, Callable[[Card, str], str]] = {
    "client": _client,
    "reasons": _reasons,
    "step": _step,
    "commission": _commission,
    "choices": _choices,
    "alert": _alert,
    "outcome": _outcome,
    "reaction": _reaction,
    "toolbox": _toolbox,
    "objection": _objection,
    "research": _research,
}
