"""The locked environment in `.venv`: made once, renewed when the lock changes, redone when half-made."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from setup_steps.console import SetupError, cause_of, clean_environment, last_line, quiet, run_shown
from setup_steps.interpreter import bring_python, find_python, works
from setup_steps.tools import bring_uv, find_uv


class Environment:
    """The project's virtual environment.

    Args:
        root: The project's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lock = root / "requirements.lock"
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.stamp = self.folder / "liuke-ready"
        self.unfinished = self.folder / "liuke-unfinished"
        self.tools = root / "var" / "tools"
        self.log = root / "var" / "log" / "setup.log"

    def wanted(self) -> str:
        """What the stamp says of an environment that fits: the lock's hash, and where it was made."""
        try:
            digest = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        except OSError:
            raise SetupError("读不到 requirements.lock:请重新取一份完整的代码。") from None
        return f"{digest} {self.folder}"

    def is_ready(self) -> bool:
        """Whether nothing needs doing. Fast, and without writing anything."""
        try:
            stamped = self.stamp.read_text(encoding="utf-8").strip()
        except OSError:
            return False
        return stamped == self.wanted() and not self.unfinished.exists() and self.python.exists()

    def make(self) -> None:
        """Make or renew the environment; the caller holds the setup's lock."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.tools.mkdir(parents=True, exist_ok=True)
        uv = find_uv(self.tools) or bring_uv(self.tools, self.log)
        if self._must_be_redone():
            self._create(uv)
        self.unfinished.touch()
        self._sync(uv)
        self.stamp.write_text(self.wanted() + "\n", encoding="utf-8")
        self.unfinished.unlink()

    def _must_be_redone(self) -> bool:
        """Interrupted, moved here from another place, or without a working Python 3.10."""
        if self.unfinished.exists() or not works(str(self.python)):
            return True
        if not self.stamp.exists():
            return False
        return self.stamp.read_text(encoding="utf-8").strip().partition(" ")[2] != str(self.folder)

    def _create(self, uv: list[str]) -> None:
        python = find_python(uv) or bring_python(uv, self.log)
        self._clear()
        self.folder.mkdir(exist_ok=True)
        self.unfinished.touch()
        argv = [*uv, "venv", "--allow-existing", "--python", python, str(self.folder)]
        code, output = run_shown("正在建立运行环境(.venv)", argv, self.log, uv_environment(self.root))
        if code:
            raise SetupError(f"运行环境建不成:{cause_of(output) or last_line(output)}")

    def _clear(self) -> None:
        """Empty the folder but keep it: it may be a link or a mount point."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()

    def _sync(self, uv: list[str]) -> None:
        argv = [
            *uv,
            "pip",
            "sync",
            "--compile-bytecode",
            "--require-hashes",
            "--python",
            str(self.python),
            str(self.lock),
        ]
        label = "正在安装依赖(首次约需几分钟,下载约 1 GB)"
        code, output = run_shown(label, argv, self.log, uv_environment(self.root))
        if code:
            advice = cause_of(output)
            raise SetupError(advice or f"依赖安装失败:{last_line(output)}(详情见 var/log/setup.log)")


def uv_environment(root: Path) -> dict[str, str]:
    """The environment for uv: patient with slow networks; pip's mirror and certificate serve it too."""
    env = clean_environment()
    env.setdefault("UV_HTTP_TIMEOUT", "120")
    if env.get("PIP_CERT"):
        env.setdefault("SSL_CERT_FILE", env["PIP_CERT"])
    files = (Path.home() / ".config" / "uv" / "uv.toml", Path("/etc/uv/uv.toml"))
    configured = any(file.exists() for file in files)
    if not configured and not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(env):
        asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
        mirror = env.get("PIP_INDEX_URL") or quiet(asked)
        if mirror:
            env["UV_DEFAULT_INDEX"] = mirror.strip()
    cache = Path(env.get("UV_CACHE_DIR") or env.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    if not _can_write(cache):
        env["UV_CACHE_DIR"] = str(root / "var" / "cache" / "uv")
    return env


def _can_write(folder: Path) -> bool:
    """Whether a folder, or the nearest one above it that exists, can be written to."""
    for place in (folder, *folder.parents):
        if place.exists():
            return os.access(str(place), os.W_OK)
    return False
