"""Texts the assistant was unsure of or read wrongly: masked, kept for review, learnt from once confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from bot.db.models.base import Base, one_of
from bot.db.types import LocalDateTime

READING_KINDS = ("unsure", "corrected")
READING_STATUSES = ("open", "confirmed", "dropped")


class Reading(Base):
    """One text with what the assistant made of it.

    `text` holds no client's name or number (`bot.learning.masking`), and there is no way back to the visit.
    """

    __tablename__ = "reading"
    __table_args__ = (
        one_of("kind", READING_KINDS, "kind_known"),
        one_of("status", READING_STATUSES, "status_known"),
        Index("ix_reading_branch_id_status_noted_at", "branch_id", "status", "noted_at"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    branch_id: Mapped[int] = Column(ForeignKey("branch.id"), nullable=False)
    noted_at: Mapped[datetime] = Column(LocalDateTime, nullable=False)
    kind: Mapped[str] = Column(String(10), nullable=False)
    text: Mapped[str] = Column(String(300), nullable=False)
    #: [[reason, probability], …], best first
    read: Mapped[list[Any]] = Column(JSON, nullable=False)
    #: the reason the advisor clicked, if he did
    suggested: Mapped[str | None] = Column(String(40))
    status: Mapped[str] = Column(String(10), nullable=False, default="open", server_default="open")
    #: what the reviewer decided: a reason's id, or `none`
    label: Mapped[str | None] = Column(String(40))
    reviewed_by: Mapped[int | None] = Column(ForeignKey("staff.id"))
    reviewed_at: Mapped[datetime | None] = Column(LocalDateTime)
