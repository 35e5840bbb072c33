"""Which words of a text speak for a class: the stretch of characters with the most weight."""

from __future__ import annotations

from collections.abc import Sequence

#: Shorter evidence says nothing to a reader, longer is the sentence again.
SHORTEST, LONGEST = 3, 24
_BREAKS = frozenset(",。;!?,.;!?、 \n")


def best_span(text: str, weights: Sequence[float]) -> tuple[int, int]:
    """The stretch of `text` with the greatest summed weight above the average, within one clause.

    Args:
        text: the text.
        weights: one weight a character; higher speaks more for the class.

    Returns:
        Start and end; the whole text if it is short.
    """
    if len(text) <= SHORTEST:
        return 0, len(text)
    floor = sum(w for w in weights if w > 0) / len(weights)
    best, best_sum = (0, min(len(text), LONGEST)), float("-inf")
    start, running = 0, 0.0
    for index, weight in enumerate(weights):
        if running <= 0 or text[index] in _BREAKS or index - start >= LONGEST:
            start, running = (index + 1, 0.0) if text[index] in _BREAKS else (index, 0.0)
        if text[index] in _BREAKS:
            continue
        running += weight - floor
        if running > best_sum:
            best, best_sum = (start, index + 1), running
    return _widen(text, *best)


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    while end - start < SHORTEST:
        if start > 0 and text[start - 1] not in _BREAKS:
            start -= 1
        elif end < len(text) and text[end] not in _BREAKS:
            end += 1
        else:
            break
    return start, end
