"""The whole assistant as real processes, for tests: action server, Rasa and gateway on free ports.

Started by the same code as `make run`, in a folder and on a database of its own.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from bot.launcher.endpoints import write_endpoints
from bot.launcher.parts import Part, answer, servers
from bot.launcher.process import Process, stop_all
from bot.launcher.settings import HOST, ROOT, Port, Settings

READY_SECONDS = 120.0
STOP_SECONDS = 10.0


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


def make_template(file: Path, password: str) -> Path:
    """Fill a new SQLite file with today's demo; takes seconds, so make one and copy it."""
    environment = {
        **os.environ,
        "LIUKE_DATABASE_URL": f"sqlite:///{file}",
        "LIUKE_DEMO_PASSWORD": password,
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot.demo"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"python -m bot.demo failed:\n{done.stderr.decode('utf-8', 'replace')[-2000:]}")
    return file


class Stack:
    """A running assistant.

    Start it from the main thread: the servers end with the thread that started them.

    Args:
        var: An empty folder for its database, conversations and logs.
        template: The demo database to copy (`make_template`).
        password: The demo users' password in that database.
        model: The trained model (`bot.training.ensure_model`).
        environment: More environment variables for all parts.

    Attributes:
        url: The gateway's address.
        rasa_url: Rasa's address.
        actions_url: The action server's address.
        username: A demo advisor of branch 1.
        password: The demo users' password.
        database_url: The database of all parts.
        var: The folder; logs are in `var/log`.
    """

    username = "advisor1"

    def __init__(
        self,
        var: Path,
        template: Path,
        password: str,
        model: Path,
        environment: dict[str, str] | None = None,
    ) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.database = database = var / "liuke.db"
        shutil.copyfile(template, database)
        web, rasa, actions = free_ports(3)
        self.settings = Settings(
            gateway=Port("网页", "LIUKE_PORT", web),
            rasa=Port("Rasa", "LIUKE_RASA_PORT", rasa),
            actions=Port("动作服务", "LIUKE_ACTIONS_PORT", actions),
            var=var,
            database_url=f"sqlite:///{database}",
            tracker_db=var / "tracker.db",
        )
        self.var = var
        self.url = self.settings.address
        self.rasa_url = f"http://{HOST}:{rasa}"
        self.actions_url = f"http://{HOST}:{actions}"
        self.database_url = self.settings.database_url
        self.password = password
        write_endpoints(self.settings)
        extra = {
            "LIUKE_DEMO_PASSWORD": password,
            "LIUKE_SECRET": secrets.token_urlsafe(32),
            **(environment or {}),
        }
        self._parts: dict[str, Part] = {
            part.name: replace(part, environment={**part.environment, **extra})
            for part in servers(self.settings, model)
        }
        self._running: dict[str, Process] = {}

    @property
    def names(self) -> list[str]:
        """The parts: rasa, actions, gateway."""
        return list(self._parts)

    def start(self, name: str | None = None) -> None:
        """Start one part, or all that do not run; does not wait for them."""
        for one in [name] if name else self.names:
            if one not in self._running:
                self._running[one] = Process(self._parts[one])

    def stop(self, name: str) -> None:
        """End a part as Ctrl-C would."""
        process = self._running.pop(name, None)
        if process:
            stop_all([process], STOP_SECONDS)

    def kill(self, name: str) -> None:
        """End a part with no chance to clean up, as a crash or a power cut would."""
        process = self._running.pop(name)
        process.signal(signal.SIGKILL)
        process.wait(STOP_SECONDS)

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Wait until every started part answers.

        Raises:
            RuntimeError: when one dies or is too slow, with the end of its log.
        """
        deadline = time.monotonic() + seconds
        waiting = dict(self._running)
        while waiting:
            for name, process in list(waiting.items()):
                if process.exit_code() is not None:
                    raise RuntimeError(f"{name} ended with {process.exit_code()}:\n{self.log(name)[-3000:]}")
                if answer(process.part.health) == 200:
                    del waiting[name]
            if waiting and time.monotonic() > deadline:
                logs = "\n".join(f"--- {name}\n{self.log(name)[-2000:]}" for name in waiting)
                raise RuntimeError(f"not ready after {seconds:.0f} s: {', '.join(waiting)}\n{logs}")
            time.sleep(0.1)

    def log(self, name: str) -> str:
        """What a part has printed since its last start."""
        try:
            return self._parts[name].log.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def close(self) -> None:
        """End all parts."""
        running, self._running = list(self._running.values()), {}
        stop_all(running, STOP_SECONDS)
