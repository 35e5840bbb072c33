"""What a database says of itself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.db.models import Meta


def is_demo(session: Session) -> bool:
    """Whether the database was made by `bot.demo`."""
    mark = session.get(Meta, "demo")
    return mark is not None and mark.value == "1"
