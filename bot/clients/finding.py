"""Statements that find clients, and the brief form in which they are listed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from sqlalchemy import select

from bot.clients.names import parse_spoken, salutation_of
from bot.db.models import Branch, Client

_TAIL = re.compile(r"(?:尾号|后四位)?\s*(\d{3,11})")


@dataclass(frozen=True)
class ClientBrief:
    """Enough to tell one client from another in a list."""

    client_id: int
    client_no: str
    name: str
    gender: str
    salutation: str
    phone_tail: str
    opened_on: date
    segment: str
    branch_name: str


class Deal(NamedTuple):
    """One trade: amount in yuan, 'buy' or 'sell', and the market 'SH', 'SZ' or 'BJ'."""

    amount: Decimal
    side: Literal["buy", "sell"]
    market: Literal["SH", "SZ", "BJ"]


@dataclass(frozen=True)
class QueueEntry:
    """Someone waiting at the counter; `client` is None while it is not known who."""

    visit_id: int
    sender_id: str
    queue_no: int | None
    queued_at: datetime
    purpose: str
    advisor_id: int | None
    client: ClientBrief | None


@dataclass(frozen=True)
class BranchBrief:
    """Where a branch is and how to reach it."""

    branch_id: int
    name: str
    city: str
    district: str
    address: str
    phone: str


@dataclass(frozen=True)
class Wanted:
    """What a search text asks for: words of a name, and digits of a client number or phone."""

    name: str
    digits: str


def read_search(text: str) -> Wanted:
    """Split a search text such as '斤女士 尾号3021' into its name and its digits."""
    match = _TAIL.search(text)
    digits = match.group(1) if match else ""
    rest = _TAIL.sub(" ", text, count=1) if match else text
    name = re.sub(r"[\s,,。、·]+|尾号|客户号|手机|电话", "", rest)
    return Wanted(name, digits)


def named(statement: Any, spoken: str, surname_suffices: bool = False) -> Any:
    """Narrow a statement on clients to a spoken name.

    Args:
        statement: A select on `Client`.
        spoken: A full name, a surname, or either with a title; the title's gender counts.
        surname_suffices: Whether only the first character need fit (nicknames such as 斤斤计较小姐), for
            use together with a phone tail.
    """
    said = parse_spoken(spoken)
    if said.is_surname_only or surname_suffices:
        surname = said.name if said.is_surname_only else said.name[:1]
        statement = statement.where(Client.name.startswith(surname, autoescape=True))
    else:
        statement = statement.where(Client.name == said.name)
    return statement.where(Client.gender == said.gender) if said.gender else statement


def briefs() -> Any:
    """A select on clients whose rows `brief_of` takes, in a stable order."""
    return (
        select(Client, Branch.name)
        .join(Branch, Branch.id == Client.branch_id)
        .order_by(Client.name, Client.client_no)
    )


def brief_of(client: Client, branch_name: str) -> ClientBrief:
    """The brief form of a client."""
    return ClientBrief(
        client_id=client.id,
        client_no=client.client_no,
        name=client.name,
        gender=client.gender,
        salutation=salutation_of(client.name, client.gender),
        phone_tail=client.phone[-4:],
        opened_on=client.opened_on,
        segment=client.segment,
        branch_name=branch_name,
    )
