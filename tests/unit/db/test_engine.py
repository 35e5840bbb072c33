"""Where the database is, and how SQLite is opened."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.db import engine as engine_module
from bot.db.engine import PROJECT_ROOT, busy_ms, database_url, get_engine, reset_engine, resolve_url
from bot.db.models import Meta
from bot.db.session import session_scope, system_session, viewer_of_session


def test_default_is_a_file_of_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LIUKE_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    assert database_url() == "sqlite:///var/liuke.db"
    assert resolve_url().database == str(PROJECT_ROOT / "var" / "liuke.db")


def test_other_spellings() -> None:
    assert resolve_url("sqlite:////tmp/a.db").database == "/tmp/a.db"
    assert resolve_url("sqlite://").database is None
    assert resolve_url("postgres://u@h/d").drivername == "postgresql"


def test_one_engine_and_nothing_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIUKE_DATABASE_URL", f"sqlite:///{tmp_path / 'deep' / 'a.db'}")
    reset_engine()
    assert get_engine() is get_engine()
    assert not (tmp_path / "deep" / "a.db").exists()
    first = get_engine()
    monkeypatch.setenv("LIUKE_DATABASE_URL", f"sqlite:///{tmp_path / 'b.db'}")
    assert get_engine() is not first
    reset_engine()
    assert not engine_module._engines


def test_sqlite_settings(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIUKE_DB_BUSY_MS", "1234")
    with get_engine().connect() as connection:
        read = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert read == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 1234}


@pytest.mark.parametrize("value", ["-1", "3s", "1.5"])
def test_a_wrong_waiting_time_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIUKE_DB_BUSY_MS", value)
    with pytest.raises(ValueError, match="LIUKE_DB_BUSY_MS"):
        busy_ms()


def test_a_viewer_is_required() -> None:
    with pytest.raises(TypeError, match="system_session"), session_scope(None):  # type: ignore[arg-type]
        pass


def test_a_system_session_has_no_viewer(empty_database_url: str) -> None:
    with system_session() as session:
        assert viewer_of_session(session) is None


def test_many_threads_write(empty_database_url: str) -> None:
    errors: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(5):
                with system_session() as session:
                    session.add(Meta(key=f"{number}-{turn}", value="x"))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with system_session() as session:
        assert len(session.execute(select(Meta)).scalars().all()) == 100
