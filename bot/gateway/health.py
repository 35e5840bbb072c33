"""Which part of the assistant answers: gateway, Rasa, action server, database."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

import httpx
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.db.models import Branch
from bot.db.session import system_session
from bot.gateway.settings import Settings

log = logging.getLogger(__name__)
SECONDS = 2.0

TITLES = {"gateway": "网关", "rasa": "助手（Rasa）", "actions": "动作服务", "database": "数据库"}


@dataclass(frozen=True)
class Health:
    """Part → whether it answers."""

    parts: dict[str, bool]

    @property
    def ok(self) -> bool:
        """Whether every part answers."""
        return all(self.parts.values())

    @property
    def down(self) -> list[str]:
        """Chinese names of the parts that do not answer."""
        return [TITLES[part] for part, up in self.parts.items() if not up]


async def check(settings: Settings) -> Health:
    """Ask all parts at once; takes `SECONDS` at most for each."""
    rasa, actions, database = await asyncio.gather(
        _answers(settings.rasa_url + "/", settings.rasa_token),
        _answers(settings.actions_url + "/health", None),
        asyncio.to_thread(_database_answers),
    )
    return Health({"gateway": True, "rasa": rasa, "actions": actions, "database": database})


async def _answers(url: str, token: str | None) -> bool:
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as http:
            answer = await http.get(url, params={"token": token} if token else None)
            return answer.is_success
    except httpx.HTTPError:
        return False


def _database_answers() -> bool:
    try:
        with system_session() as session:
            session.execute(select(Branch.id).limit(1)).all()
        return True
    except SQLAlchemyError:
        log.exception("database not available")
        return False
