"""Which words of a text speak for a class: the clause with the most weight, or the best part of a long one."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Longer evidence is the sentence again; shorter says nothing to a reader.
SHORTEST, LONGEST = 2, 16
_CLAUSE = re.compile(r"[^,，。;；!！?？、:：\s「」“”\"]+")


def clauses(text: str) -> list[tuple[int, int]]:
    """What stands between punctuation and blanks: start and end of each."""
    return [match.span() for match in _CLAUSE.finditer(text)]


def best_span(text: str, weights: Sequence[float]) -> tuple[int, int]:
    """The clause of `text` that speaks most for a class; of a long clause its heaviest stretch.

    Args:
        text: the text as typed.
        weights: one weight a character; higher speaks more for the class.

    Returns:
        Start and end, never empty for a text that is not.
    """
    found = clauses(text)
    worth = [span for span in found if span[1] - span[0] >= SHORTEST] or found
    if not worth:
        return 0, len(text)
    best = max((_heaviest(weights, start, end) for start, end in worth), key=lambda found: found[0])
    return best[1], best[2]


def _heaviest(weights: Sequence[float], start: int, end: int) -> tuple[float, int, int]:
    """The heaviest window of at most `LONGEST` characters: its weight, start and end."""
    size = min(LONGEST, end - start)
    running = sum(weights[start : start + size])
    best = (running, start, start + size)
    for first in range(start + 1, end - size + 1):
        running += weights[first + size - 1] - weights[first - 1]
        if running > best[0]:
            best = (running, first, first + size)
    return best
