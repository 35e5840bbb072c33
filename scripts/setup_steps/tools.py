"""Finding a uv that works, or bringing one into `var/tools`."""

from __future__ import annotations

import os
import re
import shutil
import sys
from pathlib import Path

from setup_steps.console import SetupError, cause_of, clean_environment, last_line, quiet, run_shown

OLDEST_UV = (0, 4)


def find_uv(tools: Path) -> list[str] | None:
    """The command of a working uv: on PATH, where its installer puts it, as a module, or our own."""
    for command in _candidates(tools):
        if _works(command):
            return command
    return None


def bring_uv(tools: Path, log: Path) -> list[str]:
    """Install uv into the tools' folder.

    Raises:
        SetupError: when neither pip, venv nor Debian's pip could do it.
    """
    outputs = []
    for label, prepare in (
        ("正在安装 uv(用 pip)", _with_pip),
        ("正在安装 uv(用较新的 pip)", _with_newer_pip),
        ("正在安装 uv(用虚拟环境里的 pip)", _with_venv),
        ("正在安装 uv(先装 Debian 的 python3-pip)", _with_debian_pip),
    ):
        outputs.append(prepare(label, tools, log))
        found = find_uv(tools)
        if found:
            return found
        if cause_of(outputs[-1]):  # no network, no space …: another pip would fail alike
            break
    text = "\n".join(filter(None, outputs))
    how = "请先装好 uv(python3 -m pip install uv)或 pip(Debian:apt-get install python3-pip),再运行一次。"
    if not text:
        raise SetupError(f"没有 uv,也没有 pip 可以安装它:{how}")
    raise SetupError(f"uv 安装不上:{cause_of(text) or last_line(text) + ';' + how}")


def _candidates(tools: Path) -> list[list[str]]:
    found = []
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = shutil.which("uv", path=folder) if folder else None
        if path:
            found.append([path])
    for place in (Path.home() / ".local/bin/uv", Path.home() / ".cargo/bin/uv"):
        if place.exists():
            found.append([str(place)])
    found.append([sys.executable, "-m", "uv"])
    for place in (tools / "bin" / "uv", tools / "venv" / "bin" / "uv"):
        if place.exists():
            found.append([str(place)])
    return found


def _works(command: list[str]) -> bool:
    match = re.match(r"uv (\d+)\.(\d+)", quiet([*command, "--version"]) or "")
    return bool(match) and (int(match.group(1)), int(match.group(2))) >= OLDEST_UV


def _install(label: str, pip: list[str], tools: Path, log: Path, env: dict[str, str] | None = None) -> str:
    """Only ready-made uv: building it would need a Rust compiler."""
    argv = [*pip, "install", "--upgrade", "--only-binary", ":all:", "--target", str(tools), "uv"]
    return run_shown(label, argv, log, env)[1]


def _with_pip(label: str, tools: Path, log: Path, python: str = sys.executable) -> str:
    if quiet([python, "-m", "pip", "--version"]) is None:
        return ""
    return _install(label, [python, "-m", "pip"], tools, log)


def _with_newer_pip(label: str, tools: Path, log: Path) -> str:
    """A pip from before 2020 does not know today's wheels; a newer one runs beside it."""
    version = re.match(r"pip (\d+)", quiet([sys.executable, "-m", "pip", "--version"]) or "")
    if not version or int(version.group(1)) >= 21:
        return ""
    newer = tools / "pip"
    pip = [sys.executable, "-m", "pip"]
    run_shown("正在取得较新的 pip", [*pip, "install", "--target", str(newer), "pip"], log)
    return _install(label, pip, tools, log, clean_environment(PYTHONPATH=str(newer)))


def _with_venv(label: str, tools: Path, log: Path) -> str:
    folder = tools / "venv"
    shutil.rmtree(folder, ignore_errors=True)
    if quiet([sys.executable, "-m", "venv", str(folder)], timeout=300) is None:
        shutil.rmtree(folder, ignore_errors=True)
        return ""
    argv = [str(folder / "bin" / "python"), "-m", "pip", "install", "--only-binary", ":all:", "uv"]
    return run_shown(label, argv, log)[1]


def _with_debian_pip(label: str, tools: Path, log: Path) -> str:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return ""
    code, output = apt_install(label, ["python3-pip"], log)
    return output if code else _with_pip(label, tools, log, python="/usr/bin/python3")


def apt_install(label: str, packages: list[str], log: Path) -> tuple[int, str]:
    """Install Debian packages as root; another running apt-get is waited for.

    Returns:
        Exit code and output of the step that decided.
    """
    env = clean_environment(DEBIAN_FRONTEND="noninteractive")
    wait = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    run_shown("正在更新 Debian 的软件包列表", ["apt-get", *wait, "update", "-q"], log, env)
    return run_shown(
        label, ["apt-get", *wait, "install", "-y", "-q", "--no-install-recommends", *packages], log, env
    )
