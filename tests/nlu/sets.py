"""Reads the development set and the training data as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEV = Path(__file__).parent / "dev"
TRAINING = ROOT / "data" / "nlu"
KINDS = ("speech", "note", "transcript", "hard", "easy")


@dataclass(frozen=True)
class Row:
    """One labelled text; `kind` is who speaks, or how hard it is."""

    text: str
    label: str
    kind: str


def _load(path: Path) -> dict[str, object]:
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


def training() -> list[Row]:
    """The examples the model is trained on; `kind` is the file."""
    rows = []
    for path in sorted(TRAINING.glob("*.yml")):
        for block in _load(path).get("nlu", []):
            examples = block["examples"]
            if isinstance(examples, str):
                texts = [line[2:].strip() for line in examples.splitlines() if line.startswith("- ")]
            else:
                texts = [str(example["text"]).strip() for example in examples]
            rows += [Row(text, block["intent"], path.stem) for text in texts]
    return rows
