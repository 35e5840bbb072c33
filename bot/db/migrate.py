"""Schema upgrades, run by the program itself: no ini file and no particular working directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.pool import NullPool

from bot.db.engine import is_sqlite_file, prepare_sqlite, resolve_url

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
WAIT_SECONDS = 60
"""How long a start waits while another process upgrades the same database."""

_ADVISORY_LOCK = 0x6C69756B65  # 'liuke': any number will do, as long as all processes use the same


def upgrade(url: str | None = None) -> None:
    """Bring a database to the newest schema; does nothing when it already is.

    Several processes may start at once: one upgrades, the others wait and find it done. The upgrade is
    one transaction, so a failed one leaves the old schema.

    Args:
        url: The database, by default the configured one.
    """
    with _locked_connection(url) as connection:
        command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for a connection that is already open."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _locked_connection(url: str | None) -> Iterator[Connection]:
    parsed = resolve_url(url)
    if is_sqlite_file(parsed):
        assert parsed.database is not None
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    sqlite = parsed.get_backend_name() == "sqlite"
    connect_args = {"timeout": WAIT_SECONDS} if sqlite else {}
    engine = create_engine(parsed, future=True, poolclass=NullPool, connect_args=connect_args)
    if sqlite:
        event.listen(engine, "connect", _take_over_transactions)
        event.listen(engine, "begin", _begin_immediate)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection
    finally:
        engine.dispose()


def _take_over_transactions(connection: Any, record: Any) -> None:
    """Python's driver would commit before each CREATE TABLE; without it the upgrade is one transaction."""
    prepare_sqlite(connection, record)
    connection.isolation_level = None


def _begin_immediate(connection: Connection) -> None:
    """Take the writer's lock at once: the second process then waits instead of failing half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
