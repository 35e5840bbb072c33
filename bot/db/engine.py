"""Which database, and one engine for it. Nothing is opened at import."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import QueuePool

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DEFAULT_DATABASE = Path("var") / "liuke.db"
DEFAULT_BUSY_MS = 3000

_engines: dict[tuple[str, int], Engine] = {}
_engines_lock = threading.Lock()


def database_url() -> str:
    """The database's URL, from LIUKE_DATABASE_URL or the SQLite file `var/liuke.db` of the project."""
    return os.environ.get("LIUKE_DATABASE_URL", "").strip() or f"sqlite:///{DEFAULT_DATABASE}"


def resolve_url(url: str | None = None) -> URL:
    """Make a URL independent of the working directory and of historic spellings.

    The bot, the action server and the pages are started from different folders and must open one file:
    a relative SQLite path is therefore taken from the project's root.
    """
    parsed = make_url(url or database_url())
    if parsed.drivername == "postgres":
        parsed = parsed.set(drivername="postgresql")
    if is_sqlite_file(parsed):
        assert parsed.database is not None
        parsed = parsed.set(database=str(PROJECT_ROOT / parsed.database))
    return parsed


def is_sqlite_file(url: URL) -> bool:
    """Whether the URL names a SQLite file, as opposed to memory or another engine."""
    return (
        url.get_backend_name() == "sqlite"
        and bool(url.database)
        and url.database != ":memory:"
        and not url.database.startswith("file:")
    )


def busy_ms() -> int:
    """How long SQLite waits for another writer, in milliseconds (LIUKE_DB_BUSY_MS, default 3000).

    Raises:
        ValueError: when the environment holds something else than a whole number of at least 0.
    """
    text = os.environ.get("LIUKE_DB_BUSY_MS", "").strip()
    if not text:
        return DEFAULT_BUSY_MS
    if not text.isdigit():
        raise ValueError(f"LIUKE_DB_BUSY_MS must be a whole number of milliseconds, not {text!r}")
    return int(text)


def get_engine() -> Engine:
    """The engine of the configured database: made on the first call, then shared by all threads."""
    url = resolve_url()
    key = (url.render_as_string(hide_password=False), busy_ms())
    with _engines_lock:
        engine = _engines.get(key)
        if engine is None:
            engine = _engines[key] = make_engine(url, key[1])
        return engine


def reset_engine() -> None:
    """Close every engine, so that the next call opens the database anew (tests, forked workers)."""
    with _engines_lock:
        for engine in _engines.values():
            engine.dispose()
        _engines.clear()


def make_engine(url: URL, wait_ms: int) -> Engine:
    """Build an engine; for a SQLite file its folder is created."""
    if not is_sqlite_file(url):
        return create_engine(url, future=True, pool_pre_ping=True)
    assert url.database is not None
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # SQLAlchemy 1.4 opens a SQLite file anew for each checkout; pooled, a session costs no file opening.
    engine = create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        pool_size=10,
        max_overflow=20,
        connect_args={"check_same_thread": False, "timeout": wait_ms / 1000},
    )
    event.listen(engine, "connect", prepare_sqlite)
    return engine


WAL_ATTEMPTS, WAL_PAUSE = 100, 0.05
"""Tries, and seconds between them, to turn WAL on beside another process that is doing so."""


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """Set what SQLite forgets between connections; WAL lets readers go on while one writes."""
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA foreign_keys=ON")
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=NORMAL")
    finally:
        cursor.close()


def _use_wal(cursor: Any) -> None:
    """Turn WAL on once a file. SQLite does not wait when two processes do so at once: the second looks again."""
    for attempt in range(WAL_ATTEMPTS):
        if cursor.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if attempt == WAL_ATTEMPTS - 1:
                raise
            time.sleep(WAL_PAUSE)
