"""What all actions share: from Rasa's tracker to a `Turn`, and from a `Reply` to messages and slots."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.clock import today
from bot.visits.desk import Service, attend
from bot.visits.talk import Turn

REASON = "reason_"


def turn_of(tracker: Tracker) -> Turn:
    """The latest message of a conversation, as the desk reads it."""
    message: dict[str, Any] = tracker.latest_message or {}
    text = str(message.get("text") or "")
    intent = message.get("intent") or {}
    reasons = [
        (str(found["id"]), float(found["probability"]), text[found["evidence"][0] : found["evidence"][1]])
        for found in message.get("reasons") or []
    ]
    ranking = [
        (str(row["name"]).removeprefix(REASON), float(row["confidence"]))
        for row in message.get("intent_ranking") or []
        if str(row.get("name", "")).startswith(REASON)
    ]
    return Turn(
        sender_id=tracker.sender_id,
        text=text,
        intent=str(intent.get("name") or "out_of_scope"),
        confidence=float(intent.get("confidence") or 0.0),
        today=today(),
        reasons=reasons,
        ranking=ranking,
        entities=message.get("entities") or [],
        techniques=[str(found) for found in message.get("techniques") or []],
        violations=[str(found["id"]) for found in message.get("violations") or []],
    )


class DeskAction(Action, ABC):
    """An action that lets the desk serve the turn."""

    @property
    @abstractmethod
    def service(self) -> Service:
        """The service this action calls."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Serve the turn in a worker thread: the database must not hold up other conversations."""
        reply = await asyncio.to_thread(attend, turn_of(tracker), self.service)
        for message in reply.messages:
            body = message.to_json()
            dispatcher.utter_message(
                text=body["text"], json_message=body["custom"], buttons=body["buttons"] or None
            )
        return [SlotSet(name, value) for name, value in reply.slots.items()]
