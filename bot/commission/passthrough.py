"""Fees that go to the state, the exchange and the depository: the same at every broker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.commission.errors import CommissionError
from bot.commission.fees import MARKETS, FeeSchedule, Market, fee_schedule
from bot.commission.money import fen
from bot.commission.tariff import check_trades, check_turnover


@dataclass(frozen=True)
class Trade:
    """One trade: amount in yuan, side and market."""

    amount: Decimal
    side: Literal["buy", "sell"]
    market: Market = "shanghai"


@dataclass(frozen=True)
class FeeLine:
    """One fee's sum.

    Attributes:
        id: the fee's id in the schedule.
        name: Chinese name.
        amount: yuan.
        on_top: true if charged beside the commission, false if the commission contains it.
    """

    id: str
    name: str
    amount: Decimal
    on_top: bool


@dataclass(frozen=True)
class PassThrough:
    """All such fees of a year.

    Attributes:
        lines: one for each fee.
        basis: 'trades', or 'turnover' when sides and markets were assumed.
        note: what was assumed, in Chinese; empty for trades.
    """

    lines: tuple[FeeLine, ...]
    basis: Literal["trades", "turnover"]
    note: str

    @property
    def on_top(self) -> Decimal:
        """Yuan paid beside the commission (stamp duty, transfer fee)."""
        return sum((line.amount for line in self.lines if line.on_top), Decimal(0))

    @property
    def within(self) -> Decimal:
        """Yuan that the broker pays on out of the commission (handling and regulatory fee)."""
        return sum((line.amount for line in self.lines if not line.on_top), Decimal(0))


def pass_through(
    trades: Sequence[Trade] | None = None,
    turnover: Decimal | None = None,
    market: Market = "shanghai",
    schedule: FeeSchedule | None = None,
) -> PassThrough:
    """What of a year's costs no broker can change.

    Each trade's fee is rounded half up to the fen. From a turnover alone half of it is taken to be sales,
    in one market, unrounded.

    Raises:
        CommissionError: neither trades nor turnover, or figures that make no sense.
    """
    schedule = schedule or fee_schedule()
    if trades:
        check_trades([trade.amount for trade in trades])
        if any(trade.side not in ("buy", "sell") or trade.market not in MARKETS for trade in trades):
            raise CommissionError("成交方向只能是买或卖，市场只能是沪、深、北。")
        lines = tuple(
            FeeLine(
                fee.id,
                fee.name,
                sum(
                    (
                        fen(t.amount * fee.rates[t.market])
                        for t in trades
                        if fee.side == "both" or t.side == "sell"
                    ),
                    Decimal(0),
                ),
                fee.on_top,
            )
            for fee in schedule.fees
        )
        return PassThrough(lines, "trades", "")
    if turnover is None:
        raise CommissionError("没有成交记录，也没有成交总额，算不出税费。")
    check_turnover(turnover)
    if market not in MARKETS:
        raise CommissionError("市场只能是沪、深、北。")
    lines = tuple(
        FeeLine(fee.id, fee.name, turnover * fee.rates[market] / (2 if fee.side == "sell" else 1), fee.on_top)
        for fee in schedule.fees
    )
    return PassThrough(lines, "turnover", "按买卖各半估算。")
