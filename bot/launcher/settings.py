"""What the environment says about a start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.launcher.errors import LauncherError
from bot.training import QUIET

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
DEFAULT_START_SECONDS = 180


@dataclass(frozen=True)
class Port:
    """A port, who needs it, and the environment variable that changes it."""

    owner: str
    variable: str
    number: int


@dataclass(frozen=True)
class Settings:
    """Ports, folder and database of one start."""

    gateway: Port
    rasa: Port
    actions: Port
    var: Path
    database_url: str
    tracker_db: Path
    rasa_token: str = ""
    service_token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    start_seconds: float = DEFAULT_START_SECONDS
    gateway_host: str = HOST

    @property
    def ports(self) -> tuple[Port, Port, Port]:
        """All ports."""
        return (self.gateway, self.rasa, self.actions)

    @property
    def logs(self) -> Path:
        """Where the parts' logs are."""
        return self.var / "log"

    @property
    def endpoints(self) -> Path:
        """Rasa's endpoints with this start's ports."""
        return self.var / "endpoints.yml"

    @property
    def address(self) -> str:
        """What to type into the browser on this machine."""
        everywhere = self.gateway_host in ("0.0.0.0", "::", "localhost")
        return f"http://{HOST if everywhere else self.gateway_host}:{self.gateway.number}"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings.

        Raises:
            LauncherError: when a variable holds something that cannot be.
        """
        var = ROOT / (environ.get("LIUKE_VAR", "").strip() or "var")
        tracker = environ.get("LIUKE_TRACKER_DB", "").strip()
        settings = cls(
            gateway=_port(environ, "网页", "LIUKE_PORT", 8080),
            rasa=_port(environ, "Rasa", "LIUKE_RASA_PORT", 5005),
            actions=_port(environ, "动作服务", "LIUKE_ACTIONS_PORT", 5055),
            var=var,
            database_url=environ.get("LIUKE_DATABASE_URL", "").strip() or f"sqlite:///{var / 'liuke.db'}",
            tracker_db=ROOT / tracker if tracker else var / "tracker.db",
            rasa_token=environ.get("LIUKE_RASA_TOKEN", "").strip(),
            start_seconds=_number(environ, "LIUKE_START_SECONDS", DEFAULT_START_SECONDS, 1, 3600),
            gateway_host=environ.get("LIUKE_HOST", "").strip() or HOST,
        )
        seen: dict[int, Port] = {}
        for port in settings.ports:
            other = seen.setdefault(port.number, port)
            if other is not port:
                raise LauncherError(
                    f"{other.variable} 和 {port.variable} 都是 {port.number}:请给它们不同的端口。"
                )
        return settings

    def child_environment(self, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment of every part: what the user set, completed with what this start decided."""
        inherited = {key: value for key, value in environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
        return {
            **inherited,
            **QUIET,
            "LIUKE_HOST": self.gateway_host,
            "LIUKE_PORT": str(self.gateway.number),
            "LIUKE_RASA_PORT": str(self.rasa.number),
            "LIUKE_ACTIONS_PORT": str(self.actions.number),
            "LIUKE_VAR": str(self.var),
            "LIUKE_DATABASE_URL": self.database_url,
            "LIUKE_RASA_TOKEN": self.rasa_token,
            "LIUKE_SERVICE_TOKEN": self.service_token,
            "SANIC_HOST": HOST,  # where rasa_sdk listens; its default is every interface
            "PYTHONUNBUFFERED": "1",
        }


def _port(environ: Mapping[str, str], owner: str, variable: str, default: int) -> Port:
    return Port(owner, variable, _number(environ, variable, default, 1, 65535))


def _number(environ: Mapping[str, str], variable: str, default: int, least: int, most: int) -> int:
    text = environ.get(variable, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise LauncherError(f"{variable}={text} 不对:请给 {least} 到 {most} 之间的整数。")
    return int(text)
