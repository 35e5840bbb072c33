"""One child process: in a group of its own, logged, and gone when we are gone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from bot.launcher.lifeline import die_with_parent
from bot.launcher.parts import Part

KEEP_LOGS = 3
GRACE_SECONDS = 10.0
TAIL_BYTES = 64 * 1024
TELLING = re.compile(r"\b\w*(Error|Exception)\b|\bERROR\b|\bCRITICAL\b|✗")


class Process:
    """A running part. Start it from the main thread: Linux ties its life to the thread that made it."""

    def __init__(self, part: Part) -> None:
        self.part = part
        rotate(part.log)
        self.began = time.monotonic()
        with part.log.open("wb") as stream:
            self._child = subprocess.Popen(
                part.argv,
                cwd=part.folder,
                env=part.environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )

    @property
    def pid(self) -> int:
        """Its process id, which is also its group's."""
        return self._child.pid

    @property
    def seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self.began

    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._child.poll()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and everything it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end.

        Returns:
            Whether it ended in time.
        """
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def last_error(self) -> str:
        """The line of its log that most likely says why it ended."""
        return last_error(self.part.log)


def stop_all(processes: list[Process], grace: float = GRACE_SECONDS) -> None:
    """Ask all to end, then end those that don't; their own children with them."""
    for process in processes:
        process.signal(signal.SIGTERM)
    deadline = time.monotonic() + grace
    for process in processes:
        process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        process.signal(signal.SIGKILL)
        process.wait(5)


def rotate(log: Path) -> None:
    """Move the log of the last start aside, and forget the oldest."""
    log.parent.mkdir(parents=True, exist_ok=True)
    for number in range(KEEP_LOGS, 0, -1):
        older = log.with_suffix(f".{number}.log")
        newer = log if number == 1 else log.with_suffix(f".{number - 1}.log")
        with suppress(FileNotFoundError):
            newer.replace(older)


def last_error(log: Path) -> str:
    """The last telling line of a log, else its last line."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - TAIL_BYTES))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return "没有日志"
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if TELLING.search(line)]
    return (telling or lines or ["没有输出"])[-1][:300].lstrip("✗ ")
