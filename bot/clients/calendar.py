"""Windows of time, all in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.clock import SHANGHAI


def start_of(day: date) -> datetime:
    """Midnight at the start of a day."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def window(today: date, months: int) -> tuple[datetime, datetime]:
    """The months that end with today: from the day after the same day back then, to the next midnight."""
    first = months_before(today, months) + timedelta(days=1)
    return start_of(first), start_of(today + timedelta(days=1))


def first_month_of_year(today: date) -> date:
    """The first of the twelve calendar months that end with the present one, as its first day."""
    return months_before(today.replace(day=1), 11)
