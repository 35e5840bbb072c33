"""The playbook as HTML: every case, step and wording, the toolbox, objections, principles and research."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from bot.console.markup import esc, joined, labelled, text_div
from bot.playbook.book import Playbook
from bot.playbook.schema import Case, Claim, Objection, Step, Tool

NUMERALS = "零一二三四五六七八九十"
WHEN = {
    "always": "",
    "floor_binds": "多数单子碰到最低佣金时",
    "floor_free": "多数单子不碰最低佣金时",
    "large_account": "大账户",
    "small_account": "小账户",
}
KINDS = {"brand": "品牌优势", "service": "服务产品", "cooperation": "合作与联动"}


def spoken(text: str) -> str:
    """A sentence with its placeholders as 〔称呼〕, set apart from the words."""
    return re.sub(r"\{([^}]*)\}", r'<span class="slot">〔\1〕</span>', esc(text))


def _rewording(text: str | None) -> str:
    return labelled("reworded", "与原指引的不同", text) if text else ""


def _step(number: int, step: Step) -> str:
    wordings = joined(
        f"<li>{spoken(w.say)}"
        + (f' <span class="when">{WHEN[w.when]}</span>' if WHEN[w.when] else "")
        + "</li>"
        for w in step.wordings
    )
    return (
        f'<article class="pb-item pb-step"><h3>第{NUMERALS[number]}步 {esc(step.title)}'
        f'<small>原则{NUMERALS[step.principle]}</small></h3><ol class="wordings">{wordings}</ol>'
        + labelled("tip", "提示", step.tip)
        + labelled("law", "法规", step.forbidden)
        + text_div("source", f"出处 {step.source}")
        + _rewording(step.rewording)
        + "</article>"
    )


def _case(case: Case) -> str:
    deck = f"案例{case.deck}" if case.deck else "补充案例"
    steps = joined(_step(number, step) for number, step in enumerate(case.steps, start=1))
    return (
        f'<details class="pb-group" id="case-{case.case}"><summary><b>{esc(case.title)}</b>'
        f"<span>{deck} · {len(case.steps)} 步</span><span class='aim'>{esc(case.aim)}</span></summary>"
        f"{text_div('source', f'出处 {case.source}')}{steps}</details>"
    )


def in_order(book: Playbook) -> list[Case]:
    """All cases in the deck's order, those without a place in it last."""
    return sorted(book.cases.values(), key=lambda case: (case.deck is None, case.deck or 0))


def cases(book: Playbook) -> str:
    """All cases with their steps and wordings."""
    return joined(_case(case) for case in in_order(book))


def _claims(title: str, classes: str, claims: Iterable[Claim]) -> str:
    rows = joined(
        f"<li>{spoken(c.text)}<small>截至 {c.as_of} · 可用到 {c.usable_until} · {esc(c.source)}</small>"
        f"{_rewording(c.rewording)}</li>"
        for c in claims
    )
    return f'<div class="{classes}"><h4>{title}</h4><ul>{rows}</ul></div>' if rows else ""


def _tool(book: Playbook, tool: Tool, today: date) -> str:
    usable, history = book.claims(tool, today)
    return (
        f'<article class="pb-item"><h3>{esc(tool.title)}<small>{KINDS[tool.kind]}</small></h3>'
        + _claims("现在可以说", "claims", usable)
        + ("" if usable else '<p class="muted">目前没有在有效期内、可以对客户说的内容。</p>')
        + _claims("历史资料：只供了解，不可当作现在的说法", "claims past", history)
        + text_div("source", f"出处 {tool.source}")
        + "</article>"
    )


def toolbox(book: Playbook, today: date) -> str:
    """The toolbox, with what may be said today apart from what is history."""
    return joined(_tool(book, tool, today) for tool in book.toolbox)


def _objection(objection: Objection) -> str:
    return (
        f'<article class="pb-item"><h3>{esc(objection.title)}</h3><p class="answer">{spoken(objection.say)}</p>'
        + labelled("tip", "提示", objection.tip)
        + labelled("law", "法规", objection.forbidden)
        + text_div("source", f"出处 {objection.source} · 截至 {objection.as_of}")
        + "</article>"
    )


def objections(book: Playbook) -> str:
    """What clients ask, and the lawful answers."""
    return joined(_objection(objection) for objection in book.objections)


def principles(book: Playbook) -> str:
    """The five principles, and what to do at each reaction."""
    five = joined(
        f'<article class="pb-item"><h3>原则{NUMERALS[p.id]} {esc(p.title)}</h3><p>{esc(p.meaning)}</p>'
        + labelled("tip", "做法", p.tip)
        + text_div("source", f"出处 {p.source}")
        + _rewording(p.rewording)
        + "</article>"
        for p in book.principles.values()
    )
    reactions = joined(
        f'<article class="pb-item"><h3>{esc(r.title)}<small>客户的反应</small></h3>'
        + labelled("tip", "做法", r.tip)
        + f'<ol class="wordings">{joined(f"<li>{spoken(b)}</li>" for b in r.bridges)}</ol></article>'
        for r in book.reactions.values()
    )
    return five + reactions


def research(book: Playbook) -> str:
    """What the research found, when, and what follows from it."""
    rows = joined(
        f"<li>{esc(f.text)}<small>{esc(f.as_of)} · {esc(f.source)}</small></li>"
        for f in book.research.findings
    )
    return (
        f'<article class="pb-item"><h3>{esc(book.research.title)}</h3><ul>{rows}</ul>'
        f"{labelled('tip', '怎么用', book.research.meaning)}</article>"
    )


def exhibit(book: Playbook) -> str:
    """Where and why the original guideline's wording was bent, in one table."""
    found: list[tuple[str, str, str]] = []
    for case in book.cases.values():
        found += [(f"{case.title} · {s.title}", s.rewording, s.source) for s in case.steps if s.rewording]
    for tool in book.toolbox:
        found += [(f"工具箱 · {tool.title}", c.rewording, c.source) for c in tool.claims if c.rewording]
    found += [(f"原则 · {p.title}", p.rewording, p.source) for p in book.principles.values() if p.rewording]
    rows = joined(
        f'<tr class="pb-item"><th>{esc(place)}</th><td>{esc(text)}</td><td class="muted">{esc(source)}</td></tr>'
        for place, text, source in found
    )
    return f"<table><thead><tr><th>位置</th><th>改了什么，为什么</th><th>出处</th></tr></thead><tbody>{rows}</tbody></table>"
