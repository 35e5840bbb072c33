"""The demo is deterministic, consistent with itself, and never overwrites anything."""

from __future__ import annotations

import os
import stat
from collections import Counter
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clients.identity import sign_in
from bot.db import models as m
from bot.db.meta import is_demo
from bot.db.migrate import upgrade
from bot.db.session import reset_engine, system_session
from bot.demo import __main__ as command
from bot.demo.characters import CHARACTERS
from bot.demo.generate import NotEmptyError, generate
from bot.demo.market import is_trading_day
from bot.demo.password import demo_password as make_password
from bot.demo.queue import refresh_queue
from bot.demo.rows import commission_fen
from tests.conftest import use_database

ANCHOR = date(2026, 3, 2)


def dump(skip: tuple[str, ...] = ("password_hash",)) -> dict[str, list[tuple]]:
    with system_session() as session:
        return {
            table.name: session.execute(
                select(*(c for c in table.columns if c.name not in skip)).order_by(*table.primary_key.columns)
            ).all()
            for table in m.Base.metadata.sorted_tables
        }


def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, password: str, seed: int = 7) -> dict:
    use_database(monkeypatch, f"sqlite:///{tmp_path / name}")
    upgrade()
    with system_session() as session:
        generate(session, ANCHOR, password, clients=60, seed=seed)
    return dump()


def test_same_seed_same_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_password: str) -> None:
    first = make(tmp_path, monkeypatch, "a.db", demo_password)
    assert first == make(tmp_path, monkeypatch, "b.db", demo_password)
    assert first != make(tmp_path, monkeypatch, "c.db", demo_password, seed=8)
    reset_engine()


@pytest.mark.parametrize(
    "anchor", [date(2024, 2, 29), date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 1)]
)
def test_any_day_will_do(empty_database_url: str, demo_password: str, anchor: date) -> None:
    with system_session() as session:
        generate(session, anchor, demo_password, clients=30)
        assert refresh_queue(session, anchor) == 8 + 3 + 3
        latest = session.execute(select(func.max(m.Trade.traded_at))).scalar_one()
        assert latest.date() < anchor


def test_house(demo_database: str, demo_password: str) -> None:
    with system_session() as session:
        assert session.execute(select(func.count(m.Branch.id))).scalar_one() == 3
        staff = session.execute(select(m.Staff)).scalars().all()
        assert len(staff) == 12
        assert {person.role for person in staff} == set(m.ROLES)
        assert session.execute(select(func.count(m.Client.id))).scalar_one() == 2000
        assert is_demo(session)
    viewer = sign_in("advisor1", demo_password)
    assert viewer is not None and viewer.branch_id == 1


def test_each_commission_follows_from_its_trade(demo_database: str) -> None:
    with system_session() as session:
        rows = session.execute(
            select(m.Trade, m.Account).join(m.Account, m.Account.id == m.Trade.account_id).limit(20000)
        ).all()
        for trade, account in rows:
            assert trade.amount == trade.quantity * trade.price
            exact = (trade.amount * account.commission_rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
            assert trade.commission == max(exact, account.min_fee)
            assert trade.client_id == account.client_id
            market = {"6": "SH", "0": "SZ", "3": "SZ", "9": "BJ"}[trade.code[0]]
            assert account.market == market
            assert is_trading_day(trade.traded_at.date())


def test_months_add_up_to_trades(demo_database: str) -> None:
    with system_session() as session:
        trades: Counter = Counter()
        amounts: Counter = Counter()
        fees: Counter = Counter()
        statement = select(m.Trade.client_id, m.Trade.traded_at, m.Trade.amount, m.Trade.commission)
        for client_id, at, amount, fee in session.execute(statement):
            key = (client_id, at.date().replace(day=1))
            trades[key] += 1
            amounts[key] += amount
            fees[key] += fee
        months = session.execute(select(m.MonthlyActivity)).scalars().all()
        for month in months:
            key = (month.client_id, month.month)
            assert (month.trades, month.turnover, month.commission) == (trades[key], amounts[key], fees[key])
        assert set(trades) <= {(month.client_id, month.month) for month in months}


def test_assets_follow_from_profits_and_transfers(demo_database: str) -> None:
    """The last month's assets are today's cash and positions; each month continues the one before."""
    with system_session() as session:
        held: Counter = Counter()
        for client_id, value in session.execute(select(m.Position.client_id, m.Position.market_value)):
            held[client_id] += value
        for client_id, cash in session.execute(select(m.Account.client_id, m.Account.cash_balance)):
            assert cash >= 0
            held[client_id] += cash
        moved: Counter = Counter()
        for client_id, at, amount in session.execute(
            select(m.Transfer.client_id, m.Transfer.at, m.Transfer.amount)
        ):
            moved[client_id, at.date().replace(day=1)] += amount
        previous: dict[int, Decimal] = {}
        ordered = select(m.MonthlyActivity).order_by(m.MonthlyActivity.client_id, m.MonthlyActivity.month)
        for month in session.execute(ordered).scalars():
            before = previous.get(month.client_id)
            if before is not None:
                change = month.profit + moved[month.client_id, month.month]
                assert month.assets_end == before + change, (month.client_id, month.month)
            assert month.assets_end >= 0
            previous[month.client_id] = month.assets_end
        assert {client_id: held[client_id] for client_id in previous} == previous


def test_the_crowd_is_varied(demo_database: str) -> None:
    with system_session() as session:
        tails = {character.phone_tail for character in CHARACTERS}
        clients = session.execute(select(m.Client)).scalars().all()
        assert len({client.phone for client in clients}) == 2000
        assert sum(client.phone[-4:] in tails for client in clients) == 8
        assert {client.segment for client in clients} == {"retail", "affluent", "vip"}
        assert {client.branch_id for client in clients} == {1, 2, 3}
        assert any(client.advisor_id is None for client in clients)
        for entity, least in ((m.Complaint, 50), (m.FeeRequest, 100), (m.Transfer, 2000), (m.Contact, 5000)):
            assert session.execute(select(func.count(entity.id))).scalar_one() > least
        days = session.execute(select(m.Contact.at)).scalars()
        assert all(at.date() <= date(2026, 11, 20) for at in days)


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda c: c.key)
def test_characters_belong_to_advisor1(demo_database: str, character) -> None:
    with system_session() as session:
        client = session.execute(
            select(m.Client).where(m.Client.client_no == character.client_no)
        ).scalar_one()
        assert (client.branch_id, client.advisor_id, client.name) == (1, 1, character.name)


