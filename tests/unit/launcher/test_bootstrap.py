"""`scripts/bootstrap.py` with a small stand-in for uv, so that no network is needed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.launcher.settings import ROOT

FAKE_UV = f"""#!{sys.executable}
import os, pathlib, subprocess, sys, time
words = sys.argv[1:]
home = pathlib.Path(__file__).parent
with open(home / "calls", "a") as calls:
    calls.write(" ".join(words[:2]) + "\\n")
if words[0] == "--version":
    print("uv 9.9.9")
elif words[:2] == ["python", "find"]:
    print({sys.executable!r})
elif words[0] == "venv":
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", words[-1]], check=True)
elif words[:2] == ["pip", "sync"]:
    time.sleep(float(os.environ.get("FAKE_SECONDS", "0")))
    if os.environ.get("FAKE_ERROR"):
        print(os.environ["FAKE_ERROR"], file=sys.stderr)
        sys.exit(2)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with a lock, and a uv of ours first on PATH."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "requirements.lock").write_text("nothing==1\n")
    tool = tmp_path / "bin" / "uv"
    tool.parent.mkdir()
    tool.write_text(FAKE_UV)
    tool.chmod(0o755)
    return root


def command(project: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "scripts" / "bootstrap.py"), "--root", str(project), *arguments]


def environment(project: Path, **extra: str) -> dict[str, str]:
    drop = {"CI", "LIUKE_PYTHON"}
    inherited = {key: value for key, value in os.environ.items() if key not in drop}
    return {**inherited, "PATH": f"{project.parent / 'bin'}:{os.environ['PATH']}", **extra}


def bootstrap(project: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(project), env=environment(project, **extra), capture_output=True, text=True, check=False
    )


def calls(project: Path, what: str) -> int:
    return (project.parent / "bin" / "calls").read_text().splitlines().count(what)


def fails_with(done: subprocess.CompletedProcess[str], text: str) -> bool:
    """One line on stderr, and status 1."""
    return done.returncode == 1 and done.stderr.startswith(f"✗ {text}") and done.stderr.count("\n") == 1


def test_made_once_and_renewed_with_the_lock(project: Path) -> None:
    assert bootstrap(project).returncode == 0
    assert (project / ".venv" / "bin" / "python").exists()
    again = bootstrap(project)
    assert (again.returncode, again.stdout) == (0, "")
    assert calls(project, "pip sync") == 1
    (project / "requirements.lock").write_text("nothing==2\n")
    assert bootstrap(project).returncode == 0
    assert (calls(project, "pip sync"), calls(project, "venv --allow-existing")) == (2, 1)


def test_half_made_environment_is_redone(project: Path) -> None:
    assert bootstrap(project, FAKE_ERROR="boom").returncode == 1
    (project / ".venv" / "left-over").touch()
    assert bootstrap(project).returncode == 0
    assert not (project / ".venv" / "left-over").exists()
    assert calls(project, "venv --allow-existing") == 2


def test_interrupted_in_the_middle(project: Path) -> None:
    process = subprocess.Popen(
        command(project), env=environment(project, FAKE_SECONDS="30"), stderr=subprocess.PIPE, text=True
    )
    while not (project / ".venv" / "liuke-unfinished").exists() or not calls(project, "pip sync"):
        time.sleep(0.05)
    process.terminate()
    assert process.wait(10) == 130
    assert process.stderr is not None and "中断" in process.stderr.read()
    assert bootstrap(project).returncode == 0
    assert calls(project, "venv --allow-existing") == 2


def test_environment_moved_from_elsewhere_is_redone(project: Path) -> None:
    assert bootstrap(project).returncode == 0
    moved = project.with_name("moved")
    project.rename(moved)
    assert bootstrap(moved).returncode == 0
    assert calls(moved, "venv --allow-existing") == 2


def test_two_starts_at_once_install_once(project: Path) -> None:
    slow = environment(project, FAKE_SECONDS="1")
    both = [subprocess.Popen(command(project), env=slow, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert calls(project, "pip sync") == 1
    assert any("另一个安装正在进行" in text for text in said)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("error: failed to fetch: dns error", "下载失败:请检查网络"),
        ("error: No space left on device (os error 28)", "磁盘已满:请清出"),
        ("error: Permission denied (os error 13)", "没有写入权限"),
        ("error: Hash mismatch for `nothing`", "下载的软件包与 requirements.lock"),
        ("error: something new", "依赖安装失败:error: something new"),
    ],
)
def test_trouble_is_one_line(project: Path, error: str, line: str) -> None:
    assert fails_with(bootstrap(project, FAKE_ERROR=error), line)


def test_named_python_that_is_none(project: Path) -> None:
    assert fails_with(bootstrap(project, LIUKE_PYTHON="/no/such/python"), "LIUKE_PYTHON=/no/such/python 不是")


def test_folder_without_lock(project: Path) -> None:
    (project / "requirements.lock").unlink()
    assert fails_with(bootstrap(project), "读不到 requirements.lock")


def test_broken_uv_on_path_is_passed_over(project: Path) -> None:
    """As pyenv's shim is for a uv of another Python."""
    broken = project.parent / "first" / "uv"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'pyenv: uv: command not found' >&2\nexit 127\n")
    broken.chmod(0o755)
    path = f"{broken.parent}:{environment(project)['PATH']}"
    assert bootstrap(project, PATH=path).returncode == 0
    assert calls(project, "pip sync") == 1


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_missing_browser_is_told_and_fails_in_ci(project: Path, ci: str, code: int) -> None:
    """Without root: only told how, with the exact command."""
    assert bootstrap(project).returncode == 0
    patched = (
        f"import os, sys; sys.path.insert(0, {str(ROOT / 'scripts')!r}); import bootstrap;"
        "from setup_steps import browser; browser.missing_packages = lambda: ['chromium', 'fonts-noto-cjk'];"
        "browser.shutil.which = lambda name: name; os.geteuid = lambda: 1000;"
        f"sys.exit(bootstrap.main(['--root', {str(project)!r}, '--group', 'test']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", patched],
        env=environment(project, CI=ci),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    wanted = "sudo sh -c 'apt-get update && apt-get install -y chromium fonts-noto-cjk'"
    assert wanted in (done.stderr if ci else done.stdout)
