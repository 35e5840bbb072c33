"""The format of a dialogue file; README.md explains it. An unknown key is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Field, root_validator, validator

FOLDER = Path(__file__).parent
FOLDERS = (
    "happy_paths", "switches", "digressions", "corrections", "exits", "clients", "input", "faults", "memory",
)  # fmt: skip
Server = Literal["rasa", "actions"]
CardType = Literal[
    "step", "client", "commission", "choices", "outcome", "alert", "reasons", "toolbox", "objection",
    "research", "reaction",
]  # fmt: skip
ACTS = ("say", "say_long", "press", "send", "stop", "start", "kill", "lock_database")
"""What a turn does: exactly one of these."""


class Strict(BaseModel):
    """Base of all parts of a dialogue."""

    class Config:
        extra = "forbid"


class Long(Strict):
    """A text repeated many times."""

    text: str
    times: int = Field(gt=1)


class Card(Strict):
    """One message that must come, after the one expected before it."""

    card: CardType
    contains: dict[str, Any] = {}
    text_has: list[str] = []
    text_lacks: list[str] = []
    say_has: list[str] = []
    say_lacks: list[str] = []
    buttons: list[str] = []
    no_buttons: list[str] = []
    options: int | None = None
    remember: str | None = None
    same_as: str | None = None
    other_than: str | None = None


class VisitRow(Strict):
    """What the visit's row must hold; what is not named is not looked at."""

    status: Literal["open", "closed"] | None = None
    outcome: str | None = None
    reason: str | None = None
    case: str | None = None
    step: int | None = None
    client_no: str | None = None
    advisor: str | None = None


class FollowUpRow(Strict):
    """A task that must exist: due so many days from today."""

    in_days: int
    topic_has: str = ""


class Database(Strict):
    """What the database must hold about this conversation."""

    visits: int | None = None
    visit: VisitRow | None = None
    first_visit: VisitRow | None = None
    follow_ups: list[FollowUpRow] | None = None
    advisor_texts: int | None = None
    waiting: dict[str, bool] = {}


class Turn(Strict):
    """One thing done, and what must follow."""

    say: str | None = None
    say_long: Long | None = None
    press: str | None = None
    send: str | None = None
    stop: Server | None = None
    start: Server | None = None
    kill: Server | None = None
    lock_database: bool | None = None
    expect: list[Card] = []
    without: list[CardType] = []
    messages: int | None = None
    within_seconds: float | None = None
    slots: dict[str, Any] = {}
    database: Database | None = None

    @root_validator(skip_on_failure=True)
    def _one_act(cls, values: dict[str, Any]) -> dict[str, Any]:
        named = [act for act in ACTS if values[act] is not None]
        if len(named) != 1:
            raise ValueError(f"a turn does exactly one of {', '.join(ACTS)}; this one: {named or 'none'}")
        return values

    @property
    def talks(self) -> bool:
        """Whether it sends something to the assistant."""
        return self.act[0] in ("say", "say_long", "press", "send")

    @property
    def act(self) -> tuple[str, str]:
        """What it does, in words for the transcript."""
        name = next(act for act in ACTS if getattr(self, act) is not None)
        value = getattr(self, name)
        return name, f"{value.text} x {value.times}" if isinstance(value, Long) else str(value)


class Dialogue(Strict):
    """A whole conversation with the assistant."""

    name: str
    why: str = ""
    turns: list[Turn] = Field(min_items=1)
    never: list[str] = []
    database: Database | None = None

    @validator("turns")
    def _expects_something(cls, turns: list[Turn]) -> list[Turn]:
        if not any(turn.expect or turn.slots or turn.database for turn in turns):
            raise ValueError("a dialogue must expect something")
        return turns


def files() -> list[Path]:
    """All dialogue files, the ones that stop servers last."""
    found = sorted(FOLDER.glob("*/*.yml"))
    return sorted(found, key=lambda path: path.parent.name == "faults")


def load(path: Path) -> Dialogue:
    """Read one dialogue."""
    return Dialogue.parse_obj(yaml.safe_load(path.read_text(encoding="utf-8")))
