"""The fees of the market, read from `data/playbook/fees.yml`; no figure that ages stands in code."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from bot.commission.errors import CommissionError

FEES_FILE = Path(__file__).resolve().parents[2] / "data" / "playbook" / "fees.yml"

Market = Literal["shanghai", "shenzhen", "beijing"]
MARKETS: tuple[Market, ...] = ("shanghai", "shenzhen", "beijing")


@dataclass(frozen=True)
class Source:
    """Where a figure comes from.

    Attributes:
        since: the day it came into force, ISO.
        as_of: the day it was last checked, ISO.
        source: the document.
        certainty: 'verified', or 'weak' for a second-hand figure.
    """

    since: str
    as_of: str
    source: str
    certainty: str


@dataclass(frozen=True)
class Fee:
    """One fee that is not the broker's own.

    Attributes:
        id: stamp_duty, handling, transfer or regulatory.
        name: Chinese name.
        side: 'sell' if only the seller pays, else 'both'.
        on_top: true if it is charged beside the commission, false if the commission contains it.
        rates: market → fraction of the turnover.
        origin: where the figure comes from.
    """

    id: str
    name: str
    side: Literal["sell", "both"]
    on_top: bool
    rates: dict[str, Decimal]
    origin: Source


@dataclass(frozen=True)
class FeeSchedule:
    """All fees of the market with the bounds of a commission."""

    as_of: str
    ceiling: Decimal
    ceiling_origin: Source
    min_fee: Decimal
    min_fee_origin: Source
    fees: tuple[Fee, ...]
    averages: tuple[tuple[int, Decimal, str], ...] = ()


def read_fees(path: Path = FEES_FILE) -> FeeSchedule:
    """Read a schedule of fees.

    Raises:
        CommissionError: the file is missing, or an entry is incomplete or no number.
    """
    try:
        data: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return FeeSchedule(
            as_of=str(data["as_of"]),
            ceiling=_positive(data["ceiling"]["rate"]),
            ceiling_origin=_origin(data["ceiling"]),
            min_fee=_positive(data["min_fee"]["yuan"]),
            min_fee_origin=_origin(data["min_fee"]),
            fees=tuple(_fee(entry) for entry in data["fees"]),
            averages=tuple(
                (int(a["year"]), _positive(a["rate"]), str(a["scope"])) for a in data.get("averages", ())
            ),
        )
    except (OSError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise CommissionError(f"费用表 {path.name} 读不出来：{error}") from error


@lru_cache(maxsize=1)
def fee_schedule() -> FeeSchedule:
    """The schedule of this installation, read once."""
    return read_fees()


def _fee(entry: dict[str, Any]) -> Fee:
    rates: dict[str, Decimal] = {market: _positive(entry["rates"][market]) for market in MARKETS}
    side: Literal["sell", "both"] = "sell" if entry["side"] == "sell" else "both"
    return Fee(str(entry["id"]), str(entry["name"]), side, bool(entry["on_top"]), rates, _origin(entry))


def _origin(entry: dict[str, Any]) -> Source:
    return Source(str(entry["since"]), str(entry["as_of"]), str(entry["source"]), str(entry["certainty"]))


def _positive(value: object) -> Decimal:
    # A YAML float has lost digits already: figures must be quoted.
    if not isinstance(value, str):
        raise ValueError(f"「{value}」要加引号")
    number = Decimal(value)
    if not number.is_finite() or number <= 0:
        raise ValueError(f"「{value}」应大于零")
    return number
