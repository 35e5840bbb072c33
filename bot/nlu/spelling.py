"""One spelling for the trade's words: slips, pinyin initials, full-width signs by table; homophones by sound."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.nlu.sounds import misheard

SPELLING = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "spelling.yml"
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Spelled:
    """A text in one spelling; `origin[i]` is the index in the original of character `i`."""

    text: str
    origin: tuple[int, ...]


@functools.lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    with SPELLING.open(encoding="utf-8") as file:
        data = yaml.safe_load(file)
    words = {str(key): str(value) for key, value in data["words"].items()}
    initials = {str(key): str(value) for key, value in data["initials"].items()}
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    return words, initials, pattern


def respell(text: str) -> Spelled:
    """The text in lower case and half width, without blanks, in the table's spelling."""
    words, initials, pattern = _table()
    halved = "".join(
        chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else (" " if c.isspace() else c) for c in text
    )
    # str.lower() may change the length (İ); such characters are no part of our vocabulary.
    lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in halved)
    # Initials first, while blanks still part them; words after, when none hides inside one any more.
    initial = [(m.start(), m.end(), initials[m[0]]) for m in _LATIN.finditer(lowered) if m[0] in initials]
    apart = _replace(Spelled(lowered, tuple(range(len(lowered)))), initial)
    kept = [index for index, character in enumerate(apart.text) if character != " "]
    dense = Spelled("".join(apart.text[i] for i in kept), tuple(apart.origin[i] for i in kept))
    tabled = _replace(dense, [(m.start(), m.end(), words[m[0]]) for m in pattern.finditer(dense.text)])
    return _replace(tabled, list(misheard(tabled.text)))


def _replace(spelled: Spelled, hits: list[tuple[int, int, str]]) -> Spelled:
    """Put each hit's replacement in its place; its characters come from where the hit began."""
    text: list[str] = []
    origin: list[int] = []
    position = 0
    for start, end, replacement in hits:
        text.append(spelled.text[position:start] + replacement)
        origin += [*spelled.origin[position:start], *[spelled.origin[start]] * len(replacement)]
        position = end
    text.append(spelled.text[position:])
    origin += spelled.origin[position:]
    return Spelled("".join(text), tuple(origin))
