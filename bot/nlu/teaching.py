"""The training texts of `data/nlu/` with all their labels, read without Rasa: for the encoder and the data checks."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.segment import PROJECT_ROOT

NLU_FOLDER = PROJECT_ROOT / "data" / "nlu"
REASON = "reason_"
#: The intent of what an advisor says to a client: it carries techniques and violations, and moves nothing.
ADVISOR = "advisor_speech"
#: Where what advisors confirm on the review page is exported to.
CONFIRMED = "confirmed.yml"
#: Learnt by the quick models only, until the encoder is made anew: what came in after it was made.
SINCE_ENCODER = frozenset({CONFIRMED, "since_encoder.yml"})


@dataclass(frozen=True)
class Example:
    """One training text.

    Attributes:
        reasons: the reasons it states, the intent's own among them.
        words: for each violation the words that commit it.
        figures: where they are named, all figures of the text in order: entity, words, value, role.
        file: the stem of the file it stands in.
    """

    text: str
    intent: str
    reasons: frozenset[str]
    techniques: frozenset[str]
    violations: tuple[str, ...]
    words: tuple[str, ...]
    figures: tuple[dict[str, str], ...]
    file: str


def examples(folder: Path = NLU_FOLDER) -> tuple[Example, ...]:
    """All texts of all files, in the order of the files' names.

    Raises:
        ValueError: a file holds examples in another form than Rasa's two.
    """
    return tuple(one for path in sorted(folder.glob("*.yml")) for one in _of_file(path))


@functools.lru_cache(maxsize=64)
def _of_file(path: Path) -> tuple[Example, ...]:
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found = []
    for block in data.get("nlu", []):
        if "intent" not in block:
            continue
        rows = rows_of(block["examples"])
        if rows is None:
            raise ValueError(
                f"{path.name}: intent {block['intent']} holds more than texts and their metadata"
            )
        for text, extra in ((text, extra or {}) for text, extra in rows):
            intent = str(block["intent"])
            own = {intent.removeprefix(REASON)} if intent.startswith(REASON) else set()
            second = {str(extra["secondary"])} if "secondary" in extra else set()
            found.append(
                Example(
                    text=text,
                    intent=intent,
                    reasons=frozenset(own | second),
                    techniques=frozenset(extra.get("techniques", ())),
                    violations=tuple(extra.get("violations", ())),
                    words=tuple(extra.get("words", ())),
                    figures=tuple(extra.get("figures", ())),
                    file=path.stem,
                )
            )
    return tuple(found)


def rows_of(given: Any) -> list[tuple[str, dict[str, Any] | None]] | None:
    """Texts with their metadata from Rasa's two forms, a block of lines or a list; None for anything else."""
    if isinstance(given, str):
        lines = [line for line in given.splitlines() if line.strip()]
        return [(line[2:].strip(), None) for line in lines] if all(map(_is_item, lines)) else None
    if not isinstance(given, list) or not all(map(_is_example, given)):
        return None
    return [(one["text"].strip(), one.get("metadata")) for one in given]


def _is_item(line: str) -> bool:
    return line.startswith("- ")


def _is_example(one: Any) -> bool:
    return isinstance(one, dict) and set(one) <= {"text", "metadata"} and isinstance(one.get("text"), str)


def encoded_examples(folder: Path = NLU_FOLDER) -> tuple[Example, ...]:
    """The texts that the encoder learns from."""
    return tuple(one for one in examples(folder) if f"{one.file}.yml" not in SINCE_ENCODER)


def inputs_hash(folder: Path = NLU_FOLDER) -> str:
    """A hash of what the encoder learns from: every text with its labels, whatever file it stands in."""
    total = hashlib.sha256()
    rows = (
        "\t".join(
            (one.intent, *sorted(one.reasons), "/", *sorted(one.techniques), "/", *one.violations, one.text)
        )
        for one in encoded_examples(folder)
    )
    for row in sorted(rows):
        total.update(row.encode() + b"\n")
    return total.hexdigest()
