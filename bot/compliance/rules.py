"""Reads `violations.yml` and `techniques.yml` and compiles their patterns once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import Field, ValidationError

from bot.compliance.shorthand import compile_pattern
from bot.playbook.schema import TECHNIQUES, Strict, Violation

FOLDER = Path(__file__).resolve().parents[2] / "data" / "playbook"
VIOLATIONS_FILE = FOLDER / "violations.yml"
TECHNIQUES_FILE = FOLDER / "techniques.yml"
VIOLATIONS = (
    "guaranteed_return", "loss_sharing", "denigrate_competitor", "obstruct_closing",
    "unauthorized_discount", "insider_tip", "trade_for_client", "false_claim", "privacy_leak", "fear_pressure",
)  # fmt: skip


class RulesError(Exception):
    """A file of rules is missing, unreadable or wrong; the text is Chinese and names the place."""


class Technique(Strict):
    """A technique of the guideline, with the wordings that give it away."""

    id: str
    title: str
    patterns: list[str] = Field(min_items=1)
    unless: list[str] = Field(default_factory=list)


Entry = TypeVar("Entry", Violation, Technique)


@dataclass(frozen=True)
class Matcher:
    """Compiled patterns, hints, and what clears a match they overlap."""

    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    hints: tuple[re.Pattern[str], ...] = ()

    def spans(self, text: str, certain: bool = False) -> Iterator[tuple[int, int]]:
        """Spans of `text` that match and are not cleared, in order, overlapping ones joined.

        Args:
            text: in one spelling.
            certain: by patterns alone, without hints.
        """
        hits = sorted(_spans(self.patterns if certain else (*self.patterns, *self.hints), text))
        if not hits:
            return
        cleared = list(_joined(sorted(_spans(self.unless, text))))
        kept = [hit for hit in hits if not _overlapped(hit, cleared)]
        yield from _joined(kept)


def _spans(patterns: Iterable[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            if match.end() > match.start():
                yield match.span()


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current and start < current[1]:
            current = current[0], max(current[1], end)
            continue
        if current:
            yield current
        current = start, end
    if current:
        yield current


def _overlapped(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Whether `span` meets one of `others`, which are sorted and disjoint."""
    before = bisect_left(others, (span[1], 0)) - 1
    return before >= 0 and others[before][1] > span[0]


def _load(path: Path, model: type[Entry], ids: tuple[str, ...]) -> tuple[tuple[Entry, Matcher], ...]:
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RulesError(f"规则文件缺失：{path.name}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RulesError(f"规则文件读不懂：{path.name}：{error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RulesError(f"规则文件 {path.name} 的内容应是列表")
    entries: list[tuple[Entry, Matcher]] = []
    for number, row in enumerate(rows, start=1):
        place = f"规则文件 {path.name} 第 {number} 条（{row.get('id', '没有 id')}）"
        try:
            entry = model(**row)
            matcher = Matcher(
                tuple(compile_pattern(source) for source in entry.patterns),
                tuple(compile_pattern(source) for source in entry.unless),
                tuple(compile_pattern(source) for source in getattr(entry, "hints", ())),
            )
        except ValidationError as error:
            said = "；".join(f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in error.errors())
            raise RulesError(f"{place}不合规范：{said}") from error
        except ValueError as error:
            raise RulesError(f"{place}：{error}") from error
        entries.append((entry, matcher))
    found = [entry.id for entry, _ in entries]
    if sorted(found) != sorted(ids):
        raise RulesError(f"规则文件 {path.name} 应恰有这些 id,每个一次：{'、'.join(ids)}")
    return tuple(entries)


def load_violations(path: Path = VIOLATIONS_FILE) -> tuple[tuple[Violation, Matcher], ...]:
    """Read the kinds of violation.

    Raises:
        RulesError: naming the file and the entry, in Chinese.
    """
    return _load(path, Violation, VIOLATIONS)


def load_techniques(path: Path = TECHNIQUES_FILE) -> tuple[tuple[Technique, Matcher], ...]:
    """Read the techniques.

    Raises:
        RulesError: naming the file and the entry, in Chinese.
    """
    return _load(path, Technique, TECHNIQUES)


@lru_cache(maxsize=1)
def violations() -> tuple[tuple[Violation, Matcher], ...]:
    """The kinds of violation of this installation, read once a process."""
    return load_violations()


@lru_cache(maxsize=1)
def techniques() -> tuple[tuple[Technique, Matcher], ...]:
    """The techniques of this installation, read once a process."""
    return load_techniques()
