"""Two tariffs side by side for one client's year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.commission.errors import CommissionError
from bot.commission.money import plain, yuan_text
from bot.commission.passthrough import PassThrough, Trade, pass_through
from bot.commission.tariff import Cost, Tariff, check_turnover, turnover_cost, yearly_cost

__all__ = [
    "Comparison", "Cost", "PassThrough", "Tariff", "Trade",
    "compare", "pass_through", "turnover_cost", "yearly_cost",
]  # fmt: skip

Basis = Literal["trades", "turnover"]


@dataclass(frozen=True)
class Comparison:
    """What the client pays here and would pay there.

    Attributes:
        basis: 'trades' when each trade was counted, 'turnover' when only the sum is known.
        ours: our tariff.
        theirs: the other tariff.
        our_cost: the year under ours.
        their_cost: the year under theirs.
        notes: what must be said with these figures, in Chinese.
    """

    basis: Basis
    ours: Tariff
    theirs: Tariff
    our_cost: Cost
    their_cost: Cost
    notes: tuple[str, ...]

    @property
    def yearly_difference(self) -> Decimal:
        """Yuan a year that the client would save by leaving; negative if we are cheaper."""
        return self.our_cost.total - self.their_cost.total

    @property
    def monthly_difference(self) -> Decimal:
        """The same per month, unrounded."""
        return self.yearly_difference / 12

    @property
    def floor_difference(self) -> Decimal:
        """How much of the yearly difference is due to the minimum per trade."""
        return self.our_cost.floor_part - self.their_cost.floor_part

    @property
    def floor_known(self) -> bool:
        """Whether the minimum could be counted at all."""
        return self.basis == "trades" or not (self.ours.min_fee or self.theirs.min_fee)

    @property
    def cost_to_match(self) -> Decimal:
        """Yuan a year of commission that the firm gives up if it grants the other tariff; never negative."""
        return max(self.yearly_difference, Decimal(0))


def compare(
    trades: Sequence[Decimal] | None, turnover: Decimal | None, ours: Tariff, theirs: Tariff
) -> Comparison:
    """Compare two tariffs over the client's year; trades are preferred, because the minimum depends on them.

    Args:
        trades: amounts of the year's trades, or None (or empty) if unknown.
        turnover: the year's turnover, used when there are no trades.
        ours: what the client pays now.
        theirs: what is offered elsewhere.

    Raises:
        CommissionError: neither trades nor turnover, or figures that make no sense.
    """
    if trades:
        our_cost, their_cost = yearly_cost(trades, ours), yearly_cost(trades, theirs)
        if turnover is not None:
            check_turnover(turnover)
        return Comparison("trades", ours, theirs, our_cost, their_cost, _trade_notes(our_cost, turnover))
    if turnover is None:
        raise CommissionError("没有成交记录，也没有成交总额，算不出佣金。")
    our_cost, their_cost = turnover_cost(turnover, ours), turnover_cost(turnover, theirs)
    return Comparison("turnover", ours, theirs, our_cost, their_cost, _turnover_notes(ours, theirs))


def _trade_notes(cost: Cost, said: Decimal | None) -> tuple[str, ...]:
    notes = []
    if said is not None and said != cost.turnover:
        notes.append(
            f"客户说的成交额是 {yuan_text(said)} 元，以逐笔记录的 {yuan_text(cost.turnover)} 元为准。"
        )
    return tuple(notes)


def _turnover_notes(ours: Tariff, theirs: Tariff) -> tuple[str, ...]:
    notes = []
    for whose, tariff in (("我们", ours), ("对方", theirs)):
        if tariff.min_fee:
            notes.append(
                f"只知道成交总额、不知道每笔多大，{whose}最低 {plain(tariff.min_fee)} 元一笔的部分没有算进去："
                f"单笔低于 {yuan_text(tariff.break_even)} 元时实际更贵。"
            )
    return tuple(notes)
