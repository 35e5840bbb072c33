"""Sends one text of a visit, and finds out whether it was written down: the record alone tells."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from bot.db.session import Viewer
from bot.gateway import reception
from bot.gateway.rasa import RasaClient, RasaMessage, RasaUnavailable
from bot.visits.desk import MAX_TEXT

LONGEST_TEXT = 20_000
SILENT = "助手没有把这句话记下来。"


@dataclass(frozen=True)
class Outcome:
    """What became of a text."""

    recorded: bool
    problem: str = ""
    refused: bool = False
    #: typing '新客户' opens the next visit of the conversation
    moved_to: int | None = None
    messages: list[RasaMessage] = field(default_factory=list)


async def deliver(rasa: RasaClient, viewer: Viewer, visit: reception.VisitView, text: str) -> Outcome:
    """Send a text as the visit's conversation.

    An answer may get lost although the turn was served, and a dead action server answers although it was
    not: so the record is asked, not the answer.
    """

    def allowed() -> int:
        fresh = reception.view(viewer, visit.id)
        reception.may_talk(viewer, fresh, text)
        return reception.pulse(viewer, visit.id).seq

    try:
        before = await asyncio.to_thread(allowed)
    except (reception.Refused, reception.NotFound) as error:
        return Outcome(False, str(error), refused=True)
    messages: list[RasaMessage] = []
    try:
        messages = await rasa.send(visit.sender_id, text[:LONGEST_TEXT])
        problem = _complaint(messages)
    except RasaUnavailable as error:
        problem = str(error)
    found = await asyncio.to_thread(_look, viewer, visit, before, text, problem)
    return replace(found, messages=messages)


def _look(viewer: Viewer, visit: reception.VisitView, before: int, text: str, problem: str) -> Outcome:
    latest = reception.latest_of(viewer, visit.sender_id)
    if latest is not None and latest > visit.id:
        return Outcome(True, moved_to=latest)
    written = any(
        event.kind == "advisor_text"
        and _as_recorded(str(event.payload.get("text", ""))) == _as_recorded(text)
        for event in reception.events(viewer, visit.id, after=before)
    )
    return Outcome(written, "" if written else problem or SILENT)


def _as_recorded(text: str) -> str:
    """What the record keeps of a text: Rasa trims it, the desk cuts it."""
    return text.strip()[:MAX_TEXT].strip()


def _complaint(messages: list[RasaMessage]) -> str:
    """The first error among the messages."""
    for message in messages:
        custom = message.get("custom") or {}
        if isinstance(custom, dict) and custom.get("kind") == "error":
            return str(custom.get("text") or message.get("text") or SILENT)
    return ""
