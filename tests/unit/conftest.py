"""A throw-away PostgreSQL cluster for the tests that must hold on both engines."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

_INSTALLED = Path("/usr/lib/postgresql")


def _binaries() -> Path | None:
    found = sorted(_INSTALLED.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _unavailable(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives in a temporary folder and listens on no network."""
    binaries = _binaries()
    if binaries is None:
        _unavailable(f"PostgreSQL's initdb is absent: neither under {_INSTALLED}/*/bin nor on PATH")
        return
    prefix: list[str] = []
    # The server refuses to run as root; the folder is not under pytest's own, which others cannot enter.
    folder = Path(tempfile.mkdtemp(prefix="lk-pg-"))
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = next((name for name in ("postgres", "nobody") if name in names), None)
        runuser = shutil.which("runuser")
        if user is None or runuser is None:
            _unavailable("running as root: runuser, or a user postgres or nobody, is absent")
            return
        prefix = [runuser, "-u", user, "--"]
        shutil.chown(folder, user)

    def run(*command: str | Path) -> None:
        subprocess.run(
            [*prefix, *map(str, command)], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=90
        )

    data = folder / "data"
    try:
        run(binaries / "initdb", "-D", data, "-U", "liuke", "-A", "trust", "-E", "UTF8", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c timezone=UTC"
        run(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start")
        try:
            yield f"postgresql+psycopg2://liuke@/postgres?host={folder}"
        finally:
            run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_cluster: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a new, empty PostgreSQL database."""
    admin = create_engine(postgres_cluster, future=True, isolation_level="AUTOCOMMIT")
    name = f"test_{abs(hash(request.node.nodeid))}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_cluster.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
