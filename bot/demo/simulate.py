"""One ordinary client's two years: buys, sells and transfers that add up to the assets shown.

Cash and holdings are kept in whole fen and shares; a month's profit is the change of assets less transfers.
Taxes other than the commission are left out.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from bot.demo.market import Market, office_time, trading_time
from bot.demo.rows import MonthTotals, Rows, commission_fen, yuan
from bot.demo.world import BANKS, BY_CODE

_LOT = 100


@dataclass(frozen=True)
class Habits:
    """How a client behaves: trades in an average month, share of cash spent at once, transfers a month."""

    trades: float
    boldness: float
    transfers: float
    codes: tuple[str, ...]


@dataclass
class Book:
    """A client's holdings while time goes by; money in fen, `cost` is the total paid for what is held."""

    client_id: int
    accounts: dict[str, int]
    rate: int
    min_fee: int
    cash: int
    shares: dict[str, int] = field(default_factory=dict)
    cost: dict[str, int] = field(default_factory=dict)

    def value(self, market: Market, month: int) -> int:
        """Assets at a month's start, or at the anchor for the last index of the paths."""
        return self.cash + sum(n * market.paths[code][month] for code, n in self.shares.items())


def simulate(rows: Rows, book: Book, habits: Habits, market: Market, opened: date, rng: random.Random) -> int:
    """Live through all months; adds trades, months, transfers and positions.

    Returns:
        The assets on the anchor day, in fen.
    """
    started = False
    for index, month in enumerate(market.months):
        if month.first < opened.replace(day=1) or not month.days:
            continue
        if not started:
            _first_portfolio(book, habits, market, index, rng)
            started = True
        before = book.value(market, index)
        totals = MonthTotals()
        days = [day for day in month.days if day >= opened]
        moved = _transfers(rows, book, habits, days, rng)
        number = _poisson(habits.trades * month.busy, rng)
        if days:
            for day in sorted(rng.choice(days) for _ in range(number)):
                _trade(rows, book, habits, market, index, day, totals, rng)
        after = book.value(market, index + 1)
        rows.month(book.client_id, month.first, totals, after, after - before - moved)
    for code, number in book.shares.items():
        rows.add(
            "position",
            client_id=book.client_id,
            code=code,
            name=BY_CODE[code].name,
            quantity=number,
            cost=yuan(book.cost[code]),
            market_value=yuan(number * market.paths[code][-1]),
        )
    return book.value(market, -1)


def _first_portfolio(book: Book, habits: Habits, market: Market, month: int, rng: random.Random) -> None:
    """What the client already held two years ago."""
    for code in habits.codes[: rng.randint(0, 3)]:
        price = market.paths[code][month]
        lots = int(book.cash * rng.uniform(0.1, 0.4)) // (price * _LOT)
        if lots:
            _hold(book, code, lots * _LOT, lots * _LOT * price)


def _transfers(rows: Rows, book: Book, habits: Habits, days: list[date], rng: random.Random) -> int:
    if not days or rng.random() > habits.transfers:
        return 0
    if rng.random() < 0.45:
        amount = -int(book.cash * rng.uniform(0.1, 0.7)) // 10000 * 10000
        amount = max(amount, -book.cash)
    else:
        amount = rng.choice((5000, 10000, 20000, 30000, 50000, 100000)) * 100
    if amount == 0:
        return 0
    book.cash += amount
    at = office_time(rng.choice(days), rng)
    rows.add("transfer", client_id=book.client_id, at=at, amount=yuan(amount), counterparty=rng.choice(BANKS))
    return amount


def _trade(
    rows: Rows,
    book: Book,
    habits: Habits,
    market: Market,
    month: int,
    day: date,
    totals: MonthTotals,
    rng: random.Random,
) -> None:
    buys = not book.shares or rng.random() < 0.5
    code = rng.choice(habits.codes) if buys else rng.choice(tuple(book.shares))
    price = market.price(code, month, day, rng)
    if buys:
        lots = int(book.cash * habits.boldness * rng.uniform(0.4, 1.6)) // (price * _LOT)
        number = max(lots, 1) * _LOT
    else:
        held = book.shares[code]
        number = held if rng.random() < 0.5 else max(held // 200, 1) * _LOT
        number = min(number, held)
    amount = number * price
    fee = commission_fen(amount, book.rate, book.min_fee)
    if buys:
        if amount + fee > book.cash:
            return
        _hold(book, code, number, amount)
    else:
        _release(book, code, number, amount)
    book.cash -= fee
    totals.add(amount, fee)
    security = BY_CODE[code]
    rows.add(
        "trade",
        account_id=book.accounts[security.market],
        client_id=book.client_id,
        traded_at=trading_time(day, rng),
        code=code,
        name=security.name,
        side="buy" if buys else "sell",
        quantity=number,
        price=yuan(price),
        amount=yuan(amount),
        commission=yuan(fee),
    )


def _hold(book: Book, code: str, number: int, amount: int) -> None:
    book.cash -= amount
    book.shares[code] = book.shares.get(code, 0) + number
    book.cost[code] = book.cost.get(code, 0) + amount


def _release(book: Book, code: str, number: int, amount: int) -> None:
    held = book.shares[code]
    book.cash += amount
    book.cost[code] -= book.cost[code] * number // held
    if number == held:
        del book.shares[code], book.cost[code]
    else:
        book.shares[code] = held - number


def _poisson(mean: float, rng: random.Random) -> int:
    """A number of events; drawn by waiting times, which suits the small means here."""
    number, waited = 0, rng.expovariate(1.0)
    while waited < mean:
        number += 1
        waited += rng.expovariate(1.0)
    return number
