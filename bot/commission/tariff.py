"""A broker's tariff and what a year of trades costs under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.commission.errors import CommissionError
from bot.commission.fees import fee_schedule
from bot.commission.money import fen, plain, rate_text

# Beyond this a minimum per trade is a slip of the tongue.
_MOST_FLOOR = Decimal(100)
# No client of a branch turns over a hundred thousand million a year.
_MOST_TURNOVER = Decimal(10) ** 11


@dataclass(frozen=True)
class Tariff:
    """A commission rate with its minimum per trade.

    Attributes:
        rate: fraction of the turnover, all-in: as article 21 of 2002 counts it, with handling and
            regulatory fee.
        min_fee: yuan; zero for 免五; by default the customary one of the fee table. It is compared with that
            same all-in commission and excludes nothing: a broker that adds the exchange's fees on top of a
            net commission is to be entered with its all-in rate.

    Raises:
        CommissionError: rate not above zero or above the ceiling, minimum below zero or absurdly high.
    """

    rate: Decimal
    min_fee: Decimal = field(default_factory=lambda: fee_schedule().min_fee)

    def __post_init__(self) -> None:
        ceiling = fee_schedule().ceiling
        if not _finite(self.rate) or self.rate <= 0:
            raise CommissionError("佣金费率必须大于零。")
        if self.rate > ceiling:
            raise CommissionError(
                f"佣金费率 {rate_text(self.rate)} 超过了法定上限 {rate_text(ceiling)}，请核对。"
            )
        if not _finite(self.min_fee) or self.min_fee < 0:
            raise CommissionError("最低佣金不能是负数。")
        if self.min_fee > _MOST_FLOOR:
            raise CommissionError(f"最低佣金 {plain(self.min_fee)} 元一笔太高了，请核对。")

    @property
    def break_even(self) -> Decimal:
        """The trade size, in yuan, below which the minimum is what one pays; zero without a minimum."""
        return self.min_fee / self.rate

    @property
    def text(self) -> str:
        """The tariff in words: '万2.5，最低5元', '万1 免五'."""
        floor = f"，最低{plain(self.min_fee)}元" if self.min_fee else " 免五"
        return rate_text(self.rate) + floor


@dataclass(frozen=True)
class Cost:
    """What a year costs.

    Attributes:
        total: yuan, the sum of what each trade was charged.
        floor_part: how much of it is due to the minimum alone.
        floor_trades: how many trades paid the minimum.
        trades: how many trades; None when only the turnover is known.
        turnover: yuan.
    """

    total: Decimal
    floor_part: Decimal
    floor_trades: int
    trades: int | None
    turnover: Decimal

    @property
    def effective_rate(self) -> Decimal:
        """What is really paid per yuan of turnover."""
        return self.total / self.turnover


def yearly_cost(trades: Sequence[Decimal], tariff: Tariff) -> Cost:
    """Cost of a year from its trades.

    Each trade is charged max(rate × amount, minimum), rounded half up to the fen, because that is what the
    client's statement adds up to.

    Raises:
        CommissionError: no trade, or an amount not above zero.
    """
    check_trades(trades)
    total = floor_part = Decimal(0)
    floor_trades = 0
    for amount in trades:
        by_rate = amount * tariff.rate
        charged = fen(max(by_rate, tariff.min_fee))
        total += charged
        if by_rate < tariff.min_fee:
            floor_trades += 1
            floor_part += charged - fen(by_rate)
    return Cost(total, floor_part, floor_trades, len(trades), sum(trades, Decimal(0)))


def turnover_cost(turnover: Decimal, tariff: Tariff) -> Cost:
    """Cost of a year from its turnover alone: exact by rate, the minimum left out because it cannot be known.

    Raises:
        CommissionError: turnover not above zero, or beyond belief.
    """
    check_turnover(turnover)
    return Cost(turnover * tariff.rate, Decimal(0), 0, None, turnover)


def check_trades(trades: Sequence[Decimal]) -> None:
    """Refuse an empty year and amounts that are none."""
    if not trades:
        raise CommissionError("没有成交记录，算不出佣金。")
    for amount in trades:
        if not _finite(amount) or amount <= 0:
            raise CommissionError("每笔成交金额都必须大于零。")
    check_turnover(sum(trades, Decimal(0)))


def check_turnover(turnover: Decimal) -> None:
    """Refuse a turnover that is none."""
    if not _finite(turnover) or turnover <= 0:
        raise CommissionError("成交金额必须大于零。")
    if turnover > _MOST_TURNOVER:
        raise CommissionError("成交金额超过一千亿元，请核对单位。")


def _finite(value: object) -> bool:
    if not isinstance(value, Decimal):
        raise CommissionError("金额和费率必须用精确的十进制数。")
    return value.is_finite()
