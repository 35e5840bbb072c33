"""What must hold in every turn of every dialogue."""

from __future__ import annotations

import re
from typing import Any

from bot.playbook.schema import apologises
from tests.conversations.checks import said
from tests.conversations.talking import Exchange, card_of

_UNFILLED = re.compile(r"[{}]|\bNone\b|\bnan\b|\bNaN\b")
EXIT = "直接办理"


class Invariants:
    """Watches one dialogue; remembers what a single turn cannot tell."""

    def __init__(self) -> None:
        self._apologies: dict[Any, set[str]] = {}
        self._closed: set[Any] = set()

    def complaints(self, exchange: Exchange) -> list[str]:
        """What is wrong with a turn, whatever its dialogue is about."""
        found: list[str] = []
        if not exchange.answers:
            return ["no answer at all"]
        for answer in exchange.answers:
            if not str(answer.get("text") or "").strip():
                found.append(f"a message without text: {answer}")
            if _UNFILLED.search(said(answer)):
                found.append(f"an unfilled place in what is said: {said(answer)}")
            if card_of(answer).get("type") == "step":
                found += self._step(answer, exchange.slots)
            found += self._apology(answer, exchange.slots)
        texts = [str(answer.get("text")) for answer in exchange.answers]
        found += [f"said twice in one turn: {text[:60]}" for text in set(texts) if texts.count(text) > 1]
        if any(card_of(answer).get("state") == "recorded" for answer in exchange.answers):
            self._closed.add(exchange.slots.get("visit_id"))
        return found

    def _step(self, answer: dict[str, Any], slots: dict[str, Any]) -> list[str]:
        card = card_of(answer)
        found = [
            f"the step's {key} is {card.get(key)!r}, the slot is {slots.get(key)!r}"
            for key in ("reason", "case", "step")
            if card.get(key) != slots.get(key)
        ]
        if not card["say"] or card["say"] not in str(answer["text"]):
            found.append("the plain text lacks what is to be said")
        if EXIT not in [button["title"] for button in answer.get("buttons") or []]:
            found.append(f"a step without the button 「{EXIT}」")
        if not 1 <= card["step"] <= card["of"] == len(card["titles"]):
            found.append(f"step {card['step']} of {card['of']} with {len(card['titles'])} titles")
        if slots.get("visit_id") in self._closed:
            found.append("a step after the outcome of this visit was recorded")
        return found

    def _apology(self, answer: dict[str, Any], slots: dict[str, Any]) -> list[str]:
        """One apology a visit; the step that holds it may be shown again."""
        if not apologises(said(answer)):
            return []
        card = card_of(answer)
        places = self._apologies.setdefault(slots.get("visit_id"), set())
        places.add(f"{card.get('case') or card.get('id')}:{card.get('step')}")
        return [f"apologises a second time in this visit: {sorted(places)}"] if len(places) > 1 else []
