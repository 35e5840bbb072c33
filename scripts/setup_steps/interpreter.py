"""Finding Python 3.10, which Rasa needs, or letting uv bring it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from setup_steps.console import SetupError, clean_environment, quiet, run_shown

CHECK = """
import sys, ssl, sqlite3, ctypes, zlib
assert sys.version_info[:2] == (3, 10)
print(getattr(sys, "_base_executable", sys.executable))
"""
# A Python compiled without one of these modules would install, and fail much later.

ADVICE = (
    "没有找到可用的 Python 3.10,也没能下载:请装好它(例如 uv python install 3.10 或 pyenv install 3.10),"
    "或用环境变量 LIUKE_PYTHON 指明它的路径,再运行一次。"
)


def works(python: str | Path) -> str | None:
    """Where the Python behind a command is, when it is a complete 3.10; of an environment, its base."""
    return quiet([str(python), "-c", CHECK]) or None


def find_python(uv: list[str]) -> str | None:
    """An installed Python 3.10: the one named by LIUKE_PYTHON, uv's choice, pyenv's, or one on PATH.

    Raises:
        SetupError: when LIUKE_PYTHON names something else.
    """
    named = os.environ.get("LIUKE_PYTHON", "").strip()
    if named:
        found = works(named)
        if found is None:
            raise SetupError(
                f"LIUKE_PYTHON={named} 不是可用的 Python 3.10:请改正或去掉这个环境变量,再运行一次。"
            )
        return found
    return next(filter(None, map(works, _candidates(uv))), None)


def _candidates(uv: list[str]) -> Iterator[str | Path]:
    offline = clean_environment(UV_PYTHON_DOWNLOADS="never")
    found = quiet([*uv, "python", "find", "--system", "--no-project", "3.10"], env=offline)
    if found:
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/3.10*/bin/python3.10"), reverse=True)
    for folder in [*os.environ.get("PATH", "").split(os.pathsep), "/usr/local/bin", "/opt/homebrew/bin"]:
        path = shutil.which("python3.10", path=folder) if folder else None
        if path:
            yield path


def bring_python(uv: list[str], log: Path) -> str:
    """Let uv download Python 3.10.

    Raises:
        SetupError: when it cannot.
    """
    run_shown("没有 Python 3.10,正在下载", [*uv, "python", "install", "3.10"], log)
    found = find_python(uv)
    if found is None:
        raise SetupError(ADVICE)
    return found
