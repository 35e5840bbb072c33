"""The rows of a demo, collected per table and written in bulk."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bot.db.models import Base
from bot.db.types import from_scaled

_ORDER = (
    "branch", "staff", "client", "account", "trade", "monthly_activity", "transfer", "position", "contact",
    "complaint", "fee_request", "follow_up", "meta",
)  # fmt: skip


class Rows:
    """Rows by table, in an order that foreign keys allow."""

    def __init__(self) -> None:
        """Start empty."""
        self._tables: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, table: str, **values: Any) -> None:
        """Add one row; rows of a table must all name the same columns."""
        self._tables[table].append(values)

    def month(self, client_id: int, month: date, totals: MonthTotals, assets: int, profit: int) -> None:
        """Add a month of a client; money in fen."""
        self.add(
            "monthly_activity",
            client_id=client_id,
            month=month,
            turnover=yuan(totals.turnover),
            trades=totals.trades,
            commission=yuan(totals.commission),
            assets_end=yuan(assets),
            profit=yuan(profit),
        )

    def count(self, table: str) -> int:
        """How many rows a table will get."""
        return len(self._tables[table])

    def write(self, session: Session) -> None:
        """Insert everything; on PostgreSQL the id sequences go on after the ids given here."""
        for name in _ORDER:
            if self._tables[name]:
                session.execute(insert(Base.metadata.tables[name]), self._tables[name])
        if session.get_bind().dialect.name == "postgresql":
            for name in ("branch", "staff", "client", "account"):
                session.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                    )
                )


class MonthTotals:
    """What a client traded in a month; money in fen."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.turnover = 0
        self.trades = 0
        self.commission = 0

    def add(self, amount: int, commission: int) -> None:
        """Count one trade."""
        self.turnover += amount
        self.trades += 1
        self.commission += commission


def commission_fen(amount: int, rate: int, min_fee: int) -> int:
    """The commission of a trade in fen, rounded half up, but no less than the minimum.

    Args:
        amount: Fen.
        rate: The fraction times 10**8.
        min_fee: Fen.
    """
    return max((2 * amount * rate + 10**8) // (2 * 10**8), min_fee)


def yuan(fen: int) -> Decimal:
    """Fen as exact yuan."""
    return from_scaled(fen, 2)
