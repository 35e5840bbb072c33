"""The ordinary clients: who they are, what they pay, who talks with them."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from decimal import Decimal

from bot.clients.calendar import months_before
from bot.db.types import from_scaled
from bot.demo import world
from bot.demo.characters import CHARACTERS
from bot.demo.market import Market, office_time
from bot.demo.rows import Rows, yuan
from bot.demo.simulate import Book, Habits, simulate

_RATES = (
    (25000, 25),
    (30000, 25),
    (50000, 16),
    (80000, 12),
    (100000, 10),
    (150000, 5),
    (250000, 4),
    (300000, 3),
)
"""Contract rates times 10**8 with their weights: 25000 is 万2.5."""
_RATES_AFFLUENT = ((12000, 20), (15000, 25), (20000, 25), (25000, 20), (50000, 10))
_ADVISORS = {1: (1, 2, 2, None), 2: (3, 3, None), 3: (4, 4, None)}
_STYLES = ((0.08, 20), (0.7, 44), (2.6, 28), (8.5, 8))
"""Trades a month with their weights: asleep, occasional, regular, busy."""


class Crowd:
    """Makes ordinary clients, none with the number or phone tail of one of the eight characters."""

    def __init__(self, rows: Rows, market: Market, rng: random.Random) -> None:
        """Take the place to write to, the market and the source of chance."""
        self._rows, self._market, self._rng = rows, market, rng
        self._numbers = {character.client_no for character in CHARACTERS}
        self._phones: set[str] = set()
        self._tails = {character.phone_tail for character in CHARACTERS}

    def add(self, client_id: int) -> None:
        """Make one client with all history."""
        rng, rows, anchor = self._rng, self._rows, self._market.anchor
        branch = rng.choices((1, 2, 3), (42, 30, 28))[0]
        opened = anchor - timedelta(days=int(40 + 6500 * rng.random() ** 1.3))
        gender = rng.choice("FM")
        cash = int(math.exp(rng.gauss(11.4, 1.35)) * 100)  # fen; the median is 90,000 yuan
        affluent = cash > 50_000_000
        table = _RATES_AFFLUENT if affluent else _RATES
        rate = rng.choices([r for r, _ in table], [w for _, w in table])[0]
        min_fee = 0 if affluent and rng.random() < 0.3 else 500
        markets = ("SH", "SZ", "BJ") if rng.random() < 0.06 else ("SH", "SZ")
        pool = [security.code for security in world.SECURITIES if security.market in markets]
        habits = Habits(
            trades=rng.choices([s for s, _ in _STYLES], [w for _, w in _STYLES])[0] * rng.uniform(0.6, 1.5),
            boldness=rng.uniform(0.12, 0.6),
            transfers=rng.uniform(0.02, 0.2),
            codes=tuple(rng.sample(pool, rng.randint(2, 7))),
        )
        accounts = {market: client_id * 4 + at for at, market in enumerate(markets)}
        book = Book(client_id, accounts, rate, min_fee, cash)
        assets = simulate(rows, book, habits, self._market, opened, rng)
        advisor = rng.choice(_ADVISORS[branch])
        birth = date(rng.randint(1948, 2002), rng.randint(1, 12), rng.randint(1, 28))
        expired = rng.random() < 0.03
        rows.add(
            "client",
            id=client_id,
            client_no=self._number(),
            name=self._name(gender),
            gender=gender,
            phone=self._phone(),
            birth_date=birth,
            id_doc_valid_until=anchor
            + timedelta(days=-rng.randint(1, 400) if expired else rng.randint(1, 6000)),
            branch_id=branch,
            advisor_id=advisor,
            segment="vip" if assets > 500_000_000 else "affluent" if assets > 50_000_000 else "retail",
            district=rng.choice(world.DISTRICTS[branch]) if rng.random() < 0.85 else None,
            opened_on=opened,
            opened_remotely=opened.year >= 2015 and rng.random() < 0.6,
        )
        margin = rng.random() < 0.06
        add_accounts(rows, accounts, client_id, from_scaled(rate, 8), yuan(min_fee), yuan(book.cash), margin)
        self._talks(client_id, advisor, opened, affluent)

    def _talks(self, client_id: int, advisor: int | None, opened: date, affluent: bool) -> None:
        rng, rows, anchor = self._rng, self._rows, self._market.anchor
        since = max(opened, months_before(anchor, 24))
        # A quarter is neglected: the last contact lies more than 90 days back, or there is none.
        until = anchor - timedelta(days=rng.randint(91, 420) if rng.random() < 0.25 else 1)
        span = (until - since).days
        if span > 0:
            yearly = (9 if affluent else 4) * (1.0 if advisor else 0.4)
            for _ in range(rng.randint(0, max(1, round(yearly * span / 365 * 1.6)))):
                inbound = rng.random() < 0.25
                rows.add(
                    "contact",
                    client_id=client_id,
                    staff_id=advisor,
                    at=office_time(since + timedelta(days=rng.randint(0, span)), rng),
                    channel=rng.choices(("phone", "wechat", "sms", "visit"), (55, 25, 12, 8))[0],
                    direction="in" if inbound else "out",
                    note=rng.choice(world.INBOUND_NOTES if inbound else world.CONTACT_NOTES),
                )
        back = (anchor - since).days
        if rng.random() < 0.05:
            at = office_time(since + timedelta(days=rng.randrange(back)), rng)
            topic, text = rng.choice(world.COMPLAINTS)
            days_open = (anchor - at.date()).days
            closed = at + timedelta(days=rng.randint(1, 15)) if days_open > 20 or rng.random() < 0.5 else None
            if closed is not None and closed.date() >= anchor:
                closed = None
            rows.add("complaint", client_id=client_id, at=at, topic=topic, text=text, resolved_at=closed)
        for _ in range(rng.choices((0, 1, 2), (90, 8, 2))[0]):
            days_ago = rng.randint(1, back)
            decision = "pending" if days_ago < 7 else rng.choice(("granted", "refused", "refused"))
            rows.add(
                "fee_request",
                client_id=client_id,
                at=office_time(anchor - timedelta(days=days_ago), rng),
                asked_rate=Decimal(rng.choice(("0.0001", "0.00015", "0.0002", "0.00025"))),
                competitor=rng.choice(world.COMPETITORS) if rng.random() < 0.6 else None,
                decision=decision,
            )

    def _number(self) -> str:
        while True:
            number = str(self._rng.randint(20010000, 20249999))
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _phone(self) -> str:
        # 100 is no Chinese mobile prefix, so that an invented number cannot be anybody's.
        while True:
            phone = f"100{self._rng.randint(0, 99_999_999):08d}"
            if phone not in self._phones and phone[-4:] not in self._tails:
                self._phones.add(phone)
                return phone

    def _name(self, gender: str) -> str:
        rng = self._rng
        surname = rng.choice(world.COMPOUND) if rng.random() < 0.01 else rng.choice(world.SURNAMES)
        pool = world.GIVEN_FEMALE if gender == "F" else world.GIVEN_MALE
        return surname + "".join(rng.choice(pool) for _ in range(1 if rng.random() < 0.2 else 2))


def add_accounts(
    rows: Rows,
    accounts: dict[str, int],
    client_id: int,
    rate: Decimal,
    min_fee: Decimal,
    cash: Decimal,
    margin: bool,
) -> None:
    """Add a client's accounts by market; the money lies with the first, Shanghai's is the designated one."""
    for at, (market, account_id) in enumerate(accounts.items()):
        rows.add(
            "account",
            id=account_id,
            client_id=client_id,
            fund_no=f"{30_000_000 + client_id}",
            market=market,
            commission_rate=rate,
            min_fee=min_fee,
            cash_balance=cash if at == 0 else Decimal("0.00"),
            designated=market == "SH",
            margin=margin,
        )
