"""Plays one dialogue against the servers."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

from tests.conversations.checks import said, turn_complaints
from tests.conversations.invariants import Invariants
from tests.conversations.records import Records
from tests.conversations.schema import Dialogue, Turn
from tests.conversations.talking import Conversation, Exchange, card_of
from tests.stack import Stack


class Player:
    """Plays a dialogue turn by turn, in a conversation of its own, and stops at the first fault."""

    def __init__(self, stack: Stack, records: Records, path: Path, dialogue: Dialogue) -> None:
        self._stack = stack
        self._records = records
        self._place = f"{path.parent.name}/{path.name}"
        self._dialogue = dialogue
        sender = f"{path.parent.name}-{path.stem}-{uuid4().hex[:8]}"
        self._talk = Conversation(stack.rasa_url, sender)
        self._invariants = Invariants()
        self._remembered: dict[str, str] = {}

    def play(self) -> None:
        """Run the dialogue.

        Raises:
            AssertionError: with the complaints and the transcript.
        """
        try:
            self._play()
        finally:
            self._put_right()

    def _play(self) -> None:
        for number, turn in enumerate(self._dialogue.turns, start=1):
            name, text = turn.act
            place = f"turn {number} ({name}: {text[:60]})"
            try:
                complaints = self._turn(turn)
            except (AssertionError, OSError) as error:
                complaints = [str(error)]
            if complaints:
                self._fail(place, complaints)
        complaints = self._record()
        if self._dialogue.database:
            complaints += self._records.complaints(self._talk.sender, self._dialogue.database)
        if complaints:
            self._fail("the end", complaints)

    def _turn(self, turn: Turn) -> list[str]:
        complaints: list[str] = []
        name, text = turn.act
        if turn.talks:
            exchange = self._send(turn)
            complaints += self._invariants.complaints(exchange)
            complaints += turn_complaints(turn, exchange, self._remembered)
            complaints += self._never(exchange)
        else:
            self._talk.note(name, text)
            self._operate(turn)
        if turn.database:
            complaints += self._records.complaints(self._talk.sender, turn.database)
        return complaints

    def _send(self, turn: Turn) -> Exchange:
        name, shown = turn.act
        if turn.press is not None:
            message = self._talk.payload(turn.press)
        elif turn.say_long is not None:
            message = turn.say_long.text * turn.say_long.times
        else:
            message = turn.say if turn.say is not None else str(turn.send)
        return self._talk.send(name, shown, message)

    def _operate(self, turn: Turn) -> None:
        """Do something to the servers."""
        if turn.stop:
            self._stack.stop(turn.stop)
        elif turn.kill:
            self._stack.kill(turn.kill)
        elif turn.start:
            self._stack.start(turn.start)
            self._stack.wait_ready()
        elif turn.lock_database:
            self._records.lock()
        else:
            self._records.unlock()

    def _put_right(self) -> None:
        """Start again what the dialogue stopped, and release what it locked."""
        if all(turn.talks for turn in self._dialogue.turns):
            return
        self._records.unlock()
        self._stack.start()
        self._stack.wait_ready()

    def _never(self, exchange: Exchange) -> list[str]:
        spoken = [part for a in exchange.answers for part in (str(a.get("text")), said(a))]
        return [
            f"「{pattern}」 must never be said"
            for pattern in self._dialogue.never
            if any(re.search(pattern, part) for part in spoken)
        ]

    def _record(self) -> list[str]:
        """The visit's record holds what the advisor was shown, in that order."""
        shown = [
            str(answer["text"])
            for exchange in self._talk.exchanges
            for answer in exchange.answers
            if card_of(answer).get("kind") != "error"
        ]
        recorded = self._records.shown(self._talk.sender)
        if shown == recorded:
            return []
        at = next(
            (i for i, pair in enumerate(zip(shown, recorded, strict=False)) if pair[0] != pair[1]), None
        )
        at = min(len(shown), len(recorded)) if at is None else at
        told = [(texts[at][:60] if at < len(texts) else "nothing") for texts in (shown, recorded)]
        return [f"message {at + 1} was shown as 「{told[0]}」 and recorded as 「{told[1]}」"]

    def _fail(self, where: str, complaints: list[str]) -> None:
        lines = "\n".join(f"  - {complaint}" for complaint in complaints)
        raise AssertionError(
            f"{self._place} 「{self._dialogue.name}」, {where}:\n{lines}\n\n{self._talk.transcript()}"
        )
