"""Talks to Rasa's REST channel. A lost answer is an exception with a Chinese text, never silence."""

from __future__ import annotations

import logging
from typing import Any

import httpx

from bot.gateway.settings import Settings

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2.0
READ_SECONDS = 20.0
WEBHOOK = "/webhooks/rest/webhook"
TOKEN_HEADER = "X-Liuke-Token"

RasaMessage = dict[str, Any]


class RasaUnavailable(Exception):  # noqa: N818 - named for what happened, as the callers read it
    """Rasa gave no usable answer; `str()` is a Chinese sentence for the advisor."""


class RasaClient:
    """One HTTP connection pool to one Rasa server."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepare the pool; nothing is connected yet.

        Args:
            settings: Where Rasa listens, its token if it has one, and the one that says who is asking.
            transport: Replaces the network in tests.
        """
        self._http = httpx.AsyncClient(
            base_url=settings.rasa_url,
            params={"token": settings.rasa_token} if settings.rasa_token else None,
            headers={TOKEN_HEADER: settings.service_token} if settings.service_token else None,
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            trust_env=False,  # loopback: a proxy of the environment must not see clients' words
            transport=transport,
        )

    async def send(self, sender_id: str, text: str) -> list[RasaMessage]:
        """Send one message of an advisor and wait for the assistant's messages.

        Raises:
            RasaUnavailable: when Rasa is down, too slow, or answers something that is no answer.
        """
        try:
            answer = await self._http.post(WEBHOOK, json={"sender": sender_id, "message": text})
            answer.raise_for_status()
            messages = answer.json()
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise RasaUnavailable("助手没有启动或正在重启。") from error
        except httpx.TimeoutException as error:
            raise RasaUnavailable("助手太久没有回应。") from error
        except (httpx.HTTPError, ValueError) as error:
            log.warning("Rasa gave no usable answer: %s", type(error).__name__)
            raise RasaUnavailable("助手的回应读不懂。") from error
        if not isinstance(messages, list):
            raise RasaUnavailable("助手的回应读不懂。")
        return [message for message in messages if isinstance(message, dict)]

    async def close(self) -> None:
        """Close the pool."""
        await self._http.aclose()
