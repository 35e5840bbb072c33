"""Finding Python 3.10, which Rasa needs, or letting uv bring it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from setup_steps.console import SetupError, clean_environment, quiet, run_shown

CHECK = "import sys, ssl, sqlite3, ctypes, zlib; assert sys.version_info[:2] == (3, 10); print(sys.executable)"
"""A Python compiled without one of these modules would install, and fail much later."""

ADVICE = (
    "没有找到可用的 Python 3.10,也没能下载:请装好它(例如 uv python install 3.10 或 pyenv install 3.10),"
    "或用环境变量 LIUKE_PYTHON 指明它的路径,再运行一次。"
)


def works(python: str) -> bool:
    """Whether this is a complete Python 3.10."""
    return quiet([python, "-c", CHECK]) is not None


def find_python(uv: list[str]) -> str | None:
    """An installed Python 3.10: the one named by LIUKE_PYTHON, uv's choice, pyenv's, or one on PATH.

    Raises:
        SetupError: when LIUKE_PYTHON names something else.
    """
    named = os.environ.get("LIUKE_PYTHON", "").strip()
    if named:
        if works(named):
            return named
        raise SetupError(f"LIUKE_PYTHON={named} 不是可用的 Python 3.10:请改正或去掉这个环境变量,再运行一次。")
    found = [quiet([*uv, "python", "find", "3.10"], env=clean_environment(UV_PYTHON_DOWNLOADS="never"))]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found += [str(path) for path in sorted(pyenv.glob("versions/3.10*/bin/python3.10"), reverse=True)]
    found += [
        shutil.which("python3.10", path=folder)
        for folder in [*os.environ.get("PATH", "").split(os.pathsep), "/usr/local/bin", "/opt/homebrew/bin"]
        if folder
    ]
    return next((path for path in found if path and works(path)), None)


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
