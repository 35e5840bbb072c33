"""Migrations and models say the same, on both engines; starting twice or at once does no harm."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import Engine
from sqlalchemy.schema import CheckConstraint

from bot.db.engine import PROJECT_ROOT
from bot.db.migrate import alembic_config, upgrade
from bot.db.models import Base


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new, empty database on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    return request.getfixturevalue("postgres_url")


@pytest.fixture
def migrated(url: str) -> Any:
    upgrade(url)
    engine = create_engine(url, future=True)
    yield engine
    engine.dispose()


def test_models_and_migrations_agree(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_check_constraints_agree(migrated: Engine) -> None:
    """Alembic does not compare these."""
    inspector = inspect(migrated)
    for table in Base.metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        assert {c["name"] for c in inspector.get_check_constraints(table.name)} == wanted


def test_server_defaults_agree(migrated: Engine) -> None:
    inspector = inspect(migrated)
    for table in Base.metadata.sorted_tables:
        present = {c["name"] for c in inspector.get_columns(table.name) if c["default"] is not None}
        if migrated.dialect.name == "postgresql":
            present -= {"id"}
        assert present == {c.name for c in table.columns if c.server_default is not None}, table.name


def test_upgrading_again_changes_nothing(migrated: Engine, url: str) -> None:
    upgrade(url)
    assert set(inspect(migrated).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_going_back_leaves_nothing(migrated: Engine) -> None:
    with migrated.begin() as connection:
        command.downgrade(alembic_config(connection), "base")
    assert inspect(migrated).get_table_names() == ["alembic_version"]


def test_processes_that_start_at_once(url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "LIUKE_DATABASE_URL": url, "PYTHONPATH": str(PROJECT_ROOT)}
    starts = [
        subprocess.Popen(
            [sys.executable, "-m", "bot.db"], cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for start in starts:
        _, errors = start.communicate(timeout=90)
        assert start.returncode == 0, errors
    assert "client" in inspect(create_engine(url)).get_table_names()


def test_a_failed_upgrade_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="disk"):
        patch.setattr(Operations, "create_index", fail)
        upgrade(url)
    assert inspect(create_engine(url)).get_table_names() == []
    upgrade(url)
