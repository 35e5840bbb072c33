"""What the tests need from the system: Chromium, a font with Chinese characters, PostgreSQL's server."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from setup_steps.console import SetupError, cause_of, last_line, quiet, say
from setup_steps.tools import apt_install

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing_packages() -> list[str]:
    """Debian's names of what is not there."""
    missing = []
    if not any(shutil.which(name) for name in BROWSERS):
        missing.append("chromium")
    if not _has_chinese_font():
        missing.append("fonts-noto-cjk")
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        missing.append("postgresql")
    return missing


def _has_chinese_font() -> bool:
    if quiet(["fc-list", ":lang=zh-cn", "family"]):
        return True
    return any(Path("/usr/share/fonts").glob("**/NotoSansCJK*"))


def ensure_browser(log: Path) -> None:
    """Install what is missing where that is possible, else say how.

    Raises:
        SetupError: in CI, where no test may be left out.
    """
    packages = missing_packages()
    if not packages:
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    command = f"apt-get update && apt-get install -y {' '.join(packages)}"
    apt = shutil.which("apt-get") is not None
    if apt and os.geteuid() == 0:
        code, output = apt_install(f"正在安装测试所需的 {' '.join(packages)}", packages, log)
        if code == 0:
            return
        problem = f"{' '.join(packages)} 安装失败:{cause_of(output) or last_line(output)}"
    elif apt:
        problem = f"测试缺少 {' '.join(packages)}:请运行 sudo sh -c '{command}',再运行一次。"
    else:
        problem = "测试缺少 Chromium、中文字体或 PostgreSQL:请用本系统的软件管理器安装,再运行一次。"
    if os.environ.get("CI"):
        raise SetupError(problem)
    say(f"注意:{problem}相应的测试会被跳过。")
