"""Where things listen, from the environment; the secret that signs sessions and tokens."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from bot.db.engine import PROJECT_ROOT

_SHORTEST_SECRET = 16


class SettingsError(ValueError):
    """An environment variable holds what it must not; the text is Chinese."""


@dataclass(frozen=True)
class Settings:
    """Ports, hosts and secrets of one gateway process."""

    host: str = "127.0.0.1"
    port: int = 8080
    rasa_port: int = 5005
    actions_port: int = 5055
    rasa_token: str | None = field(default=None, repr=False)
    #: tells Rasa that a message comes from a signed-in advisor
    service_token: str | None = field(default=None, repr=False)
    secret: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://{self.host}:{self.port}"

    @property
    def session_cookie(self) -> str:
        """Browsers tell hosts apart, but not ports: two copies on one host must not share a session."""
        return f"liuke_session_{self.port}"

    @property
    def rasa_url(self) -> str:
        """Rasa's address; always on loopback."""
        return f"http://127.0.0.1:{self.rasa_port}"

    @property
    def actions_url(self) -> str:
        """The action server's address; always on loopback."""
        return f"http://127.0.0.1:{self.actions_port}"


def var_dir() -> Path:
    """The folder for everything that is written: LIUKE_VAR, else the project's `var`."""
    return PROJECT_ROOT / (os.environ.get("LIUKE_VAR", "").strip() or "var")


def load_settings(secret_file: Path | None = None) -> Settings:
    """Read the settings from the environment.

    Args:
        secret_file: Where the secret is kept; `secret` in `var_dir()` if absent.

    Raises:
        SettingsError: naming the variable that cannot be used.
    """
    return Settings(
        host=os.environ.get("LIUKE_HOST", "").strip() or "127.0.0.1",
        port=_port("LIUKE_PORT", 8080),
        rasa_port=_port("LIUKE_RASA_PORT", 5005),
        actions_port=_port("LIUKE_ACTIONS_PORT", 5055),
        rasa_token=os.environ.get("LIUKE_RASA_TOKEN", "").strip() or None,
        service_token=os.environ.get("LIUKE_SERVICE_TOKEN", "").strip() or None,
        secret=_secret(secret_file or var_dir() / "secret"),
    )


def _port(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SettingsError(f"{name} 应为 1 到 65535 的端口号，现为「{text}」")
    return int(text)


def _secret(file: Path) -> str:
    """LIUKE_SECRET, else the file's, else a new one that only its owner can read."""
    given = os.environ.get("LIUKE_SECRET", "").strip()
    if given:
        if len(given) < _SHORTEST_SECRET:
            raise SettingsError(f"LIUKE_SECRET 至少要 {_SHORTEST_SECRET} 个字符")
        return given
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive creation with the mode set at once: no moment in which others could read it.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        stored = file.read_text(encoding="utf-8").strip()
        if len(stored) < _SHORTEST_SECRET:
            raise SettingsError(f"{file} 已损坏，请删除后重新启动") from None
        return stored
    made = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(made + "\n")
    return made
