"""Two trading days: over a weekend, over the October holiday, and past the end of the holiday table."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import today
from bot.visits.calendar import chinese_date, is_trading_day, trading_day_after


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        (date(2026, 11, 18), date(2026, 11, 20)),  # Wednesday to Friday
        (date(2026, 11, 20), date(2026, 11, 24)),  # Friday, over the weekend
        (date(2026, 11, 21), date(2026, 11, 24)),  # filed on a Saturday
        (date(2026, 9, 30), date(2026, 10, 9)),  # the October holiday, 1 to 7
        (date(2025, 9, 30), date(2025, 10, 10)),  # 1 to 8, with the mid-autumn festival
        (date(2025, 1, 27), date(2025, 2, 6)),  # the spring festival
        (date(2026, 10, 9), date(2026, 10, 13)),  # Saturday the 10th is worked, but nothing is traded
        pytest.param(
            date(2026, 12, 31),
            date(2027, 1, 5),
        ),
        (date(2040, 11, 16), date(2040, 11, 20)),  # past the table: weekdays count
    ],
)
def test_two_trading_days(filed: date, due: date) -> None:
    assert trading_day_after(filed, 2) == due


def test_a_working_saturday_is_no_trading_day() -> None:
    assert not is_trading_day(date(2026, 10, 10))
    assert not is_trading_day(date(2026, 10, 1))
    assert is_trading_day(date(2026, 10, 8))


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 6))
def test_the_day_is_a_trading_day_and_so_many_lie_between(day: date, count: int) -> None:
    due = trading_day_after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(map(is_trading_day, between)) == count
    assert count == 0 or is_trading_day(due)


def test_spoken() -> None:
    assert chinese_date(date(2026, 1, 5)) == "1月5日"
    assert isinstance(today(), date)
