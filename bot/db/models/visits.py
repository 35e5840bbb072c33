"""Visits at the counter or on the hotline, what was said in them, and what is to be done afterwards."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import Mapped, relationship

from bot.db.models.base import Base, one_of
from bot.db.models.clients import Client
from bot.db.models.house import Branch, Staff
from bot.db.types import LocalDateTime

VISIT_STATUSES = ("waiting", "open", "closed")
OUTCOMES = ("kept", "trial_week", "undecided", "left")
EVENT_KINDS = ("advisor_text", "card", "note")


class Visit(Base):
    """One conversation about leaving. `state` is the walk's memory; its top-level changes are tracked.

    The visit belongs to the branch where it takes place, which the client's own branch need not be.
    `queued_at` is set for clients in the queue; `opened_at` when an advisor starts.
    """

    __tablename__ = "visit"
    __table_args__ = (
        one_of("status", VISIT_STATUSES, "status_known"),
        one_of("outcome", OUTCOMES, "outcome_known"),
        CheckConstraint(
            "reason_probability >= 0 AND reason_probability <= 1", name="reason_probability_range"
        ),
        Index("ix_visit_branch_id_status_queued_at", "branch_id", "status", "queued_at"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    branch_id: Mapped[int] = Column(ForeignKey("branch.id"), nullable=False)
    advisor_id: Mapped[int | None] = Column(ForeignKey("staff.id"), index=True)
    client_id: Mapped[int | None] = Column(ForeignKey("client.id"), index=True)
    sender_id: Mapped[str] = Column(String(300), nullable=False, unique=True)
    status: Mapped[str] = Column(String(10), nullable=False)
    purpose: Mapped[str] = Column(String(200), nullable=False, default="", server_default="")
    queue_no: Mapped[int | None] = Column(Integer)
    queued_at: Mapped[datetime | None] = Column(LocalDateTime)
    opened_at: Mapped[datetime | None] = Column(LocalDateTime)
    closed_at: Mapped[datetime | None] = Column(LocalDateTime, index=True)
    reason: Mapped[str | None] = Column(String(40))
    reason_probability: Mapped[float | None] = Column(Float)
    case: Mapped[str | None] = Column(String(40))
    step: Mapped[int | None] = Column(Integer)
    outcome: Mapped[str | None] = Column(String(20))
    state: Mapped[dict[str, Any]] = Column(
        MutableDict.as_mutable(JSON), nullable=False, default=dict, server_default=text("'{}'")
    )

    branch: Mapped[Branch] = relationship(Branch)
    advisor: Mapped[Staff | None] = relationship(Staff)
    client: Mapped[Client | None] = relationship(Client)
    events: Mapped[list[VisitEvent]] = relationship(
        "VisitEvent", back_populates="visit", order_by="VisitEvent.seq"
    )


class VisitEvent(Base):
    """One thing that happened in a visit, numbered from 1 within it."""

    __tablename__ = "visit_event"
    __table_args__ = (
        one_of("kind", EVENT_KINDS, "kind_known"),
        UniqueConstraint("visit_id", "seq"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    visit_id: Mapped[int] = Column(ForeignKey("visit.id"), nullable=False)
    seq: Mapped[int] = Column(Integer, nullable=False)
    at: Mapped[datetime] = Column(LocalDateTime, nullable=False)
    kind: Mapped[str] = Column(String(20), nullable=False)
    payload: Mapped[dict[str, Any]] = Column(JSON, nullable=False)

    visit: Mapped[Visit] = relationship(Visit, back_populates="events")


class FollowUp(Base):
    """Something promised for a day: done when `done_at` is set."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_branch_id_due_on", "branch_id", "due_on"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    branch_id: Mapped[int] = Column(ForeignKey("branch.id"), nullable=False)
    visit_id: Mapped[int | None] = Column(ForeignKey("visit.id"), index=True)
    client_id: Mapped[int | None] = Column(ForeignKey("client.id"), index=True)
    staff_id: Mapped[int] = Column(ForeignKey("staff.id"), nullable=False, index=True)
    due_on: Mapped[date] = Column(Date, nullable=False)
    topic: Mapped[str] = Column(String(120), nullable=False)
    done_at: Mapped[datetime | None] = Column(LocalDateTime)

    visit: Mapped[Visit | None] = relationship(Visit)
    client: Mapped[Client | None] = relationship(Client)
    staff: Mapped[Staff] = relationship(Staff)
