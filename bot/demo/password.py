"""The demo's password: from the environment, or made once and kept where only its owner can read it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.db.engine import PROJECT_ROOT

PASSWORD_FILE = PROJECT_ROOT / "var" / "demo_password"


def demo_password(file: Path = PASSWORD_FILE) -> str:
    """The password of all demo users: LIUKE_DEMO_PASSWORD, else the file's, else a new random one.

    There is no default that could be guessed. A new one is written to the file with mode 600.
    """
    given = os.environ.get("LIUKE_DEMO_PASSWORD", "")
    if given:
        return given
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Exclusive creation with the mode set at once: no moment in which others could read it.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="utf-8").strip()
    password = secrets.token_urlsafe(12)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(password + "\n")
    return password
