"""Trackers as Rasa sends them, and a dispatcher that collects what an action answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import base
from actions.base import DeskAction
from tests.conftest import DEMO_ANCHOR
from tests.unit.visits.conftest import demo_copy_url, entities_in, small_demo

__all__ = ["demo_copy_url", "small_demo"]

Run = Callable[..., tuple[list[dict[str, Any]], list[EventType]]]


def message_of(
    text: str,
    intent: str,
    confidence: float = 0.95,
    reasons: list[tuple[str, float, tuple[int, int]]] | None = None,
    entities: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """`latest_message` as the contract's parse result."""
    found = reasons or []
    ranking = [{"name": intent, "confidence": confidence}]
    ranking += [{"name": f"reason_{r}", "confidence": p} for r, p, _ in found if f"reason_{r}" != intent]
    return {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "intent_ranking": ranking,
        "entities": entities_in(text, DEMO_ANCHOR) if entities is None else entities,
        "reasons": [{"id": r, "probability": p, "evidence": list(span)} for r, p, span in found],
    }


def tracker_of(message: dict[str, Any] | None, sender: str = "shop-1") -> Tracker:
    """A tracker with one latest message."""
    return Tracker(sender, {}, message, [], False, None, {}, "action_listen")


@pytest.fixture
def run(demo_copy_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run an action on a copy of the demo, on the demo's day."""
    monkeypatch.delenv("LIUKE_PLAIN_ADVISOR", raising=False)
    monkeypatch.setattr(base, "today", lambda: DEMO_ANCHOR)

    def do(
        action: DeskAction, message: dict[str, Any] | None, sender: str = "shop-1"
    ) -> tuple[list[dict[str, Any]], list[EventType]]:
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker_of(message, sender), {}))
        return dispatcher.messages, events

    yield do
