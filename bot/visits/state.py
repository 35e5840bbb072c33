"""The state of one walk: everything a visit needs to go on after a crash, kept in the visit's row."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class WalkState:
    """Where a visit stands. JSON-ready: only str, int, float, bool, None, lists and dicts."""

    reason: str | None = None
    case: str | None = None
    step: int = 0
    #: wording shown at each step, by "case:step"; so that a reload reads the same words
    wordings: dict[str, int] = field(default_factory=dict)
    #: reason → step where its walk was left
    parked: dict[str, int] = field(default_factory=dict)
    #: where 'back' from the trial week leads: [case, step]
    before_trial: list[Any] | None = None
    #: a second reason we offered to switch to, and the words it was heard in
    offered: str | None = None
    offered_words: str = ""
    #: reason → best probability heard in this visit
    heard: dict[str, float] = field(default_factory=dict)
    #: the step at which this visit's one apology was said, and which wording it was
    apologised_at: str | None = None
    apology: int = 0
    #: names in passing that were asked about: whether it is the one in the queue
    asked_names: list[str] = field(default_factory=list)
    hinted: list[str] = field(default_factory=list)
    angry: int = 0
    insisted: int = 0
    #: rates and figures the client named, as decimal strings
    own_rate: str | None = None
    offered_rate: str | None = None
    offered_min_fee: str | None = None
    named_turnover: str | None = None
    broker: str | None = None
    #: where the client says he has moved to, in his words
    whereabouts: str = ""
    #: the client's words that the present case was chosen from, and the text kept for review
    heard_words: str = ""
    reading: int | None = None
    #: payloads of the list shown last, for picking by number
    options: list[str] = field(default_factory=list)
    processing: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> WalkState:
        """Read a stored state; unknown keys of other versions are ignored."""
        known = cls.__dataclass_fields__
        # A copy: changed in place, the row's own lists would look unchanged to the database session.
        stored = copy.deepcopy(data or {})
        return cls(**{key: value for key, value in stored.items() if key in known})

    def to_json(self) -> dict[str, Any]:
        """The state as stored."""
        return asdict(self)

    @property
    def walking(self) -> bool:
        """Whether a case is open."""
        return self.case is not None and self.step > 0

    @property
    def place(self) -> str:
        """The present step as "case:step"."""
        return f"{self.case}:{self.step}"
