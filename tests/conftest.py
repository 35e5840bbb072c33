"""Databases for tests: an empty one per test, and one demo per session. Nothing outside tmp is touched."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.db.migrate import upgrade
from bot.db.session import Viewer, reset_engine, system_session
from bot.demo.generate import generate
from bot.demo.queue import refresh_queue

pytest_plugins = ["tests.stack_fixtures"]

DEMO_ANCHOR = date(2026, 11, 20)
"""The day the tests' demo was made for, a Friday: tests that count days must not depend on the clock."""

DEMO_PASSWORD = secrets.token_urlsafe(9)


def use_database(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    """Point the program at a database for the rest of a test."""
    reset_engine()
    monkeypatch.setenv("LIUKE_DATABASE_URL", url)
    return url


@pytest.fixture
def empty_database_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A new SQLite file with the newest schema and no rows; configured for the test."""
    url = use_database(monkeypatch, f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade()
    yield url
    reset_engine()


@pytest.fixture(scope="session")
def demo_database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo of `DEMO_ANCHOR` with that day's queue, made once and configured for the session.

    Shared by many tests: read it; to change it, take `demo_copy_url`.
    """
    file = tmp_path_factory.mktemp("demo") / "demo.db"
    url = f"sqlite:///{file}"
    with pytest.MonkeyPatch.context() as patch:
        use_database(patch, url)
        patch.setenv("LIUKE_DEMO_PASSWORD", DEMO_PASSWORD)
        upgrade()
        with system_session() as session:
            generate(session, DEMO_ANCHOR, DEMO_PASSWORD)
            refresh_queue(session, DEMO_ANCHOR)
        yield url
        reset_engine()


@pytest.fixture
def demo_database(demo_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The session's demo, configured for this test even where others set another database."""
    if os.environ.get("LIUKE_DATABASE_URL") != demo_database_url:
        use_database(monkeypatch, demo_database_url)
    yield demo_database_url


@pytest.fixture
def demo_copy_url(demo_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A copy of the demo that the test may change; configured for the test."""
    reset_engine()  # closes the last connection, which folds SQLite's write-ahead log into the file
    shutil.copy(demo_database_url.removeprefix("sqlite:///"), tmp_path / "copy.db")
    url = use_database(monkeypatch, f"sqlite:///{tmp_path / 'copy.db'}")
    yield url
    reset_engine()


@pytest.fixture(scope="session")
def demo_anchor() -> date:
    """The day of the tests' demo."""
    return DEMO_ANCHOR


@pytest.fixture(scope="session")
def demo_password() -> str:
    """The password of the demo's users."""
    return DEMO_PASSWORD


@pytest.fixture(scope="session")
def advisor1() -> Viewer:
    """The demo's advisor in branch 1, who serves the eight characters."""
    return Viewer(1, "advisor1", "周敏", "advisor", 1)


@pytest.fixture(scope="session")
def advisor3() -> Viewer:
    """The demo's advisor in branch 2."""
    return Viewer(3, "advisor3", "孙丽华", "advisor", 2)
