"""The assistant's messages: one card each, readable as plain text, with the reactions as buttons."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Button:
    """A button: what it says, and what it sends to Rasa."""

    title: str
    payload: str

    @classmethod
    def of(cls, title: str, intent: str, **entities: Any) -> Button:
        """A button that sends an intent, with entities as JSON."""
        arguments = json.dumps(entities, ensure_ascii=False) if entities else ""
        return cls(title, f"/{intent}{arguments}")


@dataclass(frozen=True)
class Message:
    """One message to the advisor. `text` alone must suffice in a plain channel."""

    text: str
    card: dict[str, Any]
    buttons: tuple[Button, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The message as stored in the visit and as sent."""
        return {
            "text": self.text,
            "custom": self.card,
            "buttons": [{"title": b.title, "payload": b.payload} for b in self.buttons],
        }


@dataclass
class Reply:
    """What a turn answers: messages, and the slots Rasa mirrors."""

    messages: list[Message] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
