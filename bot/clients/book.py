"""The client book: find a client, profile him, see who is waiting. Reads only."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.clients.calendar import start_of, window
from bot.clients.finding import (
    BranchBrief,
    ClientBrief,
    Deal,
    QueueEntry,
    brief_of,
    briefs,
    named,
    read_search,
)
from bot.clients.names import parse_spoken
from bot.clients.profile import ClientProfile, FlagThresholds
from bot.clients.profiling import profile_of
from bot.db.models import Account, Branch, Client, Trade, Visit
from bot.db.session import viewer_of_session

MOST_FOUND = 20
"""A list longer than this is no help at the counter."""

_SHORTEST_TAIL = 3


class UnknownClientError(LookupError):
    """There is no such client, or none that the viewer may see."""


class ClientBook:
    """What a viewer may know about clients, as of a day.

    Which branch's clients are found is decided by the session (`bot.db.scope`), not here.
    """

    def __init__(self, session: Session, today: date, thresholds: FlagThresholds | None = None) -> None:
        """Open the book.

        Args:
            session: From `session_scope(viewer)`.
            today: The day in Asia/Shanghai with which all windows end.
            thresholds: When figures are flagged.
        """
        self._session = session
        self._today = today
        self._thresholds = thresholds or FlagThresholds()

    def by_number(self, client_no: str) -> ClientBrief | None:
        """The client with a number, or None."""
        found = self._briefs(briefs().where(Client.client_no == client_no.strip()))
        return found[0] if found else None

    def by_tail(self, tail: str) -> list[ClientBrief]:
        """Clients whose phone number ends with a tail of three to eleven digits; else an empty list."""
        digits = tail.strip()
        if not digits.isdigit() or len(digits) < _SHORTEST_TAIL:
            return []
        return self._briefs(briefs().where(Client.phone.endswith(digits)))

    def by_name_and_tail(self, name: str, tail: str) -> list[ClientBrief]:
        """Clients of a name whose phone ends with a tail.

        Args:
            name: A full name, only a surname, or either with a title ('斤女士', '王先生'). When no client
                fits a longer name, the surname alone is tried: the tail tells enough.
            tail: Three to eleven digits.
        """
        digits = tail.strip()
        if not name.strip() or not digits.isdigit() or len(digits) < _SHORTEST_TAIL:
            return []
        with_tail = briefs().where(Client.phone.endswith(digits))
        return self._briefs(named(with_tail, name)) or self._briefs(named(with_tail, name, True))

    def search(self, text: str) -> list[ClientBrief]:
        """What the page's search box finds: name (also a part), client number (also its start), phone tail.

        Returns:
            At most `MOST_FOUND` clients; none for an empty text or fewer than three digits alone.
        """
        wanted = read_search(text)
        if wanted.name and wanted.digits:
            return self.by_name_and_tail(wanted.name, wanted.digits)
        if wanted.digits:
            fits = or_(Client.client_no.startswith(wanted.digits), Client.phone.endswith(wanted.digits))
            return self._briefs(briefs().where(fits))
        if not wanted.name:
            return []
        found = self._briefs(named(briefs(), wanted.name))
        part = parse_spoken(wanted.name).name
        return found or self._briefs(briefs().where(Client.name.contains(part, autoescape=True)))

    def profile(self, client_id: int) -> ClientProfile:
        """Everything an advisor should know about a client.

        Raises:
            UnknownClientError: when there is none, or none that the viewer may see.
        """
        client = self._session.get(Client, client_id)
        if client is None:
            raise UnknownClientError(f"client {client_id}")
        return profile_of(self._session, client, self._today, self._thresholds)

    def deals(self, client_id: int, months: int = 12) -> tuple[Deal, ...]:
        """A client's single trades in the months that end today, oldest first.

        Empty for a client the viewer may not see.
        """
        since, until = window(self._today, months)
        statement = (
            select(Trade.amount, Trade.side, Account.market)
            .join(Account, Account.id == Trade.account_id)
            .where(Trade.client_id == client_id, Trade.traded_at >= since, Trade.traded_at < until)
            .order_by(Trade.traded_at, Trade.id)
        )
        return tuple(Deal(*row) for row in self._session.execute(statement))

    def trade_amounts(self, client_id: int, months: int = 12) -> tuple[Decimal, ...]:
        """The amounts (yuan) of those trades alone."""
        return tuple(deal.amount for deal in self.deals(client_id, months))

    def queue(self) -> list[QueueEntry]:
        """Who waits today at the viewer's branch, in the order of their numbers.

        Viewers who see all branches get their own branch's queue; a system session gets every branch's.
        """
        statement = (
            select(Visit, Client, Branch.name)
            .outerjoin(Client, Client.id == Visit.client_id)
            .outerjoin(Branch, Branch.id == Client.branch_id)
            .where(
                Visit.status == "waiting",
                Visit.queued_at >= start_of(self._today),
                Visit.queued_at < start_of(self._today + timedelta(days=1)),
            )
            .order_by(Visit.branch_id, Visit.queue_no, Visit.queued_at, Visit.id)
        )
        viewer = viewer_of_session(self._session)
        if viewer is not None:
            statement = statement.where(Visit.branch_id == viewer.branch_id)
        return [
            QueueEntry(
                visit_id=visit.id,
                sender_id=visit.sender_id,
                queue_no=visit.queue_no,
                queued_at=visit.queued_at,
                purpose=visit.purpose,
                advisor_id=visit.advisor_id,
                client=brief_of(client, branch_name) if client is not None else None,
            )
            for visit, client, branch_name in self._session.execute(statement)
        ]

    def nearest_branch(self, whereabouts: str) -> BranchBrief | None:
        """The branch of a district or else of a city that a text names ('搬到市北了'), or None."""
        text = whereabouts.strip()
        if not text:
            return None
        branches = self._session.execute(select(Branch).order_by(Branch.id)).scalars().all()
        for attribute in ("district", "city"):
            for branch in branches:
                if _names(text, getattr(branch, attribute)):
                    return BranchBrief(
                        branch.id, branch.name, branch.city, branch.district, branch.address, branch.phone
                    )
        return None

    def _briefs(self, statement: Any) -> list[ClientBrief]:
        rows = self._session.execute(statement.limit(MOST_FOUND))
        return [brief_of(client, branch_name) for client, branch_name in rows]


def _names(text: str, place: str) -> bool:
    """Whether a text names a place, with or without its 市 or 区."""
    stem = place[:-1] if len(place) > 2 and place[-1] in "市区县" else place
    return stem in text
