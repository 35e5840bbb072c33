"""The three servers: how each is started, and how it says that it is ready."""

from __future__ import annotations

import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from bot.launcher.settings import HOST, ROOT, Settings

# Without the system's proxy: the servers are on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Part:
    """A program to be started and watched.

    Attributes:
        name: Names its log file.
        title: What the user calls it.
        argv: Its command.
        log: Where its output goes.
        environment: All of its environment.
        health: The address that answers 200 once it is ready; empty for a program that just runs and ends.
        shown: The address to show, without secrets.
    """

    name: str
    title: str
    argv: tuple[str, ...]
    log: Path
    environment: dict[str, str] = field(repr=False)
    health: str = ""
    shown: str = ""
    folder: Path = ROOT


def answer(url: str, seconds: float = 2.0) -> int:
    """The HTTP status an address answers with, or 0 when nobody answers."""
    try:
        with _opener.open(url, timeout=seconds) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError, urllib.error.URLError):
        return 0


def action_server(settings: Settings) -> Part:
    """Rasa's action server, on the loopback interface."""
    port = settings.actions.number
    return Part(
        name="actions",
        title="动作服务",
        argv=(sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(port)),
        log=settings.logs / "actions.log",
        environment=settings.child_environment(),
        health=f"http://{HOST}:{port}/health",
        shown=f"http://{HOST}:{port}",
    )


def rasa_server(settings: Settings, model: Path) -> Part:
    """Rasa with its HTTP API, on the loopback interface."""
    port = settings.rasa.number
    arguments = ("--enable-api", "-i", HOST, "-p", str(port), "--model", str(model))
    files = ("--endpoints", str(settings.endpoints), "--credentials", str(ROOT / "credentials.yml"))
    query = f"?{urllib.parse.urlencode({'token': settings.rasa_token})}" if settings.rasa_token else ""
    return Part(
        name="rasa",
        title="Rasa",
        argv=(sys.executable, "-m", "bot.launcher.rasa_server", "run", *arguments, *files),
        log=settings.logs / "rasa.log",
        environment=settings.child_environment(),
        health=f"http://{HOST}:{port}/status{query}",
        shown=f"http://{HOST}:{port}",
    )


def gateway_server(settings: Settings) -> Part:
    """The web pages and the public API."""
    return Part(
        name="gateway",
        title="网页",
        argv=(sys.executable, "-m", "bot.gateway"),
        log=settings.logs / "gateway.log",
        environment=settings.child_environment(),
        health=f"{settings.address}/api/health",
        shown=settings.address,
    )


def servers(settings: Settings, model: Path) -> tuple[Part, ...]:
    """All three, the slowest to start first."""
    return (rasa_server(settings, model), action_server(settings), gateway_server(settings))
