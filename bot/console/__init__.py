"""The pages: log-in, the day, the visit, the playbook."""

from bot.console.mounting import mount

__all__ = ["mount"]
