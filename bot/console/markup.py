"""Small pieces of HTML; everything that comes from outside is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from bot.clock import today
from bot.visits.calendar import chinese_date

_WEEKDAYS = "一二三四五六日"


def esc(value: Any) -> str:
    """Text made safe for HTML."""
    return escape(str(value), quote=True)


def div(classes: str, content: str, tag: str = "div") -> str:
    """An element around HTML that is safe already."""
    return f'<{tag} class="{classes}">{content}</{tag}>'


def text_div(classes: str, text: Any, tag: str = "div") -> str:
    """An element around plain text."""
    return div(classes, esc(text), tag)


def labelled(classes: str, label: str, text: Any) -> str:
    """A short label and its text."""
    return f'<div class="{classes}"><b>{esc(label)}</b><span>{esc(text)}</span></div>'


def joined(parts: Iterable[str]) -> str:
    """The parts that are not empty, one after the other."""
    return "".join(part for part in parts if part)


def day_text(value: date | str | None) -> str:
    """A date as it is spoken, with the weekday: 11月24日（周二）; today and tomorrow by name."""
    if not value:
        return ""
    day = value if isinstance(value, date) else date.fromisoformat(value)
    away = (day - today()).days
    near = {0: "今天", 1: "明天", -1: "昨天"}.get(away)
    return f"{chinese_date(day)}（{near or '周' + _WEEKDAYS[day.weekday()]}）"


def clock(moment: datetime | None) -> str:
    """Hours and minutes."""
    return f"{moment:%H:%M}" if moment else ""


def whole_yuan(amount: Decimal) -> str:
    """An amount for a glance: thousands grouped, no fen."""
    return f"{amount:,.0f}"
