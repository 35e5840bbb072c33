"""Picking from a numbered list by typing its number: in a plain channel there is no button to press."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.visits.answering import show_toolbox
from bot.visits.messages import Message
from bot.visits.opening import look_up_client, new_visit
from bot.visits.outcome import record_outcome
from bot.visits.state import WalkState
from bot.visits.talk import Talk, Turn
from bot.visits.walking import walk_case

_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_CHINESE = "一二三四五六七八九"
_PAYLOAD = re.compile(r"/(\w+)(\{.*\})?$", re.DOTALL)
#: what the options of a list may ask for, beside the moves of the walk
_SERVICES: Mapping[str, Callable[[Talk], None]] = {
    "look_up_client": look_up_client,
    "new_visit": new_visit,
    "record_outcome": record_outcome,
    "show_toolbox": show_toolbox,
}


def options_of(messages: list[Message]) -> list[str]:
    """The payloads of the last list that was shown, in its order."""
    lists = [m.card["options"] for m in messages if m.card["type"] == "choices"]
    return [str(option["payload"]) for option in lists[-1]] if lists else []


def number_in(text: str, most: int) -> int | None:
    """Which place of a list a text names: 2, 第二个, 前一个, 最后那个."""
    match = _NUMBER.search(text)
    if match:
        return int(match[1])
    if "最后" in text or "后一" in text:
        return most
    if "前一" in text or "头一" in text:
        return 1
    return next((number for number, sign in enumerate(_CHINESE, start=1) if sign in text), None)


def pick(turn: Turn, state: WalkState) -> tuple[Turn, Callable[[Talk], None]] | None:
    """The turn that pressing the option named would have been, and its service; None if none is named."""
    if turn.intent != "choose_reason" or turn.pressed:
        return None
    number = number_in(turn.text, len(state.options))
    if number is None or not 1 <= number <= len(state.options):
        return None
    payload = state.options[number - 1]
    match = _PAYLOAD.match(payload)
    if match is None:
        return None
    values = json.loads(match[2] or "{}")
    entities = [{"entity": name, "value": value} for name, value in values.items()]
    pressed = replace(turn, text=payload, intent=match[1], confidence=1.0, reasons=(), entities=entities)
    return pressed, _SERVICES.get(match[1], walk_case)
