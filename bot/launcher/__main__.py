"""`python -m bot.launcher`: check, prepare, start, watch, stop."""

from __future__ import annotations

import sys
import time
from contextlib import suppress

from bot.launcher.checks import check_folder, check_ports, only_one
from bot.launcher.errors import LauncherError, advice_for
from bot.launcher.parts import servers
from bot.launcher.prepare import log_ins, prepare
from bot.launcher.settings import Settings
from bot.launcher.supervisor import Stopped, Supervisor
from bot.training import TrainingError


def main() -> int:
    """Run the assistant until the user stops it.

    Returns:
        The exit status: 0 after a stop, 1 with one line on stderr after a failure.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    supervisor = Supervisor(report=_say)
    supervisor.obey_signals()
    try:
        _run(Settings.from_environment(), supervisor)
    except Stopped:
        pass
    except (LauncherError, TrainingError) as error:
        return _fail(str(error), supervisor)
    except OSError as error:
        return _fail(advice_for(error), supervisor)
    finally:
        supervisor.stop_all()
    _say("已停止。")
    return 0


def _run(settings: Settings, supervisor: Supervisor) -> None:
    began = time.monotonic()
    check_folder(settings.var)
    with only_one(settings.var):
        check_ports(settings.ports)
        model = prepare(settings, supervisor)
        _say(f"正在启动 Rasa、动作服务和网页(日志在 {settings.logs})…")
        supervisor.start(servers(settings, model))
        supervisor.wait_ready(settings.start_seconds)
        _say(f"留客已就绪,共用 {time.monotonic() - began:.0f} 秒:{settings.address}")
        _say(log_ins(settings))
        _say("按 Ctrl-C 停止。")
        try:
            supervisor.watch()
        finally:
            _say("正在停止…")
            supervisor.stop_all()  # while the folder is still ours


def _say(text: str) -> None:
    with suppress(BrokenPipeError):
        print(text, flush=True)


def _fail(text: str, supervisor: Supervisor) -> int:
    supervisor.stop_all()
    with suppress(BrokenPipeError):
        print(f"✗ {text}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
