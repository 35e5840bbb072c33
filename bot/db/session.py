"""Sessions: `session_scope(viewer)` for everything a person asks for, `system_session()` for the house.

There is no default viewer on purpose: whoever wants to see all branches has to say so by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from bot.db.engine import database_url, get_engine, reset_engine
from bot.db.scope import ScopedSession, ScopeError, Viewer

__all__ = [
    "ScopeError",
    "ScopedSession",
    "Viewer",
    "database_url",
    "get_engine",
    "reset_engine",
    "session_scope",
    "system_session",
    "viewer_of_session",
]


@contextmanager
def session_scope(viewer: Viewer) -> Iterator[Session]:
    """A transaction on behalf of a viewer, who reaches the rows of the own branch only.

    Commits at the end, rolls back on any error. Objects stay readable after the end.

    Raises:
        TypeError: when there is no viewer; see `system_session`.
    """
    if not isinstance(viewer, Viewer):
        raise TypeError("session_scope() needs a Viewer; use system_session() for work without one")
    with _transaction(ScopedSession(get_engine(), **_OPTIONS, info={"viewer": viewer})) as session:
        yield session


@contextmanager
def system_session() -> Iterator[Session]:
    """A transaction without branch scoping: signing in, nightly jobs, migrations, the demo generator.

    Never open one to answer a person's request about clients.
    """
    with _transaction(Session(get_engine(), **_OPTIONS)) as session:
        yield session


def viewer_of_session(session: Session) -> Viewer | None:
    """Whose session this is; None for a system session."""
    viewer = session.info.get("viewer")
    return viewer if isinstance(viewer, Viewer) else None


_OPTIONS = {"future": True, "expire_on_commit": False}


@contextmanager
def _transaction(session: Session) -> Iterator[Session]:
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
