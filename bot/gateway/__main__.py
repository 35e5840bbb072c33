"""`python -m bot.gateway`: serve the pages and the API."""

from __future__ import annotations

import sys

import uvicorn

from bot.gateway.settings import SettingsError, load_settings


def main() -> None:
    """Run until stopped."""
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.exit(str(error))
    from bot.gateway.app import create_app

    print(f"留客已启动：{settings.address}", flush=True)
    uvicorn.run(create_app(settings), host=settings.host, port=settings.port, log_level="warning")


if __name__ == "__main__":
    main()
