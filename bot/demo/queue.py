"""Today's waiting clients of the demo: without them the counter would be empty every morning."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clients.calendar import start_of
from bot.clock import SHANGHAI
from bot.db.meta import is_demo
from bot.db.models import Branch, Client, Visit
from bot.demo.characters import CHARACTERS

WAITING_ELSEWHERE = 3
_PURPOSES = ("销户", "转托管", "撤销指定交易")


def refresh_queue(session: Session, today: date) -> int:
    """See to it that the demo's clients wait today; what is there already is left as it is.

    In branch 1 the eight characters wait in the deck's order, in each other branch three clients. Visits that
    were left waiting on an earlier day are closed: that client went home.

    Args:
        session: A system session; the caller commits.
        today: The day in Asia/Shanghai.

    Returns:
        How many visits were added; 0 for a database that is no demo.
    """
    if not is_demo(session):
        return 0
    _send_home(session, today)
    added = 0
    for branch_id in session.execute(select(Branch.id).order_by(Branch.id)).scalars().all():
        wanted = _characters(session) if branch_id == 1 else _anyone(session, branch_id, today)
        for number, (client, purpose) in enumerate(wanted, start=1):
            sender_id = f"demo-{today:%Y%m%d}-{client.client_no}"
            # By client and day: a visit taken into another conversation carries another sender.
            known = select(func.count(Visit.id)).where(
                Visit.client_id == client.id, Visit.queued_at >= start_of(today)
            )
            if session.execute(known).scalar_one():
                continue
            opening = datetime.combine(today, time(9, 5), tzinfo=SHANGHAI)
            session.add(
                Visit(
                    branch_id=branch_id,
                    advisor_id=client.advisor_id,
                    client_id=client.id,
                    sender_id=sender_id,
                    status="waiting",
                    purpose=purpose,
                    queue_no=number,
                    queued_at=opening + timedelta(minutes=7 * (number - 1)),
                    state={},
                )
            )
            added += 1
    session.flush()
    return added


def _send_home(session: Session, today: date) -> None:
    stale = select(Visit).where(
        Visit.status == "waiting", Visit.sender_id.startswith("demo-"), Visit.queued_at < start_of(today)
    )
    for visit in session.execute(stale).scalars():
        visit.status = "closed"
        visit.opened_at = visit.queued_at
        visit.outcome = "undecided"
        visit.closed_at = datetime.combine(visit.queued_at.date(), time(17), tzinfo=SHANGHAI)


def _characters(session: Session) -> list[tuple[Client, str]]:
    numbers = [character.client_no for character in CHARACTERS]
    found = session.execute(select(Client).where(Client.client_no.in_(numbers))).scalars()
    by_number = {client.client_no: client for client in found}
    return [(by_number[c.client_no], c.purpose) for c in CHARACTERS if c.client_no in by_number]


def _anyone(session: Session, branch_id: int, today: date) -> list[tuple[Client, str]]:
    """Three clients by chance, but the same three all day."""
    rng = random.Random(f"{today.isoformat()}-{branch_id}")
    ids = (
        session.execute(select(Client.id).where(Client.branch_id == branch_id).order_by(Client.id))
        .scalars()
        .all()
    )
    chosen = rng.sample(ids, min(WAITING_ELSEWHERE, len(ids)))
    clients = [session.get(Client, client_id) for client_id in chosen]
    return [(client, rng.choice(_PURPOSES)) for client in clients if client is not None]
