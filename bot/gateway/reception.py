"""Visits as the gateway handles them: found for a viewer, opened, taken, shown. No Rasa here."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.clients.book import ClientBook, UnknownClientError
from bot.clients.finding import ClientBrief
from bot.clients.profile import ClientProfile
from bot.clock import now, today
from bot.db.models import Staff, Visit, VisitEvent
from bot.db.session import Viewer, session_scope
from bot.playbook.book import playbook
from bot.visits import record


class NotFound(Exception):  # noqa: N818 - read as what it says
    """There is no such visit or client, or none that this viewer may see."""


class Refused(Exception):  # noqa: N818
    """It exists, but cannot be done now; `str()` is a Chinese sentence."""


@dataclass(frozen=True)
class Event:
    """One recorded thing of a visit: what the advisor typed, or a message of the assistant."""

    seq: int
    at: datetime
    kind: str
    payload: dict[str, Any]


@dataclass(frozen=True)
class VisitView:
    """A visit as a page or a program needs it; detached from the database."""

    id: int
    sender_id: str
    status: str
    purpose: str
    queue_no: int | None
    opened_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    reason: str | None
    case: str | None
    step: int | None
    advisor_id: int | None
    advisor_name: str
    client_id: int | None
    #: the conversation went on in a later visit: this one can only be read
    superseded_by: int | None

    @property
    def outcome_title(self) -> str:
        """The outcome in Chinese."""
        return outcome_title(self.outcome) or "未登记"


@dataclass(frozen=True)
class Pulse:
    """What changes when anything happens in a visit; cheap to ask for every second."""

    seq: int
    status: str
    advisor_id: int | None
    client_id: int | None


def view(viewer: Viewer, visit_id: int) -> VisitView:
    """A visit of the viewer's branch.

    Raises:
        NotFound: when there is none.
    """
    with session_scope(viewer) as session:
        return _view(session, _get(session, visit_id))


def events(viewer: Viewer, visit_id: int, after: int = 0) -> list[Event]:
    """What happened in a visit after an event number, oldest first."""
    with session_scope(viewer) as session:
        statement = (
            select(VisitEvent)
            .where(VisitEvent.visit_id == visit_id, VisitEvent.seq > after)
            .order_by(VisitEvent.seq)
        )
        rows = session.execute(statement).scalars()
        return [Event(row.seq, row.at, row.kind, row.payload) for row in rows]


def pulse(viewer: Viewer, visit_id: int) -> Pulse:
    """The number of the last event and whose the visit is."""
    with session_scope(viewer) as session:
        statement = (
            select(Visit, func.max(VisitEvent.seq))
            .outerjoin(VisitEvent, VisitEvent.visit_id == Visit.id)
            .where(Visit.id == visit_id)
            .group_by(Visit.id)
        )
        row = session.execute(statement).first()
        if row is None:
            raise NotFound("没有这次接待。")
        visit, seq = row
        return Pulse(seq or 0, visit.status, visit.advisor_id, visit.client_id)


def outcome_title(outcome: str | None) -> str:
    """What the playbook calls an outcome; empty for none."""
    found = playbook().outcomes.get(outcome or "")
    return found.title if found is not None else ""


def profile(viewer: Viewer, client_id: int) -> ClientProfile | None:
    """The client's file; None once he belongs to another branch."""
    with session_scope(viewer) as session:
        try:
            return ClientBook(session, today()).profile(client_id)
        except UnknownClientError:
            return None


def search(viewer: Viewer, text: str) -> list[ClientBrief]:
    """Clients by number, name or phone tail."""
    with session_scope(viewer) as session:
        return ClientBook(session, today()).search(text)


def start(viewer: Viewer, client_no: str | None = None) -> int:
    """Begin a visit, with a client or (for now) without. A client who waits in the queue is taken from it.

    Raises:
        NotFound: when no client of the branch has that number.
        Refused: when a colleague took him from the queue at the same time.
    """
    waiting = None
    with session_scope(viewer) as session:
        client_id = None
        if client_no is not None:
            book = ClientBook(session, today())
            brief = book.by_number(client_no)
            if brief is None:
                raise NotFound(f"没有查到客户号 {client_no}（只查得到本营业部的）")
            client_id = brief.client_id
            queue = book.queue()
            waiting = next((e.visit_id for e in queue if e.client and e.client.client_id == client_id), None)
    if waiting is not None:
        return take(viewer, waiting)
    with session_scope(viewer) as session:
        visit = record.open_visit(session, viewer, f"console-{uuid.uuid4().hex}", client_id)
        return int(visit.id)


