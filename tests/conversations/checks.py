"""Compares answers with what a dialogue expects; every check answers with a list of complaints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.conversations.schema import Card, Turn
from tests.conversations.talking import Exchange, card_of


def differences(wanted: Any, found: Any, where: str = "") -> list[str]:
    """Where `found` lacks something of `wanted`; a mapping may hold more, a list may not."""
    if isinstance(wanted, Mapping):
        if not isinstance(found, Mapping):
            return [f"{where or 'card'} is {found!r}, not a table"]
        return [
            complaint
            for key, value in wanted.items()
            for complaint in differences(value, found.get(key), f"{where}.{key}" if where else str(key))
        ]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = enumerate(zip(wanted, found, strict=True))
        return [line for i, (one, other) in pairs for line in differences(one, other, f"{where}[{i}]")]
    return (
        []
        if wanted == found or _same_number(wanted, found)
        else [f"{where} is {found!r}, expected {wanted!r}"]
    )


def _same_number(wanted: Any, found: Any) -> bool:
    """Whether two decimal strings are one number: 300.00 and 300.0000."""
    if not isinstance(wanted, str) or not isinstance(found, str) or "." not in wanted:
        return False
    try:
        return Decimal(wanted) == Decimal(found)
    except InvalidOperation:
        return False


def turn_complaints(turn: Turn, exchange: Exchange, remembered: dict[str, str]) -> list[str]:
    """What is wrong with the answers to a turn."""
    complaints = _cards(turn.expect, exchange.answers, remembered)
    types = [card_of(answer).get("type") for answer in exchange.answers]
    complaints += [f"a card 「{kind}」 came, which must not" for kind in turn.without if kind in types]
    if turn.messages is not None and turn.messages != len(types):
        complaints.append(f"{len(types)} messages, expected {turn.messages}")
    if turn.within_seconds is not None and exchange.seconds > turn.within_seconds:
        complaints.append(f"took {exchange.seconds:.1f} s, expected {turn.within_seconds:g} s at most")
    return complaints + differences(turn.slots, exchange.slots, "slot" if turn.slots else "")


def _cards(
    expected: Sequence[Card], answers: Sequence[dict[str, Any]], remembered: dict[str, str]
) -> list[str]:
    """Expected cards come in their order; others may come between them."""
    at = 0
    for wanted in expected:
        candidates = [i for i in range(at, len(answers)) if card_of(answers[i]).get("type") == wanted.card]
        if not candidates:
            types = ", ".join(str(card_of(answer).get("type")) for answer in answers)
            return [f"no card 「{wanted.card}」 (any more); there came: {types or 'nothing'}"]
        tried = [(i, card_complaints(wanted, answers[i], remembered)) for i in candidates]
        at_index, complaints = min(tried, key=lambda pair: len(pair[1]))
        if complaints:
            return [f"card 「{wanted.card}」: {line}" for line in complaints]
        if wanted.remember:
            remembered[wanted.remember] = said(answers[at_index])
        at = at_index + 1
    return []


def card_complaints(wanted: Card, answer: dict[str, Any], remembered: Mapping[str, str]) -> list[str]:
    """What is wrong with one message."""
    card, text, say = card_of(answer), str(answer.get("text")), said(answer)
    titles = [button["title"] for button in answer.get("buttons") or []]
    complaints = differences(wanted.contains, card)
    complaints += [f"text lacks 「{part}」" for part in wanted.text_has if part not in text]
    complaints += [f"text has 「{part}」" for part in wanted.text_lacks if part in text]
    complaints += [f"say lacks 「{part}」: {say}" for part in wanted.say_has if part not in say]
    complaints += [f"say has 「{part}」: {say}" for part in wanted.say_lacks if part in say]
    complaints += [f"no button 「{title}」 among {titles}" for title in wanted.buttons if title not in titles]
    complaints += [f"a button 「{part}」" for part in wanted.no_buttons if any(part in t for t in titles)]
    if wanted.options is not None and len(card.get("options") or []) != wanted.options:
        complaints.append(f"{len(card.get('options') or [])} options, expected {wanted.options}")
    if wanted.same_as and say != remembered[wanted.same_as]:
        complaints.append(f"says 「{say}」, not again 「{remembered[wanted.same_as]}」")
    if wanted.other_than and say == remembered[wanted.other_than]:
        complaints.append(f"says the same again: 「{say}」")
    return complaints


def said(answer: dict[str, Any]) -> str:
    """The words of a card that are read to the client."""
    say = card_of(answer).get("say") or ""
    return say if isinstance(say, str) else "".join(str(part["text"]) for part in say)
