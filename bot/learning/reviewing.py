"""The reviewer's work: confirm, relabel or drop what was kept, and take the confirmed texts out as training data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import now
from bot.db.models import Reading
from bot.db.session import Viewer, session_scope, system_session
from bot.nlu.teaching import examples
from bot.playbook.schema import REASONS

NONE = "none"
LABELS = (*REASONS, NONE)
REVIEWERS = frozenset({"trainer", "supervisor", "compliance", "admin"})
MOST_SHOWN = 50
#: Wider than any text: an example is one line.
_ONE_LINE: Any = 10_000
_INTENT_OF_NONE = "business_question"


class ReviewError(ValueError):
    """The review cannot be done; the text is Chinese and for the reviewer."""


@dataclass(frozen=True)
class Kept:
    """One text that waits for review."""

    id: int
    noted_at: datetime
    kind: str
    text: str
    read: tuple[tuple[str, float], ...]
    suggested: str | None

    @property
    def proposal(self) -> str:
        """What to confirm with one click: the advisor's choice, else the likeliest reading."""
        return self.suggested or (self.read[0][0] if self.read else NONE)


def may_review(viewer: Viewer) -> bool:
    """Who may decide what the assistant learns."""
    return viewer.role in REVIEWERS


def waiting(viewer: Viewer) -> tuple[list[Kept], int]:
    """The oldest texts that wait, corrected ones first, and how many there are in all."""
    _check(viewer)
    with session_scope(viewer) as session:
        total = session.execute(select(func.count(Reading.id)).where(Reading.status == "open")).scalar_one()
        rows = session.execute(
            select(Reading)
            .where(Reading.status == "open")
            .order_by(Reading.kind, Reading.noted_at, Reading.id)
            .limit(MOST_SHOWN)
        ).scalars()
        kept = [
            Kept(r.id, r.noted_at, r.kind, r.text, tuple((str(a), float(b)) for a, b in r.read), r.suggested)
            for r in rows
        ]
    return kept, int(total)


def decide(viewer: Viewer, reading_id: int, label: str | None) -> None:
    """Confirm a text under a label, or drop it with None.

    Raises:
        ReviewError: when it is not there any more, or the label is unknown.
    """
    _check(viewer)
    if label is not None and label not in LABELS:
        raise ReviewError(f"没有这个原因：{label}")
    with session_scope(viewer) as session:
        found = session.get(Reading, reading_id)
        if found is None or found.status != "open":
            raise ReviewError("这句话已经有人处理过了")
        found.status = "dropped" if label is None else "confirmed"
        found.label = label
        found.reviewed_by, found.reviewed_at = viewer.staff_id, now()


def confirmed(viewer: Viewer) -> list[tuple[str, str]]:
    """The confirmed texts of the viewer's branch as (label, text), undisputed, each once."""
    _check(viewer)
    with session_scope(viewer) as session:
        return _confirmed(session)


def _confirmed(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(Reading.label, Reading.text).where(Reading.status == "confirmed")).all()
    labels: dict[str, set[str]] = {}
    texts: dict[str, str] = {}
    for label, text in rows:
        labels.setdefault(plain(text), set()).add(str(label))
        texts[plain(text)] = str(text)
    return sorted((found.pop(), texts[key]) for key, found in labels.items() if len(found) == 1 and key)


def plain(text: str) -> str:
    """A text by its letters and digits: what makes two texts the same."""
    return re.sub(r"\W", "", text).lower()


def as_training_data(rows: Sequence[tuple[str, str]]) -> str:
    """Rasa's YAML of confirmed texts, one block an intent."""
    by_intent: dict[str, list[str]] = {}
    for label, text in rows:
        intent = _INTENT_OF_NONE if label == NONE else f"reason_{label}"
        # Square brackets would be read as Rasa's own marks.
        by_intent.setdefault(intent, []).append(text.replace("[", "【").replace("]", "】").strip())
    data = {
        "version": "3.1",
        "nlu": [
            {"intent": intent, "examples": LiteralScalarString("".join(f"- {t}\n" for t in texts))}
            for intent, texts in sorted(by_intent.items())
        ],
    }
    yaml = YAML()
    yaml.width = _ONE_LINE
    stream = StringIO()
    stream.write("# Texts from use, confirmed on the review page; written by `python -m bot.learning`.\n")
    yaml.dump(data, stream)
    return stream.getvalue()


def export(path: Path) -> int:
    """Write the confirmed texts of all branches where the next training finds them.

    Returns:
        How many were written; with none, an older file is gone too.
    """
    known = {plain(one.text) for one in examples() if one.file != path.stem}
    with system_session() as session:
        new = [(label, text) for label, text in _confirmed(session) if plain(text) not in known]
    if new:
        path.write_text(as_training_data(new), encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
    return len(new)


def _check(viewer: Viewer) -> None:
    if not may_review(viewer):
        raise ReviewError("只有培训师、主管、合规和管理员可以复核")
