"""Rasa's endpoints file of a start."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.launcher import endpoints
from bot.launcher.endpoints import write_endpoints
from bot.launcher.settings import Settings


def written(var: Path, **environ: str) -> dict[str, dict[str, object]]:
    var.mkdir(exist_ok=True)
    settings = Settings.from_environment({"LIUKE_VAR": str(var), **environ})
    write_endpoints(settings)
    content: dict[str, dict[str, object]] = yaml.safe_load(settings.endpoints.read_text(encoding="utf-8"))
    return content


def test_port_and_store_are_of_this_start(tmp_path: Path) -> None:
    content = written(tmp_path / "var", LIUKE_ACTIONS_PORT="6055")
    assert content["action_endpoint"]["url"] == "http://127.0.0.1:6055/webhook"
    assert content["action_endpoint"]["enable_selective_domain"] is True
    assert content["tracker_store"]["db"] == str(tmp_path / "var" / "tracker.db")


def test_store_can_be_named(tmp_path: Path) -> None:
    content = written(tmp_path / "var", LIUKE_TRACKER_DB=str(tmp_path / "deep" / "t.db"))
    assert content["tracker_store"]["db"] == str(tmp_path / "deep" / "t.db")
    assert (tmp_path / "deep").is_dir()


def test_another_store_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "endpoints.yml").write_text(
        "tracker_store: {type: SQL, dialect: postgresql, db: rasa}\nlock_store: {type: redis}\n"
    )
    monkeypatch.setattr(endpoints, "ROOT", tmp_path)
    content = written(tmp_path / "var")
    assert content["tracker_store"]["db"] == "rasa"
    assert content["lock_store"] == {"type": "redis"}
