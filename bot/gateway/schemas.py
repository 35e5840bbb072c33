"""Bodies of the JSON API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from bot.clients.finding import QueueEntry
from bot.db.session import Viewer
from bot.gateway import reception
from bot.gateway.sending import LONGEST_TEXT


class Credentials(BaseModel):
    """Name and password."""

    username: str = Field(max_length=60)
    password: str = Field(max_length=1024)


class Token(BaseModel):
    """A bearer token and whose it is."""

    token: str
    expires_at: datetime
    name: str
    role: str
    branch: str


class HealthReport(BaseModel):
    """Part → whether it answers: gateway, rasa, actions, database."""

    ok: bool
    parts: dict[str, bool]


class ClientRow(BaseModel):
    """Enough of a client to tell him from others."""

    client_no: str
    name: str
    salutation: str
    phone_tail: str


class QueueRow(BaseModel):
    """Someone who waits."""

    visit_id: int
    queue_no: int | None
    queued_at: datetime
    purpose: str
    client: ClientRow | None

    @classmethod
    def of(cls, entry: QueueEntry) -> QueueRow:
        """The row of a queue entry."""
        brief = entry.client
        client = None
        if brief is not None:
            client = ClientRow(
                client_no=brief.client_no,
                name=brief.name,
                salutation=brief.salutation,
                phone_tail=brief.phone_tail,
            )
        return cls(
            visit_id=entry.visit_id,
            queue_no=entry.queue_no,
            queued_at=entry.queued_at,
            purpose=entry.purpose,
            client=client,
        )


class VisitIn(BaseModel):
    """Which visit to begin: `visit_id` of the queue, or `client_no`, or neither."""

    client_no: str | None = Field(default=None, max_length=20)
    visit_id: int | None = None


class MessageIn(BaseModel):
    """What the advisor types, or the payload of a button."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


class Answer(BaseModel):
    """The assistant's messages: `text`, `buttons` and `custom` (the card) each.

    `visit_id` is the visit they belong to: another one after words such as '新客户'.
    """

    visit_id: int
    messages: list[dict[str, Any]]


class EventOut(BaseModel):
    """One event of a visit: `advisor_text`, `card` or `note`."""

    seq: int
    at: datetime
    kind: str
    payload: dict[str, Any]


class VisitOut(BaseModel):
    """A visit with its events."""

    id: int
    status: str
    client_no: str | None
    advisor: str
    reason: str | None
    case: str | None
    step: int | None
    outcome: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    events: list[EventOut]


def visit_out(viewer: Viewer, visit_id: int) -> VisitOut:
    """A visit of the viewer's branch, ready to be sent.

    Raises:
        NotFound: when there is none.
    """
    visit = reception.view(viewer, visit_id)
    client = reception.profile(viewer, visit.client_id) if visit.client_id is not None else None
    return VisitOut(
        id=visit.id,
        status=visit.status,
        client_no=client.client_no if client else None,
        advisor=visit.advisor_name,
        reason=visit.reason,
        case=visit.case,
        step=visit.step,
        outcome=visit.outcome,
        opened_at=visit.opened_at,
        closed_at=visit.closed_at,
        events=[
            EventOut(seq=event.seq, at=event.at, kind=event.kind, payload=event.payload)
            for event in reception.events(viewer, visit_id)
        ],
    )
