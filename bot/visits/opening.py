"""How a visit begins, today's queue, and the few words that are no part of a visit."""

from __future__ import annotations

from bot.visits import cards, record
from bot.visits.answering import answer_if_known
from bot.visits.hints import hint_once
from bot.visits.identify import identify, take
from bot.visits.messages import Button
from bot.visits.outcome import follow_up_date
from bot.visits.state import WalkState
from bot.visits.talk import Talk
from bot.visits.walking import ask_which, offer_switch, plausible

#: the longest text that may be a bare name
LONGEST_NAME = 4


def new_visit(talk: Talk) -> None:
    """Begin the next visit in this conversation; one left open is recorded as undecided first."""
    number = talk.turn.first("client_no")
    queued = talk.turn.first("visit")
    if talk.visit.status == "open" and (talk.state.reason or talk.visit.client_id):
        outcome = talk.playbook.outcomes["undecided"]
        record.save_state(talk.visit, talk.state)
        day = follow_up_date(talk, outcome)
        record.close(talk.session, talk.visit, outcome.id, day, outcome.follow_up_topic)
        talk.say("previous_undecided")
    if talk.visit.status == "closed":
        talk.visit = record.open_visit(talk.session, talk.viewer, talk.turn.sender_id)
    talk.state = WalkState()
    talk.client = None
    if queued is not None:
        _take_queued(talk, str(queued))
    elif number is not None:
        identify(talk)
    talk.say("new_visit")


def _take_queued(talk: Talk, visit_id: str) -> None:
    """Serve the client of a waiting visit here; one whom a colleague has taken meanwhile is not there."""
    waiting = {str(entry.visit_id): entry for entry in talk.book.queue()}
    entry = waiting.get(visit_id)
    client = entry.client if entry else None
    if entry is None or client is None or not record.end_waiting(talk.session, talk.visit, entry.visit_id):
        talk.say("queue_taken")
    else:
        take(talk, client.client_id)


def show_queue(talk: Talk) -> None:
    """Today's waiting clients of this branch, each one click away."""
    waiting = talk.book.queue()
    if not waiting:
        talk.say("queue_empty")
        return
    options: list[tuple[Button, float | None]] = [
        (
            Button.of(
                f"{item.queue_no} {item.client.name} 尾号{item.client.phone_tail} {item.purpose}",
                "new_visit",
                visit=str(item.visit_id),
            ),
            None,
        )
        for item in waiting
        if item.client is not None
    ]
    talk.messages.append(cards.choices_card(f"今天在等的 {len(waiting)} 位：", options, "queue"))


def look_up_client(talk: Talk) -> None:
    """Open the file of the client named; a bare name is a search here."""
    if identify(talk, by_name_alone=True) or _by_bare_text(talk):
        if talk.client is not None and talk.state.walking:
            talk.show_step()
            hint_once(talk)
    elif talk.client is not None:
        talk.messages.append(cards.client_card(talk.client))
    else:
        talk.say("client_needed")


def _by_bare_text(talk: Talk) -> bool:
    """A short text that is nothing but a full name (「斤秋荷」) is a search as well."""
    text = talk.turn.text.strip()
    found = talk.book.search(text) if len(text) <= LONGEST_NAME and not talk.turn.pressed else []
    if len(found) != 1:
        return False
    take(talk, found[0].client_id)
    return True


def small_talk(talk: Talk) -> None:
    """Greeting, thanks, help and what we cannot do: one sentence from `messages.yml` each."""
    messages = talk.playbook.messages
    talk.say(talk.turn.intent if talk.turn.intent in messages else "out_of_scope")


def business_question(talk: Talk) -> None:
    """Counter business without a leaving reason: the client's file and the matching card, no walk."""
    found = identify(talk) or _by_bare_text(talk)
    if not answer_if_known(talk) and not found:
        if talk.state.walking and _names_heavy_loss(talk):
            offer_switch(talk, "heavy_loss")
        elif talk.state.walking:
            talk.say("question_noted")
        elif plausible(talk.turn.ranking):
            ask_which(talk, list(talk.turn.ranking))
        else:
            talk.say("ask_reason", buttons=(cards.EXIT_BUTTON,))


def _names_heavy_loss(talk: Talk) -> bool:
    """A loss this big, named in the middle of another case, is likely what lies behind it (「去年亏了七成」)."""
    limit = talk.playbook.thresholds.heavy_loss_ratio
    known = talk.state.reason == "heavy_loss" or "heavy_loss" in talk.state.heard
    return not known and any(float(ratio) >= limit for ratio in talk.turn.all("loss_ratio"))
