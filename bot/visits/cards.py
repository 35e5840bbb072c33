"""Builds the cards an advisor sees: text for a plain channel, `card` for the page (contract 4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.clients.profile import ClientProfile
from bot.commission.compare import Comparison, Cost, Tariff
from bot.commission.money import fen, rate_text, yuan_text
from bot.commission.passthrough import PassThrough
from bot.playbook.book import Playbook
from bot.playbook.schema import Claim, Objection, Principle, Reaction, Research, Step, Tool
from bot.visits.calendar import chinese_date
from bot.visits.messages import Button, Message
from bot.visits.state import WalkState

EXIT_BUTTON = Button.of("直接办理", "process_closing")


def pronoun(client: ClientProfile | None) -> str:
    """How the buttons name the client: 她, 他 or 客户."""
    return {"F": "她", "M": "他"}.get(client.gender, "客户") if client else "客户"


def reaction_buttons(client: ClientProfile | None) -> tuple[Button, ...]:
    """The reactions, in the order of the keys 1-7 on the page."""
    who = pronoun(client)
    return (
        Button.of("下一步", "next_step"),
        Button.of(f"{who}接受了", "client_accepts"),
        Button.of("还在犹豫", "client_hesitates"),
        Button.of("坚持要走", "client_insists"),
        Button.of(f"{who}生气了", "client_is_angry"),
        Button.of("换个说法", "another_wording"),
        EXIT_BUTTON,
    )


def principle_name(principle: Principle) -> str:
    """「原则二 事缓则圆」."""
    return f"原则{'一二三四五'[principle.id - 1]} {principle.title}"


def step_card(
    playbook: Playbook,
    state: WalkState,
    step: Step,
    say: str,
    wording: tuple[int, int],
    client: ClientProfile | None,
    bridge: str = "",
) -> Message:
    """The step to read aloud."""
    case = playbook.cases[str(state.case)]
    principle = playbook.principles[step.principle]
    of = len(case.steps)
    track = bridge + say
    tip = f"{step.tip}（{principle_name(principle)}）"
    card = {
        "type": "step",
        "case": case.case,
        "case_title": case.title,
        "reason": state.reason,
        "step": state.step,
        "of": of,
        "titles": [s.title for s in case.steps],
        "technique": step.technique,
        "title": step.title,
        "say": track,
        "tip": tip,
        "forbidden": step.forbidden,
        "source": step.source,
        "wording": wording[0],
        "wordings": wording[1],
        "parked": [{"reason": r, "title": playbook.reason_title(r)} for r in state.parked],
    }
    text = f"{case.title} 第 {state.step}/{of} 步 {step.title}\n「{track}」\n提示：{tip}"
    buttons = reaction_buttons(client)
    if state.parked:
        reason = list(state.parked)[-1]
        buttons += (Button.of(f"回到{playbook.reason_title(reason)}", "resume_first"),)
    return Message(text, card, buttons)


def client_card(client: ClientProfile, only_look: bool = False) -> Message:
    """Who sits there, with the figures that matter at the counter."""
    contact = f"{client.days_since_contact} 天前" if client.days_since_contact is not None else "没有记录"
    text = (
        f"{client.salutation} · 客户号 {client.client_no} · 开户 {client.tenure_years} 年 · 资产 {yuan_text(client.assets)} 元 · "
        f"近12个月 {client.trades_12m} 笔 成交 {yuan_text(client.turnover_12m)} 元 · 现佣金 {rate_text(client.commission_rate)}"
        f"（最低 {yuan_text(client.min_fee)} 元）· 上次联系 {contact}"
    )
    if client.flags:
        text += "\n⚑ " + "；".join(flag.text for flag in client.flags)
    card = {
        "type": "client",
        "client_id": client.client_id,
        "client_no": client.client_no,
        "name": client.name,
        "salutation": client.salutation,
        "gender": client.gender,
        "branch": client.branch_name,
        "opened_on": client.opened_on.isoformat(),
        "tenure_years": client.tenure_years,
        "assets": str(client.assets),
        "turnover_12m": str(client.turnover_12m),
        "trades_12m": client.trades_12m,
        "commission_12m": str(client.commission_12m),
        "commission_rate": str(client.commission_rate),
        "min_fee": str(client.min_fee),
        "last_contact_on": client.last_contact_on.isoformat() if client.last_contact_on else None,
        "days_since_contact": client.days_since_contact,
        "loss_ratio_12m": str(client.loss_ratio_12m) if client.loss_ratio_12m is not None else None,
        "positions": [
            {"code": p.code, "name": p.name, "market_value": str(p.market_value)} for p in client.positions
        ],
        "flags": [{"id": flag.id, "text": flag.text} for flag in client.flags],
        "only_look": only_look,
    }
    buttons = (Button.of("改为接待这位", "new_visit", client_no=client.client_no),) if only_look else ()
    return Message(text, card, buttons)


def choices_card(question: str, options: Sequence[tuple[Button, float | None]], kind: str) -> Message:
    """A question with its answers as buttons; `kind` tells the page what is being chosen."""
    lines = [
        f"{number}. {button.title}" + (f" {probability:.0%}" if probability is not None else "")
        for number, (button, probability) in enumerate(options, start=1)
    ]
    card = {
        "type": "choices",
        "kind": kind,
        "question": question,
        "options": [
            {"title": b.title, "payload": b.payload, "probability": probability} for b, probability in options
        ],
    }
    return Message("\n".join([question, *lines]), card, tuple(button for button, _ in options))


def notice(text: str, kind: str = "notice", buttons: tuple[Button, ...] = ()) -> Message:
    """A short word of the assistant itself; `kind` is notice, hint, law or error."""
    return Message(text, {"type": "alert", "kind": kind, "text": text}, buttons)


def heard_card(playbook: Playbook, reasons: Sequence[tuple[str, float, str]]) -> Message:
    """Which reasons were heard, with the words that show them: (reason, probability, evidence)."""
    parts = [f"〔{playbook.reason_title(r)} {p:.0%}〕" + (f"依据「{e}」" if e else "") for r, p, e in reasons]
    card = {
        "type": "reasons",
        "reasons": [
            {"id": r, "title": playbook.reason_title(r), "probability": p, "evidence": e}
            for r, p, e in reasons
        ],
    }
    return Message(" ".join(parts), card)


def commission_card(comparison: Comparison, fees: PassThrough) -> Message:
    """The difference between two tariffs, worked out for this client; pass-through fees apart."""
    ours, theirs = comparison.our_cost, comparison.their_cost
    basis = "按实际逐笔成交" if comparison.basis == "trades" else "只按成交总额"
    difference = comparison.yearly_difference
    rows = [
        ["一年", yuan_text(ours.total), yuan_text(theirs.total), yuan_text(difference)],
        [
            "一个月",
            yuan_text(ours.total / 12),
            yuan_text(theirs.total / 12),
            yuan_text(comparison.monthly_difference),
        ],
    ]
    notes = [*comparison.notes, *_floor_notes(comparison)]
    card = {
        "type": "commission",
        "basis": comparison.basis,
        "basis_text": basis,
        "turnover": str(ours.turnover),
        "trades": ours.trades,
        "ours": _tariff(comparison.ours, ours),
        "theirs": _tariff(comparison.theirs, theirs),
        "yearly_difference": str(difference),
        "monthly_difference": str(fen(comparison.monthly_difference)),
        "match_cost": str(comparison.cost_to_match),
        "pass_through": [{"name": line.name, "amount": str(line.amount)} for line in fees.lines],
        "pass_through_total": str(fees.on_top),
        "rows": rows,
        "notes": notes,
    }
    lines = [
        f"佣金测算（{basis}，成交 {yuan_text(ours.turnover)} 元）",
        f"现在 {comparison.ours.text}：一年 {yuan_text(ours.total)} 元",
        f"对方 {comparison.theirs.text}：一年 {yuan_text(theirs.total)} 元",
        _difference(comparison),
        f"另有印花税、过户费约 {yuan_text(fees.on_top)} 元，不在比较之内，到哪家都一样",
        *notes,
    ]
    return Message("\n".join(lines), card)


def _difference(comparison: Comparison) -> str:
    year, month = comparison.yearly_difference, comparison.monthly_difference
    if year < 0:
        return f"我们一年便宜 {yuan_text(-year)} 元，一个月 {yuan_text(-month)} 元"
    matched = yuan_text(comparison.cost_to_match)
    return f"一年相差 {yuan_text(year)} 元，一个月 {yuan_text(month)} 元（只供您参考：按对方费率我们一年少收 {matched} 元）"


def _tariff(tariff: Tariff, cost: Cost) -> dict[str, Any]:
    return {
        "rate": str(tariff.rate),
        "rate_text": rate_text(tariff.rate),
        "min_fee": str(tariff.min_fee),
        "text": tariff.text,
        "yearly": str(cost.total),
        "floor_part": str(cost.floor_part),
        "floor_trades": cost.floor_trades,
        "break_even": str(fen(tariff.break_even)),
    }


def _floor_notes(comparison: Comparison) -> list[str]:
    """Where the minimum binds, and from which trade size on it stops to."""
    notes = []
    if comparison.basis == "trades":
        sides = (
            ("现在", comparison.ours, comparison.our_cost),
            ("对方", comparison.theirs, comparison.their_cost),
        )
        for whose, tariff, cost in sides:
            if not tariff.min_fee:
                continue
            size = yuan_text(tariff.break_even).removesuffix(".00")
            floor = yuan_text(tariff.min_fee).removesuffix(".00")
            if cost.floor_trades:
                notes.append(
                    f"{whose}有 {cost.floor_trades} 笔碰到 {floor} 元下限，多付 {yuan_text(cost.floor_part)} 元；"
                    f"单笔满 {size} 元就碰不到"
                )
            else:
                notes.append(f"{whose}每笔都高于 {floor} 元下限；单笔低于 {size} 元时也收 {floor} 元")
    return notes


def tool_card(tool: Tool, usable: Sequence[Claim], history: Sequence[Claim]) -> Message:
    """A toolbox item: what may be said today, and apart from it what is history."""
    card = {
        "type": "toolbox",
        "id": tool.id,
        "title": tool.title,
        "say": [{"text": c.text, "as_of": c.as_of.isoformat(), "source": c.source} for c in usable],
        "history": [{"text": c.text, "as_of": c.as_of.isoformat(), "source": c.source} for c in history],
        "source": tool.source,
    }
    lines = [f"工具箱 · {tool.title}"]
    lines += [f"「{c.text}」\n（截至 {c.as_of:%Y-%m-%d}，来源：{c.source}）" for c in usable]
    if not usable:
        lines.append("目前没有在有效期内、可以对客户说的内容。")
    lines += [f"历史资料，只供了解，不可当作现在的说法：{c.text}（截至 {c.as_of:%Y-%m-%d}）" for c in history]
    return Message("\n".join(lines), card)


def objection_card(objection: Objection) -> Message:
    """The answer to a client's question or objection."""
    card = {
        "type": "objection",
        **objection.dict(include={"id", "title", "say", "tip", "forbidden", "source"}),
    }
    text = f"客户问：{objection.title}\n「{objection.say}」\n提示：{objection.tip}"
    return Message(text, card)


