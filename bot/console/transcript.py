"""From the record of a visit to what its page shows. Pure: the same events give the same page.

A reload, a second tab and the living page all come through here, so none of them can differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.gateway.reception import Event

#: Cards that are read aloud: the newest one fills the panel on the right.
FOCUS = ("step", "outcome", "reaction")
#: Questions that come before anything else. Others (switch the case? which tool?) stay in the talk, so that the
#: reactions keep their keys.
BAR_CHOICES = ("reason", "outcome", "client")
#: Steps at which the commission table stays in view.
PRICE_STEPS = ("commission_math", "standard_commission", "bundle_referral")

#: Titles of commands that no card's button carries.
COMMANDS = {
    "/previous_step": "上一步",
    "/why_this_step": "为什么这一步",
    "/show_toolbox": "工具箱",
    "/work_out_commission": "算佣金",
    "/record_outcome": "登记结果",
    "/process_closing": "直接办理",
    "/next_step": "下一步",
    "/keep_reason": "继续当前案例",
    "/new_visit": "新的接待",
    "/show_queue": "今天的排队",
}


@dataclass(frozen=True)
class Press:
    """A button: what it says and what it sends."""

    title: str
    payload: str
    #: how likely the choice is, if the assistant said so
    note: str = ""


OPENING = (Press("直接办理", "/process_closing"), Press("工具箱", "/show_toolbox"))


@dataclass(frozen=True)
class Entry:
    """One line of the talk: of the advisor, of the assistant, or a note."""

    seq: int
    at: datetime
    who: str
    text: str
    pressed: bool = False
    card: dict[str, Any] | None = None
    buttons: tuple[Press, ...] = ()


@dataclass(frozen=True)
class Scene:
    """Everything a visit's page shows."""

    entries: tuple[Entry, ...] = ()
    #: the newest card to read aloud
    focus: dict[str, Any] | None = None
    #: the newest step, also while something else is in focus
    step: dict[str, Any] | None = None
    commission: dict[str, Any] | None = None
    bar: tuple[Press, ...] = OPENING
    #: the question the bar answers, if it is one
    question: str = ""
    #: the entry whose buttons may be pressed in the talk itself
    chips: int = 0
    #: the newest advisor's line; 0 before the first
    turn: int = 0

    @property
    def seq(self) -> int:
        """The number of the newest event."""
        return self.entries[-1].seq if self.entries else 0

    @property
    def started(self) -> bool:
        """Whether a case was opened."""
        return self.focus is not None


def build(events: Sequence[Event]) -> Scene:
    """Read the events of a visit, oldest first."""
    titles = dict(COMMANDS)
    entries: list[Entry] = []
    focus = step = commission = None
    bar: tuple[Press, ...] = OPENING
    question, chips, turn, priced, step_seq = "", 0, 0, 0, 0
    for event in events:
        if event.kind == "advisor_text":
            entries.append(_said(event, titles))
            turn, chips = event.seq, 0
            continue
        if event.kind != "card":
            entries.append(Entry(event.seq, event.at, "note", str(event.payload.get("text", ""))))
            continue
        entry = _answered(event)
        entries.append(entry)
        titles.update({button.payload: button.title for button in entry.buttons})
        card = entry.card or {}
        kind = card.get("type")
        if kind in FOCUS:
            focus = card
        if kind == "step":
            step, step_seq = card, event.seq
        elif kind == "commission":
            commission, priced = card, event.seq
        if not entry.buttons:
            continue
        if _fills_bar(card):
            bar, question, chips = entry.buttons, str(card.get("question", "")), 0
        elif kind != "alert":
            chips = event.seq
    if commission and priced < step_seq and (step or {}).get("technique") not in PRICE_STEPS:
        commission = None
    return Scene(tuple(entries), focus, step, commission, bar, question, chips, turn)


def title_of(text: str, titles: dict[str, str]) -> str:
    """What the button said that sent `text`; its command's name if no button is known."""
    return titles.get(text) or COMMANDS.get(text.partition("{")[0]) or "按了一个按钮"


def _said(event: Event, titles: dict[str, str]) -> Entry:
    text = str(event.payload.get("text", ""))
    if text.startswith("/"):
        return Entry(event.seq, event.at, "advisor", title_of(text, titles), pressed=True)
    return Entry(event.seq, event.at, "advisor", text)


def _answered(event: Event) -> Entry:
    payload = event.payload
    card = payload.get("custom") or {}
    likely = {option.get("payload"): option.get("probability") for option in card.get("options") or ()}
    buttons = tuple(
        Press(str(button.get("title", "")), str(button.get("payload", "")), _percent(likely, button))
        for button in payload.get("buttons") or ()
    )
    return Entry(event.seq, event.at, "assistant", str(payload.get("text") or ""), card=card, buttons=buttons)


def _percent(likely: dict[str, float | None], button: dict[str, str]) -> str:
    probability = likely.get(button.get("payload", ""))
    return f"{probability:.0%}" if probability is not None else ""


def _fills_bar(card: dict[str, Any]) -> bool:
    kind = card.get("type")
    return (
        kind in FOCUS
        or (kind == "choices" and card.get("kind") in BAR_CHOICES)
        or (kind == "alert" and card.get("kind") == "unsure")
    )
