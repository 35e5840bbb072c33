"""`python -m bot.db`: bring the database to the newest schema."""

from __future__ import annotations

from bot.db.engine import resolve_url
from bot.db.migrate import upgrade


def main() -> None:
    """Upgrade the configured database and say where it is (without its password)."""
    upgrade()
    print(f"数据库结构已是最新:{resolve_url().render_as_string(hide_password=True)}")


if __name__ == "__main__":
    main()
