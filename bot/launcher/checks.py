"""What must hold before anything is started."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.launcher.errors import LauncherError
from bot.launcher.settings import HOST, Port

LEAST_FREE_BYTES = 300 * 1024 * 1024


def check_ports(ports: Iterable[Port]) -> None:
    """Refuse to start when a port is taken.

    Raises:
        LauncherError: naming the port, who needs it, and the variable that changes it.
    """
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port.number))
            except OSError as error:
                raise LauncherError(_port_trouble(port, error)) from None


def _port_trouble(port: Port, error: OSError) -> str:
    if error.errno == errno.EACCES:
        return (
            f"没有权限使用端口 {port.number}({port.owner}要用):"
            f"请用环境变量 {port.variable} 换一个 1024 以上的端口。"
        )
    return (
        f"端口 {port.number} 已被别的程序占用({port.owner}要用):"
        f"请关掉那个程序,或用环境变量 {port.variable} 换一个端口,"
        f"例如 {port.variable}={port.number % 60000 + 100} make run。"
    )


def check_folder(var: Path) -> None:
    """Refuse to start where nothing can be written, or the disk is nearly full.

    Raises:
        LauncherError: saying what to do.
        OSError: when the folder cannot be written to; `advice_for` words it.
    """
    (var / "log").mkdir(parents=True, exist_ok=True)
    probe = var / f".write-test-{os.getpid()}"
    try:
        probe.write_bytes(b"x" * 4096)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(var)) from None
    finally:
        probe.unlink(missing_ok=True)
    free = shutil.disk_usage(var).free
    if free < LEAST_FREE_BYTES:
        raise LauncherError(
            f"磁盘只剩 {free // 1024**2} MB({var}):请清出至少 {LEAST_FREE_BYTES // 1024**2} MB,再运行一次。"
        )


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold the folder for this start: two Rasas on one conversation store would spoil it.

    Raises:
        LauncherError: when another start holds it.
    """
    path = var / "run.lock"
    with path.open("a+", encoding="ascii") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.seek(0)
            holder = stream.read().strip() or "?"
            raise LauncherError(
                f"留客已经在运行(进程号 {holder}):请直接打开网页,或先停掉它;"
                "要再开一份,请用环境变量 LIUKE_VAR 另指一个文件夹,并换三个端口。"
            ) from None
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        yield
