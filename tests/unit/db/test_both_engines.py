"""What is written is read back alike on SQLite and PostgreSQL, scoped and not."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from bot.clock import SHANGHAI
from bot.db import models as m
from bot.db.migrate import upgrade
from bot.db.scope import SCOPED, ScopeError, Viewer
from bot.db.session import reset_engine, session_scope, system_session
from tests.conftest import use_database
from tests.unit.db.two_branches import AT, fill

VIEWER = Viewer(2, "u2", "员工", "advisor", 2)


@pytest.fixture(params=["sqlite", "postgresql"], autouse=True)
def _filled(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    url = (
        f"sqlite:///{tmp_path / 'x.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    use_database(monkeypatch, url)
    upgrade()
    with system_session() as session:
        fill(session)
    yield
    reset_engine()


def test_exact_values() -> None:
    with system_session() as session:
        trade = session.get(m.Trade, 1)
        assert (trade.price, trade.amount, trade.traded_at) == (Decimal("40.0000"), Decimal("4000.00"), AT)
        assert trade.traded_at.tzinfo is SHANGHAI
        assert session.get(m.Account, 1).commission_rate == Decimal("0.00025")
        assert session.execute(select(func.sum(m.Trade.amount))).scalar_one() == Decimal("8000.00")
        early = datetime(2026, 11, 20, 2, tzinfo=timezone.utc)
        assert (
            session.execute(select(func.count(m.Trade.id)).where(m.Trade.traded_at <= early)).scalar_one()
            == 2
        )


def test_scope() -> None:
    with session_scope(VIEWER) as session:
        for entity in SCOPED:
            assert session.execute(select(entity.id)).scalars().all() == [2]
            assert session.get(entity, 1) is None
        assert session.execute(update(m.Contact).values(note="新")).rowcount == 1
        rows = session.execute(select(m.FollowUp).options(joinedload(m.FollowUp.client))).scalars().all()
        assert [row.client.id for row in rows] == [2]
        with pytest.raises(ScopeError):
            session.execute(select(m.Branch.id).where(m.Branch.id == m.Client.id))


def test_state_is_tracked_and_has_a_default() -> None:
    with system_session() as session:
        visit = session.get(m.Visit, 1)
        assert visit.state == {}
        visit.state["step"] = 2
        session.execute(
            text("INSERT INTO visit (id, branch_id, sender_id, status) VALUES (50, 1, 'raw', 'open')")
        )
    with system_session() as session:
        assert session.get(m.Visit, 1).state == {"step": 2}
        assert session.get(m.Visit, 50).state == {}


@pytest.mark.parametrize(
    "column, value",
    [
        ("status", "gone"),
        ("outcome", "maybe"),
        ("reason_probability", 1.5),
        ("sender_id", "s2"),
        ("branch_id", 9),
    ],
)
def test_constraints_hold(column: str, value: object) -> None:
    def change(session: Session) -> None:
        setattr(session.get(m.Visit, 1), column, value)
        session.flush()

    with pytest.raises(IntegrityError), system_session() as session:
        change(session)


def test_an_error_rolls_back() -> None:
    with pytest.raises(RuntimeError), session_scope(VIEWER) as session:
        session.get(m.Client, 2).segment = "vip"
        session.flush()
        raise RuntimeError
    with session_scope(VIEWER) as session:
        assert session.get(m.Client, 2).segment == "retail"
