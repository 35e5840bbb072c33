"""What the database holds about a conversation."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

from sqlalchemy import create_engine, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.models import Client, FollowUp, Staff, Visit, VisitEvent
from bot.demo.queue import refresh_queue
from tests.conversations.checks import differences
from tests.conversations.schema import Database, VisitRow


class Records:
    """Reads the servers' database, and can hold its write lock."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, future=True)
        self._file = url.removeprefix("sqlite:///")
        self._lock: sqlite3.Connection | None = None

    def lock(self) -> None:
        """Keep everybody else from writing."""
        self.unlock()
        self._lock = sqlite3.connect(self._file, timeout=10, isolation_level=None)
        self._lock.execute("BEGIN IMMEDIATE")

    def unlock(self) -> None:
        """Let the others write again."""
        if self._lock is not None:
            self._lock.execute("ROLLBACK")
            self._lock.close()
            self._lock = None

    def close(self) -> None:
        """Give everything back."""
        self.unlock()
        self._engine.dispose()

    def complaints(self, sender: str, wanted: Database) -> list[str]:
        """Where the database differs from what a dialogue expects."""
        with Session(self._engine, future=True) as session:
            visits = _visits(session, sender)
            found = []
            if wanted.visits is not None and len(visits) != wanted.visits:
                found.append(f"{len(visits)} visits in the database, expected {wanted.visits}")
            if not visits:
                return [*found, "no visit in the database"]
            found += _row(session, visits[-1], wanted.visit, "visit")
            found += _row(session, visits[0], wanted.first_visit, "first visit")
            if wanted.follow_ups is not None:
                found += _follow_ups(session, visits[-1], wanted)
            if wanted.advisor_texts is not None:
                texts = [e for e in _events(session, visits) if e.kind == "advisor_text"]
                if len(texts) != wanted.advisor_texts:
                    found.append(f"{len(texts)} of the advisor's texts recorded, not {wanted.advisor_texts}")
            for client_no, waits in wanted.waiting.items():
                statement = select(Visit.id).join(Client, Client.id == Visit.client_id)
                statement = statement.where(Client.client_no == client_no, Visit.status == "waiting")
                if (session.execute(statement).first() is not None) != waits:
                    found.append(f"client {client_no} waits: {not waits}, expected {waits}")
            return found

    def fill_queue(self) -> None:
        """Everyone of the demo's queue waits again, whoever was served in an earlier dialogue."""
        with Session(self._engine, future=True) as session, session.begin():
            for visit in session.execute(select(Visit).where(Visit.queued_at.is_not(None))).scalars():
                if visit.status != "waiting":
                    visit.queued_at = None
            refresh_queue(session, clock.today())

    def shown(self, sender: str) -> list[str]:
        """The texts of the cards recorded for a conversation, in order, without faults."""
        with Session(self._engine, future=True) as session:
            events = _events(session, _visits(session, sender))
            return [
                str(e.payload["text"])
                for e in events
                if e.kind == "card" and e.payload["custom"].get("kind") != "error"
            ]


def _visits(session: Session, sender: str) -> list[Visit]:
    ours = or_(Visit.sender_id == sender, Visit.sender_id.like(f"{sender}#%"))
    return list(session.execute(select(Visit).where(ours).order_by(Visit.id)).scalars())


def _events(session: Session, visits: list[Visit]) -> list[VisitEvent]:
    ids = [visit.id for visit in visits]
    statement = select(VisitEvent).where(VisitEvent.visit_id.in_(ids)).order_by(VisitEvent.id)
    return list(session.execute(statement).scalars())


def _row(session: Session, visit: Visit, wanted: VisitRow | None, where: str) -> list[str]:
    if wanted is None:
        return []
    client = session.get(Client, visit.client_id) if visit.client_id else None
    advisor = session.get(Staff, visit.advisor_id) if visit.advisor_id else None
    row: dict[str, Any] = {
        key: getattr(visit, key) for key in ("status", "outcome", "reason", "case", "step")
    }
    row["client_no"] = client.client_no if client else None
    row["advisor"] = advisor.username if advisor else None
    return differences(wanted.dict(exclude_unset=True), row, where)


def _follow_ups(session: Session, visit: Visit, wanted: Database) -> list[str]:
    tasks = select(FollowUp).where(FollowUp.visit_id == visit.id).order_by(FollowUp.due_on)
    found = list(session.execute(tasks).scalars())
    days = [(task.due_on - clock.today()) // timedelta(days=1) for task in found]
    due = wanted.follow_ups or []
    if sorted(days) != sorted(row.in_days for row in due):
        return [f"follow-ups in {days} days, expected {[row.in_days for row in due]}"]
    topics = " ".join(task.topic for task in found)
    return [f"no follow-up about 「{row.topic_has}」" for row in due if row.topic_has not in topics]
