"""The REST channel of Rasa, with one message for text, buttons and card, and never silence."""

from __future__ import annotations

import hmac
import logging
import os
from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.playbook.book import playbook

log = logging.getLogger(__name__)


#: Conversations the house itself opens for a signed-in advisor: a caller may not name one.
HOUSE_SENDERS = ("console-", "demo-")
TOKEN_VARIABLE, TOKEN_HEADER = "LIUKE_SERVICE_TOKEN", "X-Liuke-Token"


def _is_the_gateway(request: Request) -> bool:
    """Whether the caller holds the token of this start; without one (Rasa run by hand) nobody does."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    return bool(token) and hmac.compare_digest(request.headers.get(TOKEN_HEADER, ""), token)


class CardOutput(CollectingOutputChannel):
    """Collects messages whole: a step is one message whose `custom` is the card (contract 4)."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep text, buttons and card together."""
        await self._persist_message(
            self._message(
                recipient_id,
                text=message.get("text"),
                buttons=message.get("buttons") or None,
                custom=message.get("custom") or None,
            )
        )


class CardInput(RestInput):
    """`/webhooks/rest/webhook` as Rasa users know it.

    Rasa answers with an empty list when its action server does not; an advisor with a client before
    him must be told instead.
    """

    @classmethod
    def name(cls) -> str:
        """The channel's place in the address."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("card_rest_webhook", "card_rest_webhook")
        # Read now: a broken playbook must stop the start, not the first silent turn.
        silence = playbook().messages["no_answer"]

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not isinstance(request.json, dict):
                return response.json({"error": "请求应为 JSON 对象"}, status=400)
            sender = await self._extract_sender(request)
            text = self._extract_message(request)
            if not isinstance(sender, str) or not isinstance(text, str):
                return response.json({"error": "sender 与 message 应为文字"}, status=400)
            if sender.startswith(HOUSE_SENDERS) and not _is_the_gateway(request):
                return response.json({"error": "这个会话只能从网页进入"}, status=403)
            collector = CardOutput()
            message = UserMessage(
                text, collector, sender, input_channel=self.name(), metadata=self.get_metadata(request)
            )
            try:
                await on_new_message(message)
            except CancelledError:
                log.error("turn of %s was cancelled", sender)
            except Exception:
                log.exception("turn of %s failed", sender)
            if not collector.messages:
                card = {"type": "alert", "kind": "error", "text": silence}
                await collector.send_response(sender, {"text": silence, "custom": card})
            return response.json(collector.messages)

        return routes
