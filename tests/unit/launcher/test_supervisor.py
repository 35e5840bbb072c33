"""Starting, watching and stopping, with small real programs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.launcher.errors import LauncherError
from bot.launcher.process import Process, last_error, rotate, stop_all
from bot.launcher.settings import ROOT
from bot.launcher.supervisor import Stopped, Supervisor
from tests.stack import free_ports
from tests.unit.launcher.tiny_parts import DEAF, WITH_CHILD, program, server

SLEEP = "import time; time.sleep(60)"

LAUNCH = """
import sys
from pathlib import Path
from bot.launcher.supervisor import Supervisor
from tests.unit.launcher.tiny_parts import server
folder, *ports = sys.argv[1:]
supervisor = Supervisor(report=lambda text: None, grace=3)
supervisor.obey_signals()
try:
    supervisor.start(server(Path(folder), name, int(port)) for name, port in zip("ab", ports, strict=True))
    supervisor.wait_ready(20)
    print(*(process.pid for process in supervisor._running), flush=True)
    supervisor.watch()
finally:
    supervisor.stop_all()
"""


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that waits for its parent to notice its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_gone(pids: list[int], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(is_alive, pids))


@pytest.fixture
def reports() -> list[str]:
    return []


@pytest.fixture
def supervisor(reports: list[str]) -> Iterator[Supervisor]:
    one = Supervisor(report=reports.append, grace=2)
    yield one
    one.stop_all()


def test_all_start_at_once_and_are_reported(
    tmp_path: Path, supervisor: Supervisor, reports: list[str]
) -> None:
    ports = free_ports(3)
    supervisor.start(server(tmp_path, name, port) for name, port in zip("abc", ports, strict=True))
    supervisor.wait_ready(20)
    assert sorted(line.split("已就绪")[0] for line in reports) == [f"  ✓ 部件{name}" for name in "abc"]
    assert all("秒" in line for line in reports)


def test_part_that_dies_is_named_with_code_and_last_error(tmp_path: Path, supervisor: Supervisor) -> None:
    (port,) = free_ports(1)
    dying = program(
        tmp_path,
        "b",
        "import sys, time; time.sleep(0.3); print('ValueError: no model\\nbye'); sys.exit(7)",
        health="http://127.0.0.1:9/",
    )
    supervisor.start([server(tmp_path, "a", port), dying])
    with pytest.raises(LauncherError) as caught:
        supervisor.wait_ready(20)
    text = str(caught.value)
    assert "部件b(b)意外退出,退出码 7:ValueError: no model" in text and "\n" not in text
    assert str(dying.log) in text


def test_killed_part_is_named_with_its_signal(tmp_path: Path, supervisor: Supervisor) -> None:
    (port,) = free_ports(1)
    supervisor.start([server(tmp_path, "a", port)])
    supervisor.wait_ready(20)
    supervisor._running[0].signal(signal.SIGKILL)
    with pytest.raises(LauncherError, match="被信号 SIGKILL 终止"):
        supervisor.watch()


def test_part_that_never_answers(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start([program(tmp_path, "a", SLEEP, health="http://127.0.0.1:9/")])
    with pytest.raises(LauncherError, match="部件a在 1 秒内没有就绪"):
        supervisor.wait_ready(1)


def test_server_without_its_model(tmp_path: Path, supervisor: Supervisor) -> None:
    (port,) = free_ports(1)
    supervisor.start([server(tmp_path, "a", port, status=409)])
    with pytest.raises(LauncherError, match="没能载入模型"):
        supervisor.wait_ready(20)


def test_program_that_is_not_there(tmp_path: Path, supervisor: Supervisor) -> None:
    from dataclasses import replace

    part = replace(program(tmp_path, "a", ""), argv=(str(tmp_path / "absent"),))
    with pytest.raises(LauncherError, match="启动不了"):
        supervisor.start([part])


def test_step_that_ends(tmp_path: Path, supervisor: Supervisor) -> None:
    assert supervisor.run_to_end(program(tmp_path, "s", "print('好了')")) == "好了"


def test_step_that_fails(tmp_path: Path, supervisor: Supervisor) -> None:
    with pytest.raises(LauncherError, match="部件s没有成功:磁盘已满"):
        supervisor.run_to_end(program(tmp_path, "s", "import sys; sys.exit('✗ 磁盘已满')"))


def test_step_is_cut_short_by_the_user(tmp_path: Path, supervisor: Supervisor) -> None:
    threading.Timer(0.5, supervisor.stop).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        supervisor.run_to_end(program(tmp_path, "s", SLEEP))
    assert time.monotonic() - began < 5


def test_deaf_part_is_ended_after_the_grace(tmp_path: Path) -> None:
    process = Process(program(tmp_path, "deaf", DEAF + "print('up', flush=True)\n" + SLEEP))
    while "up" not in process.part.log.read_text():
        time.sleep(0.05)
    began = time.monotonic()
    stop_all([process], grace=1)
    assert process.exit_code() == -signal.SIGKILL
    assert 0.9 < time.monotonic() - began < 5


def test_children_of_a_part_end_with_it(tmp_path: Path) -> None:
    code = (
        WITH_CHILD.replace("subprocess.Popen", "c = subprocess.Popen") + "print(c.pid, flush=True)\n" + SLEEP
    )
    process = Process(program(tmp_path, "a", code))
    while not (text := process.part.log.read_text()).strip():
        time.sleep(0.05)
    stop_all([process], grace=2)
    assert wait_gone([int(text)])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_everything_with_status_0(tmp_path: Path, number: signal.Signals) -> None:
    launcher, pids = launch(tmp_path)
    launcher.send_signal(number)
    assert launcher.wait(15) == 0
    assert wait_gone(pids)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux ties a child's life to its parent's"
)
def test_no_orphans_when_the_launcher_is_killed(tmp_path: Path) -> None:
    launcher, pids = launch(tmp_path)
    launcher.kill()
    launcher.wait(5)
    assert wait_gone(pids)


def launch(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """A launcher with two small servers, both answering."""
    ports = [str(port) for port in free_ports(2)]
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCH, str(folder), *ports],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert launcher.stdout is not None
    pids = [int(word) for word in launcher.stdout.readline().split()]
    assert len(pids) == 2 and all(map(is_alive, pids))
    return launcher, pids


def test_logs_are_rotated(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    for number in range(6):
        rotate(log)
        log.write_text(str(number))
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == {"a.log": "5", "a.1.log": "4", "a.2.log": "3", "a.3.log": "2"}


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("start\n\x1b[31mRuntimeError: gone\x1b[0m\nbye\n", "RuntimeError: gone"),
        ("start\nall fine\n", "all fine"),
        ("", "没有输出"),
    ],
)
def test_last_error_of_a_log(tmp_path: Path, log: str, line: str) -> None:
    (tmp_path / "a.log").write_text(log)
    assert last_error(tmp_path / "a.log") == line
    assert last_error(tmp_path / "absent.log") == "没有日志"
