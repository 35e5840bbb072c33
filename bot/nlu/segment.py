"""One Chinese segmenter for every component: spaCy's blank pipeline over jieba with the domain dictionary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import jieba
import spacy

if TYPE_CHECKING:
    from spacy.language import Language

PROJECT_ROOT = Path(__file__).resolve().parents[2]
DICTIONARY_FILE = PROJECT_ROOT / "data" / "nlu" / "dictionary.txt"

jieba.setLogLevel(30)  # its 'prefix dict built' lines are no news to an operator


@dataclass(frozen=True)
class Entry:
    """One line of the dictionary."""

    word: str
    frequency: int
    tag: str


def resolve(path: str | Path) -> Path:
    """A path of the configuration: as given, or from the project's root when Rasa runs elsewhere."""
    given = Path(path)
    return given if given.is_absolute() or given.exists() else PROJECT_ROOT / given


def parse_dictionary(text: str, name: str = "dictionary.txt") -> tuple[Entry, ...]:
    """Read a jieba user dictionary with comments.

    Raises:
        ValueError: a line is not 'word frequency tag', with the line's number.
    """
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields or line.startswith("#"):
            continue
        if len(fields) != 3 or not fields[1].isdigit():
            raise ValueError(f"{name} 第 {number} 行应为「词 词频 类别」:{line}")
        entries.append(Entry(fields[0], int(fields[1]), fields[2]))
    return tuple(entries)


@lru_cache(maxsize=4)
def _segmenter(entries: tuple[Entry, ...]) -> jieba.Tokenizer:
    """Loading jieba's own dictionary takes most of a second: once per set of words is enough."""
    segmenter = jieba.Tokenizer()
    segmenter.initialize()
    for entry in entries:
        segmenter.add_word(entry.word, entry.frequency, entry.tag)
    return segmenter


def pipeline(entries: tuple[Entry, ...]) -> Language:
    """A blank Chinese pipeline whose segmenter knows the dictionary.

    jieba's module-wide tokenizer stays untouched: two models with two dictionaries can live in one process.
    """
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    nlp.tokenizer.jieba_seg = _segmenter(entries)  # type: ignore[union-attr]
    return nlp


def digest(paths: Iterable[Path]) -> str:
    """A hash of files' contents, for a component's cache key; a missing file counts as empty."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode())
        total.update(path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()
