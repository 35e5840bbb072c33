#!/usr/bin/env python3
"""Make the project runnable: uv, Python 3.10 and the locked environment in `.venv`.

Runs on any Python from 3.8 on, without packages; says what it does, and on failure one line with the remedy.
`--group test` also sees to what the browser tests need from the system.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from pathlib import Path
from types import FrameType

sys.path.insert(0, str(Path(__file__).resolve().parent))

from setup_steps.browser import ensure_browser
from setup_steps.console import SetupError, advice_for, prepare_output, say
from setup_steps.environment import Environment

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run the setup.

    Returns:
        The exit status: 0, 1 with a line on stderr, or 130 when interrupted.
    """
    prepare_output()
    parser = argparse.ArgumentParser(description="安装运行环境(uv、Python 3.10、锁定的依赖)")
    parser.add_argument("--group", choices=["run", "test"], default="run", help="test:另装浏览器测试所需")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        set_up(options.root.resolve(), options.group)
    except SetupError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(advice_for(error))
    except KeyboardInterrupt:
        print("\n安装已中断,下次运行会接着完成。", file=sys.stderr)
        return 130
    return 0


def set_up(root: Path, group: str = "run") -> None:
    """Do what is missing; one process at a time, the others wait."""
    environment = Environment(root)
    if not environment.is_ready():
        with only_one(root / "var" / "setup.lock"):
            if not environment.is_ready():  # another start may have made it while we waited
                environment.make()
    if group == "test":
        with only_one(root / "var" / "setup.lock"):
            ensure_browser(environment.log)


@contextlib.contextmanager
def only_one(path: Path):
    """Hold a lock that the system lets go of even when this process is killed."""
    try:
        import fcntl
    except ImportError:
        raise SetupError("这个系统不受支持:请在 Linux、macOS 或 Windows 的 WSL 里运行。") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(str(path), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个安装正在进行,等它完成…")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _fail(text: str) -> int:
    print(f"✗ {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
