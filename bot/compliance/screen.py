"""Finds what the law forbids in an advisor's words, with the words, the rule and a lawful wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.compliance.rules import Matcher, violations
from bot.compliance.shorthand import readable
from bot.playbook.schema import Violation


@dataclass(frozen=True)
class Found:
    """One violation in a text: `text[start:end]` are the words that break the rule."""

    id: str
    title: str
    rule: str
    start: int
    end: int
    text: str
    instead: str


def find_violations(
    text: str, rules: Sequence[tuple[Violation, Matcher]] | None = None, certain: bool = False
) -> list[Found]:
    """Violations of `text` read as an advisor's speech, in the order they are said.

    Args:
        text: what was said, as typed or transcribed.
        rules: the kinds of violation; those of this installation unless given.
        certain: only what holds by itself, without the hints.
    """
    plain = readable(text)
    found = [
        Found(kind.id, kind.title, kind.rule, start, end, text[start:end], kind.instead)
        for kind, matcher in (violations() if rules is None else rules)
        for start, end in matcher.spans(plain, certain)
    ]
    return sorted(found, key=lambda item: (item.start, item.end, item.id))
