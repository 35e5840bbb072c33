"""Reads the development sets and the training data as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.teaching import Example, examples

ROOT = Path(__file__).resolve().parents[2]
#: Looked at while building: by two authors apart from the training data.
DEV = Path(__file__).parent / "dev"
#: Only measured, after everything was decided: by other authors, who saw the labelling guide, the speech table or the
#: contract and nothing else. Once its figures have led to a decision it belongs to the development sets.
EXAM = Path(__file__).parent / "exam"
KINDS = ("speech", "note", "transcript", "hard", "easy")


@dataclass(frozen=True)
class Row:
    """One labelled text; `kind` is who speaks, or how hard it is."""

    text: str
    label: str
    kind: str


@dataclass(frozen=True)
class Said:
    """One sentence of an advisor; `near` is the violation a clean one sounds like."""

    text: str
    labels: frozenset[str]
    near: str = ""


@dataclass(frozen=True)
class Counted:
    """One text with every figure in it: entity, value, role."""

    text: str
    figures: tuple[tuple[str, str, str], ...]


def _load(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def reasons(folder: Path = DEV) -> list[Row]:
    """Texts with exactly one reason, or none."""
    rows = []
    for path in sorted(folder.glob("*.yml")):
        data = _load(path)
        if "label" in data:
            rows += [Row(text, str(data["label"]), kind) for kind in KINDS for text in data.get(kind, [])]
    return rows


def two_reasons(folder: Path = DEV) -> list[tuple[str, str, str]]:
    """Primary, secondary, text."""
    return [(a, b, text) for a, b, text in _load(folder / "two_reasons.yml")["rows"]]


def commands() -> list[Row]:
    """Reactions and commands."""
    return [Row(text, intent, "command") for intent, text in _load(DEV / "commands.yml")["rows"]]


def techniques(folder: Path = DEV) -> list[Said]:
    """What advisors say, with all techniques."""
    return [Said(text, frozenset(labels)) for labels, text in _load(folder / "techniques.yml")["rows"]]


def violations(folder: Path = DEV) -> list[Said]:
    """Sentences with violations, and clean ones that sound near one."""
    data = _load(folder / "violations.yml")
    return [Said(text, frozenset(labels)) for labels, text in data["violating"]] + [
        Said(text, frozenset(), near) for near, text in data["clean"]
    ]


def numbers(folder: Path = DEV) -> list[Counted]:
    """Texts with the figures they name."""
    return [
        Counted(row["text"], tuple(figure_key(one) for one in row["figures"]))
        for row in _load(folder / "numbers.yml")["rows"]
    ]


def figure_key(figure: dict[str, Any]) -> tuple[str, str, str]:
    """What makes two figures the same: what it is, its exact value, and an amount's role."""
    value = figure["value"]
    exact = value if figure["entity"] == "broker" else f"{Decimal(str(value)).normalize():f}"
    return str(figure["entity"]), str(exact), str(figure.get("role") or "")


def held_apart_texts() -> list[str]:
    """Every text of all sets: nothing may be trained on them."""
    found = [row.text for row in commands()]
    for folder in (DEV, EXAM):
        found += [row.text for row in reasons(folder)]
        found += [text for _, _, text in two_reasons(folder)]
        found += [said.text for said in [*techniques(folder), *violations(folder)]]
        found += [row.text for row in numbers(folder)]
    return found


def training() -> tuple[Example, ...]:
    """The examples the model is trained on."""
    return examples()
