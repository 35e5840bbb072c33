"""Writes the eight characters of `bot.demo.characters` with exactly the figures given there."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from bot.clients.calendar import first_month_of_year, months_before
from bot.db.types import to_scaled
from bot.demo.characters import Character, Talked
from bot.demo.crowd import add_accounts
from bot.demo.market import Market, office_time, trading_day_before, trading_time
from bot.demo.rows import MonthTotals, Rows, commission_fen, yuan
from bot.demo.world import BANKS, BY_CODE


def add_character(
    rows: Rows, client_id: int, character: Character, market: Market, rng: random.Random
) -> None:
    """Write one character; branch 1, advisor1."""
    anchor = market.anchor
    opened = months_before(anchor, character.years * 12) - timedelta(days=40)
    rows.add(
        "client",
        id=client_id,
        client_no=character.client_no,
        name=character.name,
        gender=character.gender,
        phone=character.phone,
        birth_date=date(character.birth_year, 1 + client_id % 12, 1 + client_id * 3 % 28),
        id_doc_valid_until=anchor + timedelta(days=1500 + client_id),
        branch_id=1,
        advisor_id=1,
        segment=character.segment,
        district=character.district,
        opened_on=opened,
        opened_remotely=False,
    )
    accounts = {"SH": client_id * 4, "SZ": client_id * 4 + 1}
    add_accounts(
        rows,
        accounts,
        client_id,
        Decimal(character.rate),
        Decimal(character.min_fee),
        Decimal(character.cash),
        False,
    )
    months: dict[date, MonthTotals] = {month.first: MonthTotals() for month in market.months}
    _deals(rows, client_id, character, accounts, anchor, months, rng)
    _positions(rows, client_id, character)
    _months(rows, client_id, character, market, months, _transfers(rows, client_id, character, anchor, rng))
    for talked in character.talks:
        _talk(rows, client_id, talked, anchor, rng)


def _deals(
    rows: Rows,
    client_id: int,
    character: Character,
    accounts: dict[str, int],
    anchor: date,
    months: dict[date, MonthTotals],
    rng: random.Random,
) -> None:
    rate, min_fee = to_scaled(character.rate, 8), to_scaled(character.min_fee, 2)
    for deal in character.deals:
        security = BY_CODE[deal.code]
        day = trading_day_before(anchor - timedelta(days=deal.days_ago))
        amount = to_scaled(deal.amount, 2)
        fee = commission_fen(amount, rate, min_fee)
        months[day.replace(day=1)].add(amount, fee)
        rows.add(
            "trade",
            account_id=accounts[security.market],
            client_id=client_id,
            traded_at=trading_time(day, rng),
            code=deal.code,
            name=security.name,
            side=deal.side,
            quantity=deal.quantity,
            price=Decimal(deal.price),
            amount=yuan(amount),
            commission=yuan(fee),
        )


def _positions(rows: Rows, client_id: int, character: Character) -> None:
    for held in character.held:
        rows.add(
            "position",
            client_id=client_id,
            code=held.code,
            name=BY_CODE[held.code].name,
            quantity=held.quantity,
            cost=held.quantity * Decimal(held.cost),
            market_value=held.quantity * Decimal(held.price),
        )


def _transfers(
    rows: Rows, client_id: int, character: Character, anchor: date, rng: random.Random
) -> dict[date, int]:
    """Add the transfers; answers their sums by month, in fen."""
    moved: dict[date, int] = {}
    for days_ago, amount in character.transfers:
        day = trading_day_before(anchor - timedelta(days=days_ago))
        first = day.replace(day=1)
        moved[first] = moved.get(first, 0) + to_scaled(amount, 2)
        rows.add(
            "transfer",
            client_id=client_id,
            at=office_time(day, rng),
            amount=Decimal(amount),
            counterparty=rng.choice(BANKS),
        )
    return moved


def _months(
    rows: Rows,
    client_id: int,
    character: Character,
    market: Market,
    months: dict[date, MonthTotals],
    moved: dict[date, int],
) -> None:
    """The months before the window lead up to its opening assets; those within it, to today's assets."""
    opening, closing = to_scaled(character.opening_assets, 2), to_scaled(character.assets, 2)
    window_start = first_month_of_year(market.anchor)
    earlier = [month for month in months if month < window_start]
    within = [month for month in months if month >= window_start]
    start = opening * 95 // 100
    _lead(rows, client_id, earlier, months, {}, start, opening)
    _lead(rows, client_id, within, months, moved, opening, closing)


def _lead(
    rows: Rows,
    client_id: int,
    firsts: list[date],
    months: dict[date, MonthTotals],
    moved: dict[date, int],
    start: int,
    end: int,
) -> None:
    profit = end - start - sum(moved.get(first, 0) for first in firsts)
    weights = [2 + (at * 5 + client_id) % 4 for at in range(len(firsts))]
    assets, given, weighed = start, 0, 0
    for first, weight in zip(firsts, weights, strict=True):
        weighed += weight
        part = profit * weighed // sum(weights) - given
        given += part
        assets += part + moved.get(first, 0)
        rows.month(client_id, first, months[first], assets, part)


def _talk(rows: Rows, client_id: int, talked: Talked, anchor: date, rng: random.Random) -> None:
    at = office_time(anchor - timedelta(days=talked.days_ago), rng)
    if talked.kind == "complaint":
        resolved = at + timedelta(days=3) if talked.closed else None
        rows.add(
            "complaint",
            client_id=client_id,
            at=at,
            topic=talked.extra,
            text=talked.text,
            resolved_at=resolved,
        )
    elif talked.kind == "fee_request":
        rows.add(
            "fee_request",
            client_id=client_id,
            at=at,
            asked_rate=Decimal(talked.text),
            competitor=talked.extra or None,
            decision="refused" if talked.closed else "pending",
        )
    else:
        rows.add(
            "contact",
            client_id=client_id,
            staff_id=1,
            at=at,
            channel=talked.extra,
            direction="in" if talked.kind == "contact_in" else "out",
            note=talked.text,
        )
