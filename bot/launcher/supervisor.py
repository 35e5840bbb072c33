"""Starting several parts at once, waiting until they answer, watching them, and stopping them all."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable
from types import FrameType

from bot.launcher.errors import LauncherError
from bot.launcher.parts import Part, answer
from bot.launcher.process import GRACE_SECONDS, Process, stop_all

POLL_SECONDS = 0.2
NO_MODEL = 409
"""Rasa's answer when it runs but could not load its model."""


class Stopped(Exception):  # noqa: N818 - no error: the wish of the user
    """The user asked for the end."""


class Supervisor:
    """Looks after parts: one that dies ends all, and so does the user's signal.

    Args:
        report: Gets each line of progress.
        grace: Seconds between asking a part to end and ending it.
    """

    def __init__(self, report: Callable[[str], None] = print, grace: float = GRACE_SECONDS) -> None:
        self._report = report
        self._grace = grace
        self._stop = threading.Event()
        self._running: list[Process] = []

    def obey_signals(self) -> None:
        """Stop on Ctrl-C, on `kill`, and when the terminal closes."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def stop(self) -> None:
        """Ask for the end; `watch` and its like return soon after."""
        self._stop.set()

    def run_to_end(self, part: Part) -> str:
        """Run a part that ends by itself.

        Returns:
            What it printed.

        Raises:
            LauncherError: when it fails.
            Stopped: when the user asked for the end.
        """
        process = self._start(part)
        while process.exit_code() is None:
            self._pause()
        self._running.remove(process)
        if process.exit_code():
            raise LauncherError(f"{part.title}没有成功:{process.last_error()}(完整日志:{part.log})")
        return part.log.read_text(encoding="utf-8", errors="replace").strip()

    def start(self, parts: Iterable[Part]) -> None:
        """Start all parts at once."""
        for part in parts:
            self._start(part)

    def wait_ready(self, seconds: float) -> None:
        """Wait until every part answers; each is reported with its seconds as it does.

        Raises:
            LauncherError: when one dies, has no model, or takes too long.
            Stopped: when the user asked for the end.
        """
        waiting = [process for process in self._running if process.part.health]
        deadline = time.monotonic() + seconds
        while waiting:
            self._pause()
            for process in list(waiting):
                status = answer(process.part.health)
                if status == 200:
                    waiting.remove(process)
                    part = process.part
                    self._report(f"  ✓ {part.title}已就绪,{process.seconds:.1f} 秒  {part.shown}")
                elif status == NO_MODEL:
                    raise LauncherError(
                        f"{process.part.title}没能载入模型:{process.last_error()}(完整日志:{process.part.log})"
                    )
            if waiting and time.monotonic() > deadline:
                late = waiting[0].part
                raise LauncherError(
                    f"{late.title}在 {seconds:.0f} 秒内没有就绪:请看 {late.log},"
                    "机器较慢时可用环境变量 LIUKE_START_SECONDS 多等一会儿。"
                )

    def watch(self) -> None:
        """Return when the user asks for the end.

        Raises:
            LauncherError: when a part dies.
        """
        try:
            while True:
                self._pause()
        except Stopped:
            return

    def stop_all(self) -> None:
        """Stop everything that still runs."""
        running, self._running = self._running, []
        stop_all(running, self._grace)

    def _start(self, part: Part) -> Process:
        try:
            process = Process(part)
        except FileNotFoundError as error:
            raise LauncherError(
                f"{part.title}启动不了:找不到 {error.filename},请再运行一次 make run。"
            ) from None
        self._running.append(process)
        return process

    def _pause(self) -> None:
        """Let a moment pass, and see to what happened meanwhile."""
        if self._stop.wait(POLL_SECONDS):
            raise Stopped
        for process in self._running:
            code = process.exit_code()
            if code is not None and process.part.health:
                part = process.part
                raise LauncherError(
                    f"{part.title}({part.name})意外退出,{_how(code)}:{_why(process, code)}"
                    f"(其余部分已一并停止;完整日志:{part.log})"
                )

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()


def _how(code: int) -> str:
    if code >= 0:
        return f"退出码 {code}"
    try:
        return f"被信号 {signal.Signals(-code).name} 终止"
    except ValueError:
        return f"被信号 {-code} 终止"


def _why(process: Process, code: int) -> str:
    if code == -signal.SIGKILL:  # a killed program says nothing of its end
        return "可能是内存不足,也可能被人手动结束"
    return process.last_error()
