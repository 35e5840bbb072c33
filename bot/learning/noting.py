"""Keeps a text for review, at the moment the assistant asks or is corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.db.models import Reading
from bot.db.session import Viewer
from bot.learning.masking import masked

#: Longer texts are cut: what states the reason rarely stands later, and no training text is longer.
LONGEST = 200
#: Masking looks no farther; what it takes out makes room for some of what follows.
LONGEST_READ = 400
#: Line ends and control characters would break the file of training texts.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MOST_RANKED = 3


def note(
    session: Session,
    viewer: Viewer,
    kind: str,
    text: str,
    read: list[tuple[str, float]],
    known: Iterable[str] = (),
) -> int:
    """Keep a text; the same text is kept once a branch while it waits for review.

    Args:
        session: the visit's own transaction.
        viewer: the advisor; the text belongs to his branch.
        kind: `unsure` or `corrected`.
        text: as typed; it is masked here, and made one line.
        read: reasons with probabilities, best first.
        known: the client's name and numbers, as far as the visit knows them.

    Returns:
        The row's id.
    """
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())[:LONGEST_READ]
    plain = masked(line, known)[:LONGEST]
    same = select(Reading).where(
        Reading.text == plain, Reading.status == "open", Reading.branch_id == viewer.branch_id
    )
    found = session.execute(same).scalars().first()
    if found is None:
        found = Reading(
            branch_id=viewer.branch_id,
            noted_at=now(),
            kind=kind,
            text=plain,
            read=[[reason, round(probability, 4)] for reason, probability in read[:MOST_RANKED]],
            status="open",
        )
        session.add(found)
        session.flush()
    elif kind == "corrected":
        found.kind = kind
    return int(found.id)


def suggest(session: Session, reading_id: int, reason: str) -> None:
    """The advisor clicked a reason: that is what the text meant to him."""
    found = session.get(Reading, reading_id)
    if found is not None and found.status == "open":
        found.suggested = reason
