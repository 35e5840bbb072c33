"""The one clock of the house: Shanghai's."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, in Shanghai."""
    return datetime.now(SHANGHAI)


def today() -> date:
    """The day it is for advisors, clients and the market."""
    return now().date()
