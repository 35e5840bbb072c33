"""Exact decimals and aware times survive the database; anything inexact is refused."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import StatementError

from bot.clock import SHANGHAI
from bot.db.types import LocalDateTime, Money, Price, Rate, from_scaled, to_scaled

TYPES = {"money": (Money, 2), "price": (Price, 4), "rate": (Rate, 8)}
ROWS = Table(
    "rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(name, kind) for name, (kind, _) in TYPES.items()),
    Column("at", LocalDateTime),
)
EACH_TYPE = pytest.mark.parametrize("name", TYPES)
SCALED = st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1)


@pytest.fixture(scope="module")
def connection() -> Any:
    engine = create_engine("sqlite://", future=True)
    ROWS.metadata.create_all(engine)
    with engine.connect() as opened:
        yield opened


def round_trip(connection: Connection, name: str, value: Any) -> Any:
    key = connection.execute(insert(ROWS).values({name: value})).inserted_primary_key[0]
    return connection.execute(select(ROWS.c[name]).where(ROWS.c.id == key)).scalar_one()


@EACH_TYPE
@given(scaled=SCALED)
def test_every_exact_value_comes_back(connection: Connection, name: str, scaled: int) -> None:
    places = TYPES[name][1]
    value = from_scaled(scaled, places)
    back = round_trip(connection, name, value)
    assert back == value
    assert back.as_tuple().exponent == -places


@given(scaled=SCALED, places=st.integers(0, 8), zeros=st.integers(0, 6))
def test_scaling_is_exact_both_ways(scaled: int, places: int, zeros: int) -> None:
    value = from_scaled(scaled, places)
    assert to_scaled(value, places) == scaled
    assert to_scaled(str(value), places) == scaled
    with localcontext() as context:
        context.prec = 60
        assert to_scaled(value * (1 + Decimal(0).scaleb(-zeros)), places) == scaled


@given(value=st.integers(-(10**12), 10**12))
def test_integers_are_whole_yuan(value: int) -> None:
    assert to_scaled(value, 2) == value * 100


@given(scaled=st.integers(1, 10**15), places=st.integers(0, 8))
def test_more_decimals_than_fit_are_refused(scaled: int, places: int) -> None:
    value = from_scaled(scaled * 10 + 1, places + 1)
    with pytest.raises(ValueError, match="more than"):
        to_scaled(value, places)


@pytest.mark.parametrize("value", [0.1, 1.0, True, None, b"1"])
def test_inexact_types_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        to_scaled(value, 2)


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-Infinity", "1E+30", "1E+999999", "a", "", "1e-999999"]
)
def test_values_that_are_no_amount_are_refused(value: str) -> None:
    with pytest.raises(ValueError):
        to_scaled(value, 2)


@pytest.mark.parametrize("value", [2**63, -(2**63), "92233720368547758.08"])
def test_values_beyond_64_bits_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="large"):
        to_scaled(value, 0 if isinstance(value, int) else 2)


@pytest.mark.parametrize(
    ("text", "scaled"), [("0", 0), ("-0.00", 0), ("1E2", 10000), ("0.10000", 10), ("-0.01", -1)]
)
def test_ways_to_write_a_number(text: str, scaled: int) -> None:
    assert to_scaled(text, 2) == scaled


@EACH_TYPE
def test_null(connection: Connection, name: str) -> None:
    assert round_trip(connection, name, None) is None


def test_a_float_does_not_reach_the_database(connection: Connection) -> None:
    with pytest.raises(StatementError):
        connection.execute(insert(ROWS).values(money=0.1))


def test_sums_and_comparisons_are_exact(connection: Connection) -> None:
    connection.execute(ROWS.delete())
    connection.execute(insert(ROWS), [{"money": Decimal("0.10")}] * 3 + [{"money": Decimal("-5.00")}])
    assert connection.execute(select(func.sum(ROWS.c.money))).scalar_one() == Decimal("-4.70")
    assert connection.execute(select(func.max(ROWS.c.money))).scalar_one() == Decimal("0.10")
    small = select(func.count()).where(ROWS.c.money < Decimal("0.1"))
    assert connection.execute(small).scalar_one() == 1
    negated = select(-ROWS.c.money).order_by(ROWS.c.money).limit(1)
    assert connection.execute(negated).scalar_one() == Decimal("5.00")


@pytest.mark.parametrize(
    "calculate",
    [
        lambda c: c + 1,
        lambda c: 1 - c,
        lambda c: c - c,
        lambda c: c * 2,
        lambda c: 2 * c,
        lambda c: c / 2,
        lambda c: 2 / c,
        lambda c: c % 2,
    ],
)
def test_arithmetic_in_sql_is_refused(calculate: Any) -> None:
    with pytest.raises(TypeError):
        calculate(ROWS.c.money)


@given(
    moment=st.datetimes(
        min_value=datetime(1950, 1, 1),
        max_value=datetime(2100, 1, 1),
        timezones=st.sampled_from([timezone.utc, SHANGHAI, timezone(timedelta(hours=-9, minutes=-30))]),
    )
)
def test_moments_come_back_in_shanghai(connection: Connection, moment: datetime) -> None:
    back = round_trip(connection, "at", moment)
    assert back.astimezone(timezone.utc) == moment.astimezone(timezone.utc)
    assert back.tzinfo is SHANGHAI


def test_moments_are_stored_in_utc(connection: Connection) -> None:
    round_trip(connection, "at", datetime(2026, 11, 22, 7, 30, tzinfo=SHANGHAI))
    stored = connection.exec_driver_sql("SELECT at FROM rows ORDER BY id DESC LIMIT 1").scalar_one()
    assert stored.startswith("2026-11-21 23:30:00")


def test_a_naive_moment_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="time zone"):
        connection.execute(insert(ROWS).values(at=datetime(2026, 1, 1)))


def test_moments_are_compared_as_moments(connection: Connection) -> None:
    connection.execute(ROWS.delete())
    connection.execute(insert(ROWS).values(at=datetime(2026, 1, 1, 0, 30, tzinfo=SHANGHAI)))
    since = select(func.count()).where(ROWS.c.at >= datetime(2025, 12, 31, 16, 30, tzinfo=timezone.utc))
    assert connection.execute(since).scalar_one() == 1
    assert connection.execute(select(func.max(ROWS.c.at))).scalar_one().tzinfo is SHANGHAI
