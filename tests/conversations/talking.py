"""One conversation over Rasa's REST channel, with the transcript that a failure shows."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import requests

SECONDS = 30


@dataclass
class Exchange:
    """What was done, and what came back."""

    act: str
    text: str
    answers: list[dict[str, Any]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """The exchange as it is shown."""
        shown = [f"{self.act:>6}  {self.text[:120]}"]
        for answer in self.answers:
            card = card_of(answer)
            keys = ("kind", "case", "step", "technique", "wording", "state", "outcome", "id", "client_no")
            told = " ".join(f"{key}={card[key]}" for key in keys if card.get(key) is not None)
            shown.append(f"        [{card.get('type')}] {told}")
            shown += [f"          {line}" for line in str(answer.get("text"))[:400].splitlines()]
            if answer.get("buttons"):
                shown.append("          <" + "> <".join(b["title"] for b in answer["buttons"]) + ">")
        if self.slots:
            shown.append(
                "        slots " + " ".join(f"{k}={v}" for k, v in self.slots.items() if v is not None)
            )
        return shown


def card_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The card of an answer; empty if it has none."""
    return answer.get("custom") or {}


class Conversation:
    """What an advisor at a plain channel sees."""

    def __init__(self, rasa_url: str, sender: str) -> None:
        self.rasa_url = rasa_url
        self.sender = sender
        self.exchanges: list[Exchange] = []
        self._http = requests.Session()
        self._http.trust_env = False  # the servers are on this machine: no proxy

    def note(self, act: str, text: str) -> None:
        """Write something that is no message into the transcript."""
        self.exchanges.append(Exchange(act, text))

    def send(self, act: str, shown: str, message: str) -> Exchange:
        """Send a message and read the answers and slots."""
        exchange = Exchange(act, shown)
        self.exchanges.append(exchange)
        body = {"sender": self.sender, "message": message}
        began = time.monotonic()
        response = self._http.post(f"{self.rasa_url}/webhooks/rest/webhook", json=body, timeout=SECONDS)
        exchange.seconds = time.monotonic() - began
        response.raise_for_status()
        exchange.answers = response.json()
        tracker = self._http.get(
            f"{self.rasa_url}/conversations/{self.sender}/tracker",
            params={"include_events": "NONE"},
            timeout=SECONDS,
        )
        tracker.raise_for_status()
        exchange.slots = tracker.json()["slots"]
        return exchange

    def buttons(self) -> list[dict[str, str]]:
        """The buttons an advisor can press now: those of the last answers that had any."""
        for exchange in reversed(self.exchanges):
            found = [button for answer in exchange.answers for button in answer.get("buttons") or []]
            if found:
                return found
        return []

    def payload(self, title: str) -> str:
        """What a button sends, found by its title or by a part that only one title has.

        Raises:
            AssertionError: when there is no such button, or more than one.
        """
        buttons = self.buttons()
        found = [b for b in buttons if b["title"] == title] or [b for b in buttons if title in b["title"]]
        titles = ", ".join(button["title"] for button in buttons)
        assert found, f"no button 「{title}」; there are: {titles or 'none'}"
        assert len({button["payload"] for button in found}) == 1, f"「{title}」 fits several: {titles}"
        return found[0]["payload"]

    def transcript(self) -> str:
        """The whole conversation."""
        return "\n".join(line for exchange in self.exchanges for line in exchange.lines())
