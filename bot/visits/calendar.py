"""Trading days, for the two-day limit on closing an account and for follow-up dates."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

#: month and day of the holidays that fall on the same days every year
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), *((10, day) for day in range(1, 8))})


def is_trading_day(day: date) -> bool:
    """Whether the exchanges trade on `day`: a weekday that is no public holiday.

    The holiday table ends with the years already announced; after it, weekdays count but for the
    holidays of fixed date. That can only shorten the deadline we set ourselves.
    """
    if day.weekday() >= 5:
        return False
    try:
        return not chinese_calendar.is_holiday(day)
    except NotImplementedError:
        return (day.month, day.day) not in FIXED_HOLIDAYS


def trading_day_after(day: date, count: int) -> date:
    """The `count`-th trading day after `day` (count ≥ 0; 0 gives `day` itself)."""
    while count > 0:
        day += timedelta(days=1)
        if is_trading_day(day):
            count -= 1
    return day


def chinese_date(day: date) -> str:
    """A date as spoken: 11月24日."""
    return f"{day.month}月{day.day}日"
