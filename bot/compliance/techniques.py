"""Which techniques of the guideline an advisor's words show: a first reading by patterns."""

from __future__ import annotations

from collections.abc import Sequence

from bot.compliance.rules import Matcher, Technique, techniques
from bot.compliance.shorthand import readable


def find_techniques(text: str, rules: Sequence[tuple[Technique, Matcher]] | None = None) -> list[str]:
    """Ids of the techniques `text` shows, in the order of the file; several may hold, or none.

    Args:
        text: what the advisor said.
        rules: the techniques; those of this installation unless given.
    """
    plain = readable(text)
    return [
        technique.id
        for technique, matcher in (techniques() if rules is None else rules)
        if next(matcher.spans(plain), None) is not None
    ]
