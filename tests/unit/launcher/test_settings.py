"""What the environment may say, and what is told when it says nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.launcher.errors import LauncherError
from bot.launcher.settings import ROOT, Settings


def test_defaults_are_the_contract() -> None:
    settings = Settings.from_environment({})
    assert [port.number for port in settings.ports] == [8080, 5005, 5055]
    assert settings.var == ROOT / "var"
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'liuke.db'}"
    assert settings.tracker_db == ROOT / "var" / "tracker.db"
    assert settings.address == "http://127.0.0.1:8080"


def test_environment_is_followed(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "LIUKE_PORT": "9001",
            "LIUKE_RASA_PORT": "9002",
            "LIUKE_ACTIONS_PORT": "9003",
            "LIUKE_VAR": str(tmp_path),
            "LIUKE_DATABASE_URL": "postgresql://db/liuke",
            "LIUKE_TRACKER_DB": str(tmp_path / "t.db"),
            "LIUKE_HOST": "0.0.0.0",
        }
    )
    assert [port.number for port in settings.ports] == [9001, 9002, 9003]
    assert settings.logs == tmp_path / "log"
    assert settings.tracker_db == tmp_path / "t.db"
    assert settings.address == "http://127.0.0.1:9001"
    child = settings.child_environment({"PYTHONPATH": "/elsewhere", "KEPT": "1"})
    assert child["LIUKE_DATABASE_URL"] == "postgresql://db/liuke"
    assert child["LIUKE_HOST"] == "0.0.0.0"
    assert child["SANIC_HOST"] == "127.0.0.1"
    assert child["RASA_TELEMETRY_ENABLED"] == "false"
    assert child["KEPT"] == "1"
    assert "PYTHONPATH" not in child


def test_another_folder_keeps_its_own_database(tmp_path: Path) -> None:
    settings = Settings.from_environment({"LIUKE_VAR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'liuke.db'}"
    assert settings.tracker_db == tmp_path / "tracker.db"


@pytest.mark.parametrize("text", ["0", "65536", "-1", "abc", "80.5", "八零", "²"])
def test_impossible_port_is_named(text: str) -> None:
    with pytest.raises(LauncherError, match=f"LIUKE_PORT={text}"):
        Settings.from_environment({"LIUKE_PORT": text})


def test_two_parts_cannot_share_a_port() -> None:
    with pytest.raises(LauncherError, match="LIUKE_PORT 和 LIUKE_RASA_PORT 都是 5005"):
        Settings.from_environment({"LIUKE_PORT": "5005"})


def test_token_is_not_shown() -> None:
    from bot.launcher.parts import rasa_server

    settings = Settings.from_environment({"LIUKE_RASA_TOKEN": "geheim"})
    part = rasa_server(settings, Path("m.tar.gz"))
    assert "geheim" in part.health
    assert "geheim" not in " ".join(part.argv) + part.shown