def take(viewer: Viewer, visit_id: int) -> int:
    """Take a waiting visit. Of two advisors who click at the same time one gets it.

    Raises:
        NotFound: when there is no such visit.
        Refused: when a colleague was faster or the visit is closed.
    """
    with session_scope(viewer) as session:
        taken = session.execute(
            update(Visit)
            .where(Visit.id == visit_id, Visit.status == "waiting")
            .values(status="open", advisor_id=viewer.staff_id, opened_at=now())
            .execution_options(synchronize_session=False)
        ).rowcount
        visit = _get(session, visit_id)
        if not taken and (visit.status == "closed" or visit.advisor_id != viewer.staff_id):
            raise Refused("这位客户刚刚已由同事接待。")
        return int(visit.id)


def start_as_asked(viewer: Viewer, payload: str = "") -> int:
    """Begin the visit that a button such as `/new_visit{"client_no": "…"}` asks for.

    Raises:
        NotFound: when the client or the waiting visit does not exist.
        Refused: when a colleague was faster.
    """
    try:
        wanted = json.loads(payload[payload.index("{") :]) if "{" in payload else {}
        if wanted.get("visit") is not None:
            return take(viewer, int(wanted["visit"]))
        number = wanted.get("client_no")
        return start(viewer, str(number) if number is not None else None)
    except (ValueError, TypeError, AttributeError):
        raise NotFound("没有这次接待。") from None


def take_over(viewer: Viewer, visit_id: int) -> None:
    """Go on with an open visit of a colleague; the record says so."""
    with session_scope(viewer) as session:
        visit = _get(session, visit_id)
        if visit.status != "open":
            raise Refused("这次接待已经结束。")
        if visit.advisor_id != viewer.staff_id:
            visit.advisor_id = viewer.staff_id
            record.append(session, visit, "note", {"text": f"由 {viewer.name} 接着接待"})


def may_talk(viewer: Viewer, visit: VisitView, text: str) -> None:
    """Whether this viewer may send this text in this visit.

    Raises:
        Refused: with the reason.
    """
    if visit.superseded_by is not None:
        raise Refused("这段对话后来又开始了新的接待，这一次不能再改。")
    if visit.advisor_id != viewer.staff_id:
        raise Refused(f"这是 {visit.advisor_name} 的接待，要接着做请先点「接过来」。")
    if visit.status == "waiting":
        raise Refused("这位客户还在排队，请先接待。")
    # After the end only the outcome may be corrected: anything else would begin a hidden new visit.
    if visit.status == "closed" and not text.startswith("/record_outcome"):
        raise Refused(f"这次接待已登记为「{visit.outcome_title}」。要接待下一位，请点「新的接待」。")


def latest_of(viewer: Viewer, sender_id: str) -> int | None:
    """The visit a conversation has come to: typing '新客户' opens the next one in it."""
    with session_scope(viewer) as session:
        visit = record.visit_of_sender(session, sender_id)
        return int(visit.id) if visit is not None else None


def _get(session: Session, visit_id: int) -> Visit:
    # SQLite and PostgreSQL know no larger numbers: nothing can have that number.
    visit = session.get(Visit, visit_id) if 0 < visit_id < 2**31 else None
    if visit is None:
        raise NotFound("没有这次接待。")
    return visit


def _view(session: Session, visit: Visit) -> VisitView:
    advisor = session.get(Staff, visit.advisor_id) if visit.advisor_id is not None else None
    latest = record.visit_of_sender(session, visit.sender_id)
    return VisitView(
        id=visit.id,
        sender_id=visit.sender_id,
        status=visit.status,
        purpose=visit.purpose,
        queue_no=visit.queue_no,
        opened_at=visit.opened_at,
        closed_at=visit.closed_at,
        outcome=visit.outcome,
        reason=visit.reason,
        case=visit.case,
        step=visit.step,
        advisor_id=visit.advisor_id,
        advisor_name=advisor.name if advisor is not None else "",
        client_id=visit.client_id,
        superseded_by=latest.id if latest is not None and latest.id != visit.id else None,
    )
