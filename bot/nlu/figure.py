"""The record every finder returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Figure:
    """One thing found in a text.

    Attributes:
        entity: commission_rate, min_fee, amount, loss_ratio, broker, client_no, phone_tail, client_name or
            date.
        start: offset of the first character in the text as typed.
        end: offset after the last character; `text[start:end] == figure.text` always.
        text: the characters as typed.
        value: Decimal for figures (yuan or fraction), str for names, numbers of clients and ISO dates.
        role: what an amount is about; None for the rest.
        confidence: how sure the reading is, 0 to 1.
        attributes: more, by entity: `low`/`high` of a range, `surname`/`title` of a name, `scale` of a rate.
    """

    entity: str
    start: int
    end: int
    text: str
    value: Decimal | str
    role: str | None = None
    confidence: float = 1.0
    attributes: Mapping[str, str] = field(default_factory=dict)
