"""The day's work of an advisor: who waits, what was promised for today, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.clients.book import ClientBook
from bot.clients.calendar import start_of
from bot.clients.finding import QueueEntry
from bot.clients.names import salutation_of
from bot.clock import now, today
from bot.db.models import Branch, Client, FollowUp, Staff, Visit
from bot.db.session import Viewer, session_scope

COMING_DAYS = 3
_MOST = 60
_WHOLE_BRANCH = ("supervisor", "compliance", "admin")


@dataclass(frozen=True)
class Task:
    """A follow-up that is due, overdue, or comes within a few days."""

    id: int
    due_on: date
    topic: str
    client: str
    client_no: str | None
    advisor: str
    done: bool


@dataclass(frozen=True)
class DoneVisit:
    """A visit of today, open or closed."""

    id: int
    client: str
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    reason: str | None
    advisor: str

    @property
    def minutes(self) -> int:
        """Minutes it took, or has taken so far; at least one."""
        end = self.closed_at or now()
        return max(1, round((end - self.opened_at).total_seconds() / 60))


def queue(viewer: Viewer) -> list[QueueEntry]:
    """Who waits today at the viewer's branch."""
    with session_scope(viewer) as session:
        return ClientBook(session, today()).queue()


def tasks(viewer: Viewer) -> list[Task]:
    """Open follow-ups up to a few days ahead, and those ticked off today, the oldest first."""
    with session_scope(viewer) as session:
        statement = (
            select(FollowUp, Client, Staff.name)
            .outerjoin(Client, Client.id == FollowUp.client_id)
            .join(Staff, Staff.id == FollowUp.staff_id)
            .where(
                FollowUp.due_on <= today() + timedelta(days=COMING_DAYS),
                FollowUp.done_at.is_(None) | (FollowUp.done_at >= start_of(today())),
            )
            .order_by(FollowUp.due_on, FollowUp.id)
            .limit(_MOST)
        )
        statement = statement.where(FollowUp.branch_id == viewer.branch_id)
        if viewer.role not in _WHOLE_BRANCH:
            statement = statement.where(FollowUp.staff_id == viewer.staff_id)
        return [
            Task(
                row.id, row.due_on, row.topic, _name(client), client.client_no if client else None, staff,
                row.done_at is not None,
            )
            for row, client, staff in session.execute(statement)
        ]  # fmt: skip


def tick(viewer: Viewer, task_id: int, done: bool) -> None:
    """Mark a follow-up as done, or take that back; nothing happens where it is out of reach."""
    with session_scope(viewer) as session:
        task = session.get(FollowUp, task_id)
        if task is not None and (task.staff_id == viewer.staff_id or viewer.role in _WHOLE_BRANCH):
            task.done_at = now() if done else None


def visits_of_today(viewer: Viewer) -> list[DoneVisit]:
    """Today's visits, the latest first; open ones of earlier days as well, so that none is forgotten."""
    with session_scope(viewer) as session:
        statement = (
            select(Visit, Client, Staff.name)
            .outerjoin(Client, Client.id == Visit.client_id)
            .join(Staff, Staff.id == Visit.advisor_id)
            .where(
                Visit.branch_id == viewer.branch_id,
                Visit.opened_at.is_not(None),
                (Visit.opened_at >= start_of(today())) | (Visit.status == "open"),
            )
            .order_by(Visit.opened_at.desc(), Visit.id.desc())
            .limit(_MOST)
        )
        if viewer.role not in _WHOLE_BRANCH:
            statement = statement.where(Visit.advisor_id == viewer.staff_id)
        return [
            DoneVisit(
                visit.id, _name(client), visit.opened_at, visit.closed_at, visit.outcome, visit.reason, staff
            )
            for visit, client, staff in session.execute(statement)
        ]


def branch_name(viewer: Viewer) -> str:
    """The name of the viewer's branch."""
    with session_scope(viewer) as session:
        branch = session.get(Branch, viewer.branch_id)
        return branch.name if branch is not None else ""


def short_view(viewer: Viewer) -> bool:
    """Whether this person wants the short view."""
    with session_scope(viewer) as session:
        staff = session.get(Staff, viewer.staff_id)
        return bool(staff and staff.short_view)


def set_short_view(viewer: Viewer, short: bool) -> None:
    """Remember which view this person wants."""
    with session_scope(viewer) as session:
        staff = session.get(Staff, viewer.staff_id)
        if staff is not None:
            staff.short_view = short


def _name(client: Client | None) -> str:
    return (
        f"{salutation_of(client.name, client.gender)} · {client.name}"
        if client is not None
        else "还不知道是哪位"
    )