def test_the_floor_binds_on_each_trade_of_the_eighth_case(demo_database: str) -> None:
    with system_session() as session:
        of_chen = select(m.Trade.commission).where(m.Trade.client_id == 8)
        assert set(session.execute(of_chen).scalars()) == {Decimal("5.00")}


@pytest.mark.parametrize(
    ("amount", "rate", "floor", "fee"),
    [
        (200000, 250000, 500, 500),
        (200200, 250000, 500, 501),
        (200199, 250000, 0, 500),
        (1000000, 25000, 0, 250),
    ],
)
def test_commission_is_rounded_half_up(amount: int, rate: int, floor: int, fee: int) -> None:
    assert commission_fen(amount, rate, floor) == fee


def test_data_are_never_overwritten(demo_copy_url: str, demo_password: str) -> None:
    before = dump(skip=())
    with pytest.raises(NotEmptyError), system_session() as session:
        generate(session, ANCHOR, demo_password)
    assert dump(skip=()) == before


def test_too_few_clients(empty_database_url: str, demo_password: str) -> None:
    with pytest.raises(ValueError, match="8 clients"), system_session() as session:
        generate(session, ANCHOR, demo_password, clients=7)


def test_queue_is_refreshed_once_a_day(demo_copy_url: str, demo_anchor: date) -> None:
    tomorrow = demo_anchor + timedelta(days=1)
    with system_session() as session:
        assert refresh_queue(session, demo_anchor) == 0
        session.get(m.Visit, 1).status = "open"
    with system_session() as session:
        assert refresh_queue(session, demo_anchor) == 0
        assert refresh_queue(session, tomorrow) == 14
        assert refresh_queue(session, tomorrow) == 0
    with system_session() as session:
        statuses = Counter(session.execute(select(m.Visit.status)).scalars())
        assert statuses == {"closed": 13, "open": 1, "waiting": 14}


def test_queue_of_a_real_database_is_left_alone(empty_database_url: str, demo_anchor: date) -> None:
    with system_session() as session:
        session.add(m.Branch(id=1, name="真", city="青岛市", district="市南区", address="-", phone="-"))
        session.flush()
        assert refresh_queue(session, demo_anchor) == 0
        assert session.execute(select(func.count(m.Visit.id))).scalar_one() == 0


def test_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], demo_password: str
) -> None:
    use_database(monkeypatch, f"sqlite:///{tmp_path / 'made.db'}")
    monkeypatch.setenv("LIUKE_DEMO_PASSWORD", demo_password)
    command.main(["--clients", "20"])
    said = capsys.readouterr().out
    assert "已生成演示数据" in said and "今天的排队已补上" in said and demo_password not in said
    before = dump(skip=())
    command.main(["--clients", "20"])
    assert "未作改动" in capsys.readouterr().out
    assert dump(skip=()) == before
    reset_engine()


def test_command_on_a_real_database(empty_database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with system_session() as session:
        session.add(m.Branch(id=1, name="真", city="青岛市", district="市南区", address="-", phone="-"))
    before = dump(skip=())
    command.main([])
    assert "不是演示数据" in capsys.readouterr().out
    assert dump(skip=()) == before


def test_password_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIUKE_DEMO_PASSWORD", "given")
    assert make_password(tmp_path / "file") == "given"
    assert not (tmp_path / "file").exists()


def test_password_is_made_once_and_for_its_owner_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LIUKE_DEMO_PASSWORD", raising=False)
    old = os.umask(0)
    try:
        made = make_password(tmp_path / "var" / "one")
    finally:
        os.umask(old)
    assert len(made) >= 12
    assert make_password(tmp_path / "var" / "one") == made
    assert make_password(tmp_path / "var" / "two") != made
    assert stat.S_IMODE((tmp_path / "var" / "one").stat().st_mode) == 0o600
