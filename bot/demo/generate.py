"""Makes the demo: branches, staff, 2,000 clients with two years of history. Never touches existing data."""

from __future__ import annotations

import random
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clients.identity import hash_password
from bot.db.models import Branch, Client, Staff
from bot.demo import world
from bot.demo.cast import add_character
from bot.demo.characters import CHARACTERS
from bot.demo.crowd import Crowd
from bot.demo.market import make_market
from bot.demo.rows import Rows

SEED = 20061201
"""The month of the guideline."""
CLIENTS = 2000


class NotEmptyError(RuntimeError):
    """The database holds data already; the demo is never written over it."""


def is_empty(session: Session) -> bool:
    """Whether nobody uses the database yet: no branch, no staff, no client."""
    return all(
        session.execute(select(func.count()).select_from(entity)).scalar_one() == 0
        for entity in (Branch, Staff, Client)
    )


def generate(
    session: Session, anchor: date, password: str, clients: int = CLIENTS, seed: int = SEED
) -> dict[str, int]:
    """Fill an empty database; the same anchor, seed and number give the same data (but for password hashes).

    Args:
        session: A system session; the caller commits.
        anchor: The day the history leads up to; it ends the day before.
        password: For all demo users.
        clients: How many in all, at least the eight characters.
        seed: The source of chance.

    Returns:
        The number of rows of the main tables.

    Raises:
        NotEmptyError: when there are data already.
        ValueError: when fewer clients than characters are asked for.
    """
    if clients < len(CHARACTERS):
        raise ValueError(f"at least {len(CHARACTERS)} clients are needed")
    if not is_empty(session):
        raise NotEmptyError("the database is not empty")
    rng = random.Random(seed)
    rows = Rows()
    for branch in world.BRANCHES:
        rows.add("branch", **branch)
    for staff_id, (username, name, role, branch_id, short) in enumerate(world.STAFF, start=1):
        rows.add(
            "staff",
            id=staff_id,
            username=username,
            password_hash=hash_password(password),
            name=name,
            role=role,
            branch_id=branch_id,
            short_view=short,
            active=True,
        )
    market = make_market(anchor, rng)
    for client_id, character in enumerate(CHARACTERS, start=1):
        add_character(rows, client_id, character, market, rng)
    crowd = Crowd(rows, market, rng)
    for client_id in range(len(CHARACTERS) + 1, clients + 1):
        crowd.add(client_id)
    for key, value in (("demo", "1"), ("demo_anchor", anchor.isoformat()), ("demo_seed", str(seed))):
        rows.add("meta", key=key, value=value)
    rows.write(session)
    return {table: rows.count(table) for table in ("branch", "staff", "client", "account", "trade")}
