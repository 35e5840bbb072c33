"""Length-preserving clean-up of what people type, so that every span still fits the original text."""

from __future__ import annotations

import re

_WIDE = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_SIGNS = {
    ord(a): b
    for a, b in zip("％．－～￥：〇○兩倆個傭幾來餘點塊圓", "%.-~¥:零零两俩个佣几来余点块元", strict=True)
}
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
# Two passes: first to ASCII, then to lower case, because a wide capital must end up small as well.
_TABLE = {**{k: (v + 32 if 65 <= v <= 90 else v) for k, v in _WIDE.items()}, **_SIGNS, **_LOWER}

CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
# 陆 and 伍 are surnames and parts of words: only a run of such characters is a figure.
_CAPITAL_RUN = re.compile("[零壹贰叁肆伍陆柒捌玖拾佰仟万萬亿億]{2,}|[萬億]")
_WIDE_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")

STRONG_STOPS = "。！？!?；;\n"
WEAK_STOPS = "，,、 \t：:"


def normalise(text: str) -> str:
    """Full-width, capital and traditional figures to plain ones; the length never changes."""
    plain = text.translate(_TABLE)
    if "，" in plain:
        plain = _WIDE_COMMA.sub(",", plain)
    return _CAPITAL_RUN.sub(lambda match: match.group().translate(CAPITALS), plain)


def clause_start(text: str, at: int, stops: str, limit: int = 40) -> int:
    """Where the clause holding `at` begins, looking back `limit` characters at most."""
    low = max(0, at - limit)
    for index in range(at - 1, low - 1, -1):
        if text[index] in stops and not _inside_number(text, index):
            return index + 1
    return low


def clause_end(text: str, at: int, stops: str, limit: int = 40) -> int:
    """Where the clause holding `at` ends, looking ahead `limit` characters at most."""
    high = min(len(text), at + limit)
    for index in range(at, high):
        if text[index] in stops and not _inside_number(text, index):
            return index
    return high


def _inside_number(text: str, index: int) -> bool:
    """A comma between digits groups thousands and ends nothing."""
    return (
        text[index] == ","
        and 0 < index < len(text) - 1
        and text[index - 1].isdigit()
        and text[index + 1].isdigit()
    )
