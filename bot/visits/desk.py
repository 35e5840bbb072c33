"""The counter desk: serves one turn of a conversation in one transaction.

The visit's row is the truth: state, messages and cards of a turn are written together or not at all, so
that a crash, a reload or a second tab finds the visit where the advisor last saw it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.clients.book import UnknownClientError
from bot.clients.identity import viewer_of
from bot.db.meta import is_demo
from bot.db.session import Viewer, session_scope, system_session
from bot.playbook.book import PlaybookError, playbook
from bot.visits import cards, record
from bot.visits.identify import ask_if_he_waits, identify, leave_queue
from bot.visits.messages import Reply
from bot.visits.opening import new_visit, show_queue, small_talk
from bot.visits.outcome import after_closing, record_outcome
from bot.visits.picking import options_of, pick
from bot.visits.state import WalkState
from bot.visits.talk import Talk, Turn
from bot.visits.walking import ask_which, plausible, walk_case

log = logging.getLogger(__name__)
Service = Callable[[Talk], None]

#: Longer texts are no client's words any more; the rest is cut and the advisor is told.
MAX_TEXT = 2_000
#: Who serves conversations of a plain channel (shell, REST), which know no log-in.
PLAIN_ADVISOR = "LIUKE_PLAIN_ADVISOR"
DEMO_ADVISOR = "advisor1"


def attend(turn: Turn, serve: Service) -> Reply:
    """Serve one turn: find the visit and its advisor, do the service, write everything down.

    Args:
        turn: what was typed, as Rasa understood it.
        serve: what to do with it.

    Returns:
        The messages and slots. Never raises: every fault becomes a Chinese message.
    """
    try:
        book = playbook()
    except PlaybookError as error:
        return Reply([cards.notice(f"剧本文件有错，请联系管理员：{error}", "error")])
    try:
        viewer = viewer_for(turn.sender_id)
        if viewer is None:
            return Reply([cards.notice(book.messages["not_signed_in"], "error")])
        with session_scope(viewer) as session:
            return _serve(session, viewer, turn, serve)
    except OperationalError:
        log.exception("database not available")
        return Reply([cards.notice(book.messages["database_down"], "error")])
    except SQLAlchemyError:
        log.exception("database error")
        return Reply([cards.notice(book.messages["database_down"], "error")])
    except Exception:
        log.exception("service failed for intent %s", turn.intent)
        return Reply([cards.notice(book.messages["internal_error"], "error")])


def viewer_for(sender_id: str) -> Viewer | None:
    """The advisor a conversation belongs to: by its visit, or the one set for plain channels."""
    with system_session() as session:
        visit = record.visit_of_sender(session, sender_id)
        if visit is not None:
            return record.viewer_of(session, visit)
        username = os.environ.get(PLAIN_ADVISOR) or (DEMO_ADVISOR if is_demo(session) else None)
    return viewer_of(username) if username else None


def _serve(session: Session, viewer: Viewer, turn: Turn, serve: Service) -> Reply:
    visit = record.visit_of_sender(session, turn.sender_id)
    closed = visit is not None and visit.status == "closed"
    if closed and serve is walk_case and not _begins_a_visit(turn):
        serve = after_closing
    picked = pick(turn, WalkState.from_json(visit.state)) if visit is not None else None
    if picked is not None:
        turn, serve = picked
    if visit is None or (closed and serve not in AFTER_CLOSING):
        visit = record.open_visit(session, viewer, turn.sender_id)
    record.take_from_queue(session, viewer, visit)
    talk = Talk(turn, session, viewer, visit, WalkState.from_json(visit.state), playbook())
    _meet_client(talk)
    _cut(talk)
    record.append(session, visit, "advisor_text", _heard(talk))
    if not talk.turn.text.strip():
        talk.say("empty")
    elif not closed and _unsure(talk):
        _ask_command(talk)
    else:
        serve(talk)
    leave_queue(talk)
    ask_if_he_waits(talk)
    for message in talk.messages:
        record.append(session, talk.visit, "card", message.to_json())
    talk.state.options = options_of(talk.messages)
    record.save_state(talk.visit, talk.state)
    return Reply(talk.messages, slots(talk))


def _meet_client(talk: Talk) -> None:
    """Bring the visit's client to the talk; one who has moved to another branch meanwhile is let go."""
    if talk.visit.client_id is None:
        return
    try:
        talk.client = talk.book.profile(talk.visit.client_id)
    except UnknownClientError:
        talk.visit.client_id = None
        talk.say("client_moved", "error")


def _begins_a_visit(turn: Turn) -> bool:
    """Whether a turn after the closing is the next client's: he is named, gives a reason, or wants to leave."""
    begins = ("choose_reason", "process_closing", "client_insists")
    named = turn.first("client_no") or turn.first("phone_tail")
    return turn.intent.startswith("reason_") or turn.intent in begins or bool(named)


def _heard(talk: Talk) -> dict[str, object]:
    turn = talk.turn
    return {
        "text": turn.text,
        "intent": turn.intent,
        "confidence": round(turn.confidence, 4),
        "reasons": [[reason, round(probability, 4)] for reason, probability, _ in turn.reasons],
    }


def slots(talk: Talk) -> dict[str, object]:
    """What Rasa mirrors of the visit: for stories, tests and other programs; never read back."""
    return {
        "visit_id": talk.visit.id,
        "client_no": talk.client.client_no if talk.client else None,
        "reason": talk.state.reason,
        "case": talk.state.case,
        "step": float(talk.state.step) if talk.state.step else None,
        "outcome": talk.visit.outcome,
    }


def _cut(talk: Talk) -> None:
    length = len(talk.turn.text)
    if length > MAX_TEXT:
        talk.turn = replace(talk.turn, text=talk.turn.text[:MAX_TEXT])
        talk.say("too_long", 字数=length, 上限=MAX_TEXT)


def _unsure(talk: Talk) -> bool:
    """Whether a command or reaction was recognised too weakly to be obeyed.

    Before a case is open a reaction makes little sense: there a leaving reason is the likelier reading.
    """
    turn, limits = talk.turn, talk.playbook.thresholds
    if turn.pressed or turn.intent.startswith("reason_"):
        return False
    reaction = turn.intent.startswith("client_")
    needed = limits.sure_probability if reaction and not talk.state.walking else limits.command_confidence
    return turn.confidence < needed


def _ask_command(talk: Talk) -> None:
    """Too unsure to obey: a name still opens the client, then the likeliest reasons are offered."""
    if talk.visit.status == "open" and identify(talk):
        return
    ranking = list(talk.turn.ranking)
    if plausible(ranking) and not talk.state.walking:
        ask_which(talk, ranking)
        return
    buttons = cards.reaction_buttons(talk.client)
    titles = "、".join(button.title for button in buttons)
    text = f"{talk.playbook.messages['unsure_command']}{titles}？"
    talk.messages.append(cards.notice(text, "unsure", buttons))


#: Services that concern a visit already closed; anything else begins a new one.
AFTER_CLOSING: frozenset[Service] = frozenset(
    {record_outcome, new_visit, show_queue, small_talk, after_closing}
)
