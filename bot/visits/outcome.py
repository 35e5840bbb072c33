"""How a visit ends: proposed, recorded, corrected; with the follow-up task it creates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import select

from bot.db.models import FollowUp
from bot.playbook.schema import Outcome
from bot.visits import cards, record
from bot.visits.calendar import chinese_date
from bot.visits.messages import Button, Message
from bot.visits.talk import Talk

#: A client who does not want to be called is not called (Personal Information Protection Law).
_NO_CALL = re.compile("(?:不用|不要|别|不必|无需|不)(?:再)?(?:回访|打电话|联系)")


def outcome_in(talk: Talk) -> Outcome | None:
    """The outcome the turn names: by button, or by the longest of the advisor's words found in it."""
    named = talk.turn.first("outcome")
    if named in talk.playbook.outcomes:
        return talk.playbook.outcomes[named]
    found = [
        (len(word), outcome)
        for outcome in talk.playbook.outcomes.values()
        for word in outcome.words
        if word in talk.turn.text
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def follow_up_date(talk: Talk, outcome: Outcome) -> date:
    """The day the advisor named, or the outcome's usual one."""
    named = talk.turn.first("date")
    if named:
        day = date.fromisoformat(str(named))
        if day > talk.turn.today:
            return day
    return talk.turn.today + timedelta(days=outcome.follow_up_days)


def propose(talk: Talk, outcome_id: str) -> None:
    """Offer the outcome that the client's reaction suggests; the advisor confirms it."""
    outcome = talk.playbook.outcomes[outcome_id]
    day = follow_up_date(talk, outcome)
    reaction = talk.playbook.reactions["accepts"]
    accepted = talk.turn.intent == "client_accepts"
    say = reaction.bridges[talk.state.step % len(reaction.bridges)] if accepted else ""
    card = {
        "type": "outcome",
        "state": "proposed",
        "outcome": outcome.id,
        "title": outcome.title,
        "say": say,
        "tip": reaction.tip,
        "follow_up_on": day.isoformat(),
        "topic": outcome.follow_up_topic,
    }
    lines = [f"结果：{outcome.title}？"]
    if say:
        lines += [f"「{say}」", f"提示：{reaction.tip}"]
    lines.append(f"回访 {chinese_date(day)}：{outcome.follow_up_topic}")
    buttons = (
        Button.of(f"登记{outcome.title}", "record_outcome", outcome=outcome.id),
        *(
            Button.of(f"登记{other.title}", "record_outcome", outcome=other.id)
            for other in talk.playbook.outcomes.values()
            if other.id != outcome.id and other.id in ("kept", "undecided")
        ),
        Button.of("还没定，接着说", "keep_reason"),
        cards.EXIT_BUTTON,
    )
    talk.messages.append(Message("\n".join(lines), card, buttons))


def record_outcome(talk: Talk) -> None:
    """Close the visit with the outcome named, or ask which; once closed, correct it."""
    outcome = outcome_in(talk)
    if outcome is None:
        options: list[tuple[Button, float | None]] = [
            (Button.of(o.title, "record_outcome", outcome=o.id), None)
            for o in talk.playbook.outcomes.values()
        ]
        talk.messages.append(
            cards.choices_card(talk.playbook.messages["outcome_question"], options, "outcome")
        )
        return
    day = None if _NO_CALL.search(talk.turn.text) else follow_up_date(talk, outcome)
    _drop_follow_ups(talk)
    record.close(talk.session, talk.visit, outcome.id, day, outcome.follow_up_topic)
    talk.closed = True
    minutes = max(1, round((talk.visit.closed_at - talk.visit.opened_at).total_seconds() / 60))
    card = {
        "type": "outcome",
        "state": "recorded",
        "outcome": outcome.id,
        "title": outcome.title,
        "closing": outcome.closing,
        "follow_up_on": day.isoformat() if day else None,
        "topic": outcome.follow_up_topic if day else "",
        "minutes": minutes,
        "reason": talk.state.reason,
    }
    reason = f"({talk.playbook.reason_title(talk.state.reason)})" if talk.state.reason else ""
    text = f"已登记：{outcome.title}{reason}，用时 {minutes} 分钟。{outcome.closing}\n" + (
        f"回访 {chinese_date(day)}：{outcome.follow_up_topic}"
        if day
        else talk.playbook.messages["no_follow_up"]
    )
    talk.messages.append(Message(text, card, (Button.of("新客户", "new_visit"),)))


def after_closing(talk: Talk) -> None:
    """A reaction typed after the closing corrects the outcome if it names one; else the visit stays closed."""
    if outcome_in(talk) is not None:
        record_outcome(talk)
        return
    title = talk.playbook.outcomes[talk.visit.outcome].title
    talk.say("visit_closed", buttons=(Button.of("新客户", "new_visit"),), 结果=title)


def _drop_follow_ups(talk: Talk) -> None:
    """A corrected outcome replaces the follow-up of the one before it."""
    statement = select(FollowUp).where(FollowUp.visit_id == talk.visit.id, FollowUp.done_at.is_(None))
    for task in talk.session.execute(statement).scalars():
        talk.session.delete(task)
