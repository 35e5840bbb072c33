"""Windows that end today."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clients.calendar import first_month_of_year, months_before, window
from bot.clients.profile import full_years
from bot.clock import SHANGHAI


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 20), 12, date(2025, 11, 20)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), -1, date(2027, 1, 31)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_before(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


@given(day=st.dates(date(1990, 1, 1), date(2100, 1, 1)), months=st.integers(0, 60))
def test_months_before_never_skips_a_month(day: date, months: int) -> None:
    back = months_before(day, months)
    assert (day.year * 12 + day.month) - (back.year * 12 + back.month) == months
    assert back.day <= day.day


def test_window_includes_today_and_not_the_same_day_last_year() -> None:
    since, until = window(date(2026, 11, 20), 12)
    assert since == datetime(2025, 11, 21, tzinfo=SHANGHAI)
    assert until == datetime(2026, 11, 21, tzinfo=SHANGHAI)


def test_twelve_calendar_months() -> None:
    assert first_month_of_year(date(2026, 11, 20)) == date(2025, 12, 1)
    assert first_month_of_year(date(2026, 12, 1)) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("opened", "years"),
    [(date(2020, 11, 20), 6), (date(2020, 11, 21), 5), (date(2026, 11, 20), 0), (date(2020, 2, 29), 6)],
)
def test_full_years(opened: date, years: int) -> None:
    assert full_years(opened, date(2026, 11, 20)) == years
    assert full_years(date(2026, 11, 20) + timedelta(1), date(2026, 11, 20)) == 0
