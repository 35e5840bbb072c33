"""What is refused before anything starts, in one line that says what to do."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.launcher.checks import check_folder, check_ports, only_one
from bot.launcher.errors import LauncherError, advice_for
from bot.launcher.settings import Port

NOBODY = 65534


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_busy_port_names_port_owner_and_variable(host: str) -> None:
    with socket.socket() as other:
        other.bind((host, 0))
        other.listen()
        number = other.getsockname()[1]
        with pytest.raises(LauncherError) as caught:
            check_ports([Port("Rasa", "LIUKE_RASA_PORT", number)])
    text = str(caught.value)
    assert str(number) in text and "Rasa" in text and "LIUKE_RASA_PORT" in text
    assert "\n" not in text


def test_port_is_free_again_at_once() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as web servers do
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        with socket.create_connection(("127.0.0.1", number)):
            other.accept()[0].close()  # our side closes first: the port is left waiting
    check_ports([Port("网页", "LIUKE_PORT", number)])


def test_writable_folder_is_made(tmp_path: Path) -> None:
    check_folder(tmp_path / "new" / "var")
    assert sorted(path.name for path in (tmp_path / "new" / "var").iterdir()) == ["log"]


def test_read_only_folder(tmp_path: Path) -> None:
    """In a child of ours that is no longer root, whom the system lets write anywhere."""
    tmp_path.chmod(0o555)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            check_folder(tmp_path / "var")
            os.write(writing, b"written")
        except OSError as error:
            os.write(writing, advice_for(error).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    tmp_path.chmod(0o755)
    with os.fdopen(reading, encoding="utf-8") as stream:
        text = stream.read()
    assert text.startswith("不能写入") and "LIUKE_VAR" in text and "\n" not in text


def test_nearly_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=5 * 1024**2))
    with pytest.raises(LauncherError, match="磁盘只剩 5 MB"):
        check_folder(tmp_path)


def test_full_disk_is_worded() -> None:
    import errno

    text = advice_for(OSError(errno.ENOSPC, "No space left on device", "/x/y"))
    assert text.startswith("磁盘已满(/x/y)")


def test_second_start_in_one_folder(tmp_path: Path) -> None:
    refused = pytest.raises(LauncherError, match=f"已经在运行.进程号 {os.getpid()}")
    with only_one(tmp_path), refused, only_one(tmp_path):
        pass
    with only_one(tmp_path):  # free again
        pass
