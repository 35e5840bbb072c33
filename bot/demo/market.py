"""Trading days, seasons and price paths of the invented two years."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from bot.clients.calendar import months_before
from bot.clock import SHANGHAI
from bot.demo.world import SECURITIES

MONTHS = 24

_SEASON = (0.9, 1.1, 1.4, 1.2, 0.9, 0.9, 1.1, 0.9, 0.8, 0.8, 1.3, 1.0)
"""How busy each calendar month is; spring and November are."""


@dataclass(frozen=True)
class Month:
    """A calendar month up to the day before the anchor; `busy` multiplies the usual number of trades."""

    first: date
    days: tuple[date, ...]
    busy: float


@dataclass(frozen=True)
class Market:
    """What every client meets alike: the calendar and the prices.

    `paths[code]` holds the price in fen at the start of each month and, last, on the anchor day.
    """

    anchor: date
    months: tuple[Month, ...]
    paths: dict[str, tuple[int, ...]]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All securities."""
        return tuple(self.paths)

    def price(self, code: str, month: int, day: date, rng: random.Random) -> int:
        """A plausible price in fen for a trade on a day of a month."""
        path = self.paths[code]
        part = (day.day - 1) / 31
        level = path[month] * (1 - part) + path[month + 1] * part
        return max(1, round(level * rng.uniform(0.985, 1.015)))


def make_market(anchor: date, rng: random.Random) -> Market:
    """Two years and the anchor's own month, with prices that end at today's."""
    months = []
    for back in range(MONTHS, -1, -1):
        first = months_before(anchor.replace(day=1), back)
        until = min(months_before(first, -1), anchor)
        days = tuple(day for day in _days(first, until) if is_trading_day(day))
        span = max(1, (until - first).days) / 30
        busy = _SEASON[first.month - 1] * rng.uniform(0.8, 1.2) * min(span, 1.0)
        months.append(Month(first, days, busy))
    moods = [rng.gauss(0.003, 0.035) for _ in months]
    paths = {}
    for security in SECURITIES:
        level = float(security.price)
        path = [security.price]
        for mood in reversed(moods):
            level /= 1 + max(-0.35, min(0.45, mood + rng.gauss(0, security.wildness)))
            path.append(max(1, round(level)))
        paths[security.code] = tuple(reversed(path))
    return Market(anchor, tuple(months), paths)


def is_trading_day(day: date) -> bool:
    """Whether the exchange is open, roughly: weekdays but for the fixed holidays."""
    holiday = (day.month == 10 and day.day <= 7) or (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (5, 3)}
    return day.weekday() < 5 and not holiday


def trading_day_before(day: date) -> date:
    """The day itself, or the last trading day before it."""
    while not is_trading_day(day):
        day -= timedelta(days=1)
    return day


def trading_time(day: date, rng: random.Random) -> datetime:
    """A moment in one of the day's two sessions."""
    second = rng.randrange(4 * 3600)
    start = time(9, 30) if second < 7200 else time(13, 0)
    return datetime.combine(day, start, tzinfo=SHANGHAI) + timedelta(seconds=second % 7200)


def office_time(day: date, rng: random.Random) -> datetime:
    """A moment in office hours."""
    return datetime.combine(day, time(9), tzinfo=SHANGHAI) + timedelta(seconds=rng.randrange(8 * 3600))


def _days(first: date, until: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((until - first).days)]
