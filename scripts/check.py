#!/usr/bin/env python3
"""The stages of `make test`, in order, each with a heading and its seconds; the first that fails ends it.

`scripts/check.py lint types` runs only the stages named.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST_FOLDERS = ("tests/unit", "tests/conversations", "tests/nlu", "tests/browser")
PYTHON = (sys.executable, "-m")
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TQDM_DISABLE": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUNBUFFERED": "1",
}
"""What keeps TensorFlow and Rasa from talking about themselves."""

Command = tuple[str, ...]

# Short name, heading, commands.
STAGES: tuple[tuple[str, str, tuple[Command, ...]], ...] = (
    (
        "lint",
        "代码风格(ruff)",
        ((*PYTHON, "ruff", "check", "."), (*PYTHON, "ruff", "format", "--check", ".")),
    ),
    ("types", "类型(mypy)", ((*PYTHON, "mypy"),)),
    ("playbook", "话术数据(bot.playbook)", ((*PYTHON, "bot.playbook"),)),
    ("data", "Rasa 数据(rasa data validate)", ((*PYTHON, "rasa", "data", "validate", "--fail-on-warnings"),)),
    ("model", "模型(bot.training)", ((*PYTHON, "bot.training"),)),
    ("tests", "测试(pytest)", ((*PYTHON, "pytest", *TEST_FOLDERS),)),
)


def main(names: list[str]) -> int:
    """Run the stages named, or all.

    Returns:
        0, or the exit status of what failed.
    """
    known = [name for name, _, _ in STAGES]
    unknown = set(names) - set(known)
    if unknown:
        print(f"✗ 没有这些步骤:{' '.join(sorted(unknown))};可选:{' '.join(known)}", file=sys.stderr)
        return 2
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)  # type: ignore[union-attr]
    chosen = [stage for stage in STAGES if not names or stage[0] in names]
    if "tests" in [stage[0] for stage in chosen] and not _has_all_tests():
        return 1
    times: list[str] = []
    for number, (name, heading, commands) in enumerate(chosen, 1):
        last = number == len(chosen)
        print(f"\n━━ {number}/{len(chosen)} {heading}")
        if last and times:
            print(f"   此前各步用时:{','.join(times)}")  # before pytest's lines, which close the output
        began = time.monotonic()
        for command in commands:
            code = _run(command)
            if code:
                print(f"✗ 第 {number} 步没有通过:{heading}(退出码 {code})。", file=sys.stderr)
                return code if 0 < code < 126 else 1
        seconds = time.monotonic() - began
        times.append(f"{name} {seconds:.0f} 秒")
        if name != "tests":
            print(f"   通过,用时 {seconds:.1f} 秒")
    return 0


def _run(command: Command) -> int:
    """Run a command to its end; what ends us ends it too."""
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}) as process:
        previous = signal.signal(signal.SIGTERM, lambda _number, _frame: process.terminate())
        try:
            return process.wait()
        finally:
            signal.signal(signal.SIGTERM, previous)


def _has_all_tests() -> bool:
    """Pytest would pass over a folder that lost its tests, as long as another has some."""
    empty = [folder for folder in TEST_FOLDERS if not any((ROOT / folder).rglob("test_*.py"))]
    if empty:
        print(f"✗ 这些文件夹里没有测试:{' '.join(empty)}", file=sys.stderr)
    return not empty


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
