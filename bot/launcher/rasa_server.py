"""Rasa's command line, with the token from the environment: on the command line every user could read it."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run Rasa with this process's arguments."""
    token = os.environ.get("LIUKE_RASA_TOKEN", "").strip()
    if token:
        sys.argv += ["--auth-token", token]
    from rasa.__main__ import main as rasa_main  # seconds to import

    rasa_main()


if __name__ == "__main__":
    main()
