"""Reads the development sets and the training data as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.teaching import Example, examples

ROOT = Path(__file__).resolve().parents[2]
DEV = Path(__file__).parent / "dev"
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


def reasons() -> list[Row]:
    """Texts with exactly one reason, or none."""
    rows = []
    for path in sorted(DEV.glob("*.yml")):
        data = _load(path)
        if "label" in data:
            rows += [Row(text, str(data["label"]), kind) for kind in KINDS for text in data.get(kind, [])]
    return rows


def two_reasons() -> list[tuple[str, str, str]]:
    """Primary, secondary, text."""
    return [(a, b, text) for a, b, text in _load(DEV / "two_reasons.yml")["rows"]]


def commands() -> list[Row]:
    """Reactions and commands."""
    return [Row(text, intent, "command") for intent, text in _load(DEV / "commands.yml")["rows"]]


def techniques() -> list[Said]:
    """What advisors say, with all techniques."""
    return [Said(text, frozenset(labels)) for labels, text in _load(DEV / "techniques.yml")["rows"]]


def violations() -> list[Said]:
    """Sentences with violations, and clean ones that sound near one."""
    data = _load(DEV / "violations.yml")
    return [Said(text, frozenset(labels)) for labels, text in data["violating"]] + [
        Said(text, frozenset(), near) for near, text in data["clean"]
    ]


def numbers() -> list[Counted]:
    """Texts with the figures they name."""
    return [
        Counted(row["text"], tuple(figure_key(one) for one in row["figures"]))
        for row in _load(DEV / "numbers.yml")["rows"]
    ]


def figure_key(figure: dict[str, Any]) -> tuple[str, str, str]:
    """What makes two figures the same: what it is, its exact value, and an amount's role."""
    value = figure["value"]
    exact = value if figure["entity"] == "broker" else f"{Decimal(str(value)).normalize():f}"
    return str(figure["entity"]), str(exact), str(figure.get("role") or "")


def dev_texts() -> list[str]:
    """Every text of every development set."""
    return [
        *(row.text for row in [*reasons(), *commands()]),
        *(text for _, _, text in two_reasons()),
        *(said.text for said in [*techniques(), *violations()]),
        *(row.text for row in numbers()),
    ]


def training() -> tuple[Example, ...]:
    """The examples the model is trained on."""
    return examples()
