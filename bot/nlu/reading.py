"""What the models read of a text: one spelling, every digit alike, and not who the client is."""

from __future__ import annotations

import functools
import re

from bot.nlu.figures import find_figures
from bot.nlu.spelling import Spelled, respell

_DIGITS = re.compile(r"\d")
_IDENTITY = frozenset({"client_no", "client_name", "phone_tail"})
#: stands for a text that only names a client
_NAMELESS = "※"


@functools.lru_cache(maxsize=64)  # several components ask for the same text
def readable(text: str) -> Spelled:
    """The text as every model reads it.

    Advisors write 「斤女士 尾号3021 说别家便宜」: the name and the tail are the extractor's business and would
    only make the text look like a search. A text that is nothing but a name keeps a mark in its place.
    """
    kept = list(text)
    for figure in find_figures(text):
        if figure.entity in _IDENTITY:
            kept[figure.start : figure.end] = " " * (figure.end - figure.start)
    rest = "".join(kept)
    spelled = respell(rest if rest.strip() else _NAMELESS + rest[1:])
    return Spelled(_DIGITS.sub("0", spelled.text), spelled.origin)
