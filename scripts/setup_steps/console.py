"""Talking to the person at the terminal, and running other programs under their eyes."""

from __future__ import annotations

import contextlib
import errno
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

HEARTBEAT = 15.0
"""Seconds between two signs of life where the output is no terminal."""

# What a failing uv, pip or apt-get says, and what to tell the user. The first match counts.
CAUSES = (
    (
        ("no space left on device", "disk quota exceeded"),
        "磁盘已满:请清出至少 5 GB 空间,再运行一次。",
    ),
    (
        ("read-only file system", "permission denied", "operation not permitted"),
        "没有写入权限:请把项目放到您可以写入的文件夹(或修改权限),再运行一次。",
    ),
    (
        ("hash mismatch", "do not match the hashes"),
        "下载的软件包与 requirements.lock 里的校验值不符:请换一个软件源,或稍后再试。",
    ),
    (
        (
            "dns error",
            "name resolution",
            "name or service not known",
            "error sending request",
            "failed to fetch",
            "failed to download",
            "connection refused",
            "connection reset",
            "network is unreachable",
            "timed out",
            "max retries",
            "temporary failure",
            "could not find a version that satisfies",
            "no matching distribution",
            "network connectivity is disabled",
            "unable to fetch",
            "certificate",
        ),
        "下载失败:请检查网络、代理或软件源设置(UV_DEFAULT_INDEX),再运行一次。",
    ),
)


class SetupError(Exception):
    """Something the user has to see to: one line that says what to do."""


def prepare_output() -> None:
    """Make Chinese printable whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def say(text: str) -> None:
    """Print one line at once."""
    print(text, flush=True)


def cause_of(output: str) -> str | None:
    """What a program's output means for the user, if it is one of the known troubles."""
    low = output.lower()
    for words, advice in CAUSES:
        if any(word in low for word in words):
            return advice
    return None


def advice_for(error: OSError) -> str:
    """What an error of the operating system means for the user."""
    where = f"({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"磁盘已满{where}:请清出至少 5 GB 空间,再运行一次。"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"没有写入权限{where}:请把项目放到您可以写入的文件夹(或修改权限),再运行一次。"
    return f"安装时出错:{error}"


def last_line(output: str) -> str:
    """The line of a failed program's output that most likely names its trouble."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() or "cause" in line.lower()]
    return (telling or lines or ["(没有输出)"])[-1][:300]


def clean_environment(**extra: str) -> dict[str, str]:
    """This process's environment without what would divert another Python or uv."""
    drop = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "UV_PYTHON", "__PYVENV_LAUNCHER__"}
    return {**{k: v for k, v in os.environ.items() if k not in drop}, **extra}


def quiet(argv: list[str], timeout: float = 60, env: dict[str, str] | None = None) -> str | None:
    """The output of a short command, or None when it fails in any way."""
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout,
            env=env or clean_environment(),
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def run_shown(label: str, argv: list[str], log: Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a long command: its output goes to a log, the user sees the label and the seconds.

    Returns:
        Exit code and output.
    """
    began = time.monotonic()
    live = sys.stdout.isatty()
    say(f"{label}…")
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env or clean_environment(),
    )
    lines: list[str] = []
    reader = threading.Thread(target=_collect, args=(process, log, " ".join(argv), lines), daemon=True)
    reader.start()
    told = began
    try:
        while process.poll() is None:
            time.sleep(0.2)
            now = time.monotonic()
            if live:
                print(f"\r  {now - began:4.0f} 秒", end="", flush=True)
            elif now - told >= HEARTBEAT:
                told = now
                say(f"  {label},已 {now - began:.0f} 秒…")
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        if live:
            print("\r" + " " * 20 + "\r", end="", flush=True)
    reader.join(timeout=5)
    code = process.returncode
    say(f"  {'完成' if code == 0 else '没有成功'},用时 {time.monotonic() - began:.0f} 秒。")
    return code, "".join(lines)


def _collect(process: subprocess.Popen[bytes], log: Path, title: str, lines: list[str]) -> None:
    """Read everything a process prints; a log that cannot be written must not stop the reading."""
    assert process.stdout is not None
    stream = None
    with contextlib.suppress(OSError):
        stream = log.open("a", encoding="utf-8")
        stream.write(f"\n$ {title}\n")
    for raw in process.stdout:
        line = raw.decode("utf-8", "replace")
        lines.append(line)
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.write(line)
                stream.flush()
    if stream is not None:
        with contextlib.suppress(OSError):
            stream.close()