def research_card(research: Research) -> Message:
    """The research on how much commission decides, for the advisor's own head."""
    findings = [{"text": f.text, "source": f.source, "as_of": f.as_of} for f in research.findings]
    card = {"type": "research", "title": research.title, "findings": findings, "meaning": research.meaning}
    lines = [research.title, *(f"· {f.text}({f.as_of})" for f in research.findings), research.meaning]
    return Message("\n".join(lines), card)


def exit_card(
    say: str, tip: str, fee_note: str, source: str, items: Sequence[dict[str, Any]], filed: date, due: date,
    can_go_back: bool,
    may_stay: bool,
) -> Message:  # fmt: skip
    """Processing the closing: the checklist, and by when it must be done."""
    card = {
        "type": "outcome",
        "state": "processing",
        "say": say,
        "tip": tip,
        "checklist": list(items),
        "filed_on": filed.isoformat(),
        "due_on": due.isoformat(),
        "fee_note": fee_note,
        "source": source,
    }
    marks = {True: "☑", False: "☐", None: "☐"}
    lines = [f"直接办理\n「{say}」", *(f"{marks[item['done']]} {item['text']}" for item in items)]
    lines.append(f"受理 {chinese_date(filed)} · 最晚 {chinese_date(due)} 办结 · {fee_note}")
    buttons = [
        Button.of("已受理，登记离开", "record_outcome", outcome="left"),
    ]
    if may_stay:
        buttons.append(Button.of("已受理，再试一周", "record_outcome", outcome="trial_week"))
    buttons.append(Button.of("改主意，留下了", "record_outcome", outcome="kept"))
    if can_go_back:
        buttons.append(Button.of("回到话术", "keep_reason"))
    return Message("\n".join(lines), card, tuple(buttons))


def reaction_card(reaction: Reaction, say: str, text: str, buttons: tuple[Button, ...]) -> Message:
    """What to say first when the client reacts strongly; the walk stays where it is."""
    return Message(
        text,
        {"type": "reaction", "id": reaction.id, "title": reaction.title, "say": say, "tip": reaction.tip},
        buttons,
    )
