"""The record of a visit: opened, written as it happens, closed with an outcome and a follow-up."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.db.models import OUTCOMES, FollowUp, Staff, Visit, VisitEvent
from bot.db.session import Viewer
from bot.visits.state import WalkState


def visit_of_sender(session: Session, sender_id: str) -> Visit | None:
    """The latest visit of a conversation.

    A conversation of a plain channel goes on after a visit is closed; its later visits are numbered
    `<sender>#2`, `<sender>#3` …
    """
    prefix = f"{sender_id}#"
    statement = (
        select(Visit)
        .where(or_(Visit.sender_id == sender_id, func.substr(Visit.sender_id, 1, len(prefix)) == prefix))
        .order_by(Visit.id.desc())
    )
    # A sender of its own may hold the sign as well ('room' and 'room#west'): only a number is a later visit.
    for visit in session.execute(statement).scalars():
        if visit.sender_id == sender_id or visit.sender_id[len(prefix) :].isdecimal():
            return visit
    return None


def open_visit(session: Session, viewer: Viewer, sender_id: str, client_id: int | None = None) -> Visit:
    """Begin a visit in this conversation."""
    latest = visit_of_sender(session, sender_id)
    if latest is not None:
        prefix = f"{sender_id}#"
        number = latest.sender_id[len(prefix) :] if latest.sender_id.startswith(prefix) else "1"
        sender_id = f"{prefix}{int(number) + 1}"
    visit = Visit(
        branch_id=viewer.branch_id,
        advisor_id=viewer.staff_id,
        client_id=client_id,
        sender_id=sender_id,
        status="open",
        opened_at=now(),
        state=WalkState().to_json(),
    )
    session.add(visit)
    session.flush()
    return visit


def take_from_queue(session: Session, viewer: Viewer, visit: Visit) -> Visit:
    """An advisor takes a waiting visit: from now on it is his."""
    if visit.status == "waiting":
        visit.status = "open"
        visit.advisor_id = viewer.staff_id
        visit.opened_at = now()
        session.flush()
    return visit


def end_waiting(session: Session, visit: Visit, waiting_id: int) -> bool:
    """A waiting client is served in another conversation: his place in the queue ends in its visit.

    Returns:
        Whether he still waited; a colleague may have called him this moment.
    """
    waiting = session.get(Visit, waiting_id)
    if waiting is None or waiting is visit:
        return False
    place = (waiting.queue_no, waiting.queued_at, waiting.purpose)
    still = delete(Visit).where(Visit.id == waiting_id, Visit.status == "waiting")
    if not session.execute(still.execution_options(synchronize_session=False)).rowcount:
        return False
    session.expunge(waiting)
    visit.queue_no, visit.queued_at, visit.purpose = place
    session.flush()
    return True


def append(session: Session, visit: Visit, kind: str, payload: dict[str, Any]) -> None:
    """Write one event of a visit: `advisor_text`, `card` or `note`."""
    last = session.execute(select(func.max(VisitEvent.seq)).where(VisitEvent.visit_id == visit.id)).scalar()
    session.add(VisitEvent(visit_id=visit.id, seq=(last or 0) + 1, at=now(), kind=kind, payload=payload))
    session.flush()


def events(session: Session, visit_id: int) -> list[VisitEvent]:
    """All events of a visit, oldest first."""
    statement = select(VisitEvent).where(VisitEvent.visit_id == visit_id).order_by(VisitEvent.seq)
    return list(session.execute(statement).scalars())


def save_state(visit: Visit, state: WalkState) -> None:
    """Write the walk's state into the visit's row."""
    visit.state = state.to_json()
    visit.reason = state.reason
    visit.reason_probability = state.heard.get(state.reason) if state.reason else None
    visit.case = state.case
    visit.step = state.step or None


def close(
    session: Session, visit: Visit, outcome: str, follow_up_on: date | None, topic: str
) -> FollowUp | None:
    """Close a visit with its outcome; a date creates the follow-up task for its advisor.

    Raises:
        ValueError: on an outcome that does not exist.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"没有这种结果：{outcome}")
    visit.outcome = outcome
    visit.status = "closed"
    visit.closed_at = visit.closed_at or now()
    if follow_up_on is None:
        return None
    task = FollowUp(
        branch_id=visit.branch_id,
        visit_id=visit.id,
        client_id=visit.client_id,
        staff_id=visit.advisor_id,
        due_on=follow_up_on,
        topic=topic,
    )
    session.add(task)
    session.flush()
    return task


def viewer_of(session: Session, visit: Visit) -> Viewer | None:
    """The advisor whose eyes a visit's data is read with; None while it has none, or if he was barred."""
    staff = session.get(Staff, visit.advisor_id) if visit.advisor_id is not None else None
    if staff is None or not staff.active:
        return None
    return Viewer(
        staff_id=staff.id,
        username=staff.username,
        name=staff.name,
        role=staff.role,
        branch_id=staff.branch_id,
    )
