"""How a reader's work grows with its text."""

from __future__ import annotations

import time
from collections.abc import Callable


def grows_linearly(work: Callable[[str], object], piece: str, least: float) -> bool:
    """Whether four times the text takes some four times the work; quadratic work would take sixteen times as much.

    Args:
        work: what reads a text.
        piece: repeated to 2,500 and to 10,000 characters.
        least: seconds below which the shorter one's time is noise.
    """

    def spent(length: int) -> float:
        text = (piece * length)[:length]
        taken = []
        for _ in range(3):  # the quickest: whatever else the machine does only adds
            began = time.process_time()
            work(text)
            taken.append(time.process_time() - began)
        return min(taken)

    return spent(10_000) < 10 * max(spent(2_500), least)
