"""The parts of a numeral: Chinese sections below 万, Arabic digits with 百 or 千, idioms, last digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2}
_SMALL = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
BIG = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "w": Decimal(10_000), "k": Decimal(1000)}
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
_HAN_DIGITS = re.compile("[零一二三四五六七八九两幺]+")
# Idioms whose parts don't add up: 千八百 is 'eight hundred to a thousand'.
_IDIOMS = {
    "百八十": (80, 100), "百十来": (100, 110), "百十": (100, 110), "百把": (100, 100), "百来": (100, 100),
    "千八百": (800, 1000), "千儿八百": (800, 1000), "千把": (1000, 1000), "千来": (1000, 1000),
    "万八千": (8000, 10000), "万儿八千": (8000, 10000), "万把": (10000, 10000),
}  # fmt: skip
_IDIOM_STARTS = frozenset(word[0] for word in _IDIOMS)
# What turns a trailing digit into the count of something else: 三万一年 is three myriads a year.
_COUNTED = frozenset("个年月天日次笔手股人户家点季周星只张期成折倍项条位岁%‰分号直般起样半块儿")
#: Only before these does 一 end a number: it begins too many words of its own (三万一起, 五万一看, 十万一转眼).
_AFTER_ONE = frozenset("块元的，。、；,.!?！？ 多左吧了呢:：那你我佣")


_EACH = frozenset("单笔年月天次手股")


@dataclass
class Part:
    """A coefficient under construction, as far as it has been read."""

    end: int
    low: Decimal
    high: Decimal
    unit: Decimal = Decimal(1)
    approximate: bool = False
    bare: bool = False
    han: bool = True
    lead: Decimal = Decimal(0)
    whole: bool = False


def digit_string(text: str) -> str | None:
    """Digits read out one by one: 三零二一 → '3021', 幺 is one."""
    if text.isascii() and text.isdigit():
        return text
    if not _HAN_DIGITS.fullmatch(text):
        return None
    return "".join("1" if c == "幺" else str(DIGITS[c]) for c in text)


def coefficient(text: str, at: int) -> Part | None:
    """The part before 万 or 亿: Arabic digits with 百 or 千, a Chinese section, an idiom, or half."""
    if at >= len(text):
        return None
    if arabic := _ARABIC.match(text, at):
        value = Decimal(arabic.group().replace(",", ""))
        part = Part(arabic.end(), value, value, han=False)
        if text[part.end : part.end + 1] == "几" and value % 10 == 0 and value:
            part.low, part.high = value + 1, value + 9
            part.end, part.approximate = part.end + 1, True
        nxt = text[part.end : part.end + 1]
        if nxt in ("百", "千") and text[part.end : part.end + 3] not in ("百分之", "千分之"):
            part.low, part.high, part.unit, part.end = (
                value * _SMALL[nxt],
                value * _SMALL[nxt],
                _SMALL[nxt],
                part.end + 1,
            )
            _colloquial_tail(text, part)
        return part
    if text[at] in _IDIOM_STARTS:
        for length in (4, 3, 2):
            word = text[at : at + length]
            pair = _IDIOMS.get(word)
            if pair is not None:
                low, high = Decimal(pair[0]), Decimal(pair[1])
                return Part(
                    at + len(word),
                    low,
                    high,
                    Decimal(10) ** (len(str(pair[1])) - 1),
                    approximate=True,
                    whole=True,
                )
    if text[at] in "上近过成破" and at + 1 < len(text):
        return _over(text, at)
    if text[at] == "半":
        return Part(at + 1, Decimal("0.5"), Decimal("0.5"), whole=True)
    return _section(text, at)


def _over(text: str, at: int) -> Part | None:
    """上百万, 近千万: the unit itself is the number."""
    char = text[at + 1]
    if text[at + 2 : at + 4] == "分之":
        return None
    if char in _SMALL:
        return Part(at + 2, _SMALL[char], _SMALL[char], _SMALL[char], approximate=True, whole=True)
    if char in "万亿":
        # The big unit is read by the caller; the coefficient is one.
        return Part(at + 1, Decimal(1), Decimal(1), approximate=True, whole=True)
    return None


def _section(text: str, at: int) -> Part | None:
    """A Chinese number below 万: 三百五, 两三百, 十几, 二点五, 零点八五四."""
    part = Part(at, Decimal(0), Decimal(0))
    previous = Decimal(10_000)
    zero = digits_seen = False
    while part.end < len(text):
        char = text[part.end]
        if char == "零" and part.end > at and not zero and previous < 10_000:
            zero = True
            part.end += 1
            continue
        digit = _digit(text, part.end)
        if digit is None:
            if (
                char in _SMALL
                and _SMALL[char] < previous
                and (char == "十" or part.end == at)
                and not digits_seen
            ):
                if char != "十":
                    return _bare(text, at)
                digit = (0, Decimal(1), Decimal(1))
            else:
                break
        width, low, high = digit
        after = text[part.end + width : part.end + width + 1]
        if after in _SMALL and text[part.end + width + 1 : part.end + width + 3] != "分之":
            if _SMALL[after] >= previous:
                break
            unit = _SMALL[after]
            if part.end == at and low == high:
                part.lead = unit
            elif part.end > at:
                part.lead = Decimal(0)
            part.low, part.high = part.low + low * unit, part.high + high * unit
            part.end += width + 1
            part.approximate = part.approximate or low != high
            part.unit = max(part.unit, unit)
            previous, zero = unit, False
            continue
        if part.end == at:
            part.low, part.high, part.end = low, high, at + width
            part.approximate = low != high
            digits_seen = True
        elif zero or previous == 10 or not _is_counted(text, part.end + width, low):
            if text[part.end] == "几":
                low, high = Decimal(1), Decimal(9)
            scale = Decimal(1) if zero or previous == 10 else previous / 10
            part.low, part.high, part.end = part.low + low * scale, part.high + high * scale, part.end + width
            part.approximate = part.approximate or low != high
            part.lead = Decimal(0)
        break
    if text[part.end - 1 : part.end] == "零" and part.end - 1 > at:
        part.end -= 1
    if part.end == at:
        return None
    _decimals(text, part)
    return part


def _bare(text: str, at: int) -> Part | None:
    """百万 and 千万 without a digit."""
    if text[at + 1 : at + 2] in ("万", "亿"):
        unit = _SMALL[text[at]]
        return Part(at + 1, unit, unit, unit, approximate=True, bare=True, whole=True)
    return None


def _digit(text: str, at: int) -> tuple[int, Decimal, Decimal] | None:
    char = text[at]
    if char == "几":
        return 1, Decimal(3), Decimal(7)
    if char == "数":
        # 数百万 is 'several million', but 指数百分之三 and 手数三万 hold no such digit.
        follows = text[at + 1 : at + 2] in ("十", "百", "千", "万", "亿") and text[at + 2 : at + 4] != "分之"
        return (
            (1, Decimal(3), Decimal(7))
            if follows and text[at - 1 : at] not in ("指", "次", "手", "分", "人", "总")
            else None
        )
    value = DIGITS.get(char)
    if value is None:
        return None
    follower = DIGITS.get(text[at + 1 : at + 2], 0)
    if value and 0 < follower - value <= 2 and text[at + 1] not in "俩" and _is_pair(text, at):
        return 2, Decimal(value), Decimal(follower)
    return 1, Decimal(value), Decimal(value)


def _is_pair(text: str, at: int) -> bool:
    """五六十万 and 七八块 are pairs, the first two of 三五一二 are not, nor are 1-based words like 一二线."""
    after = text[at + 2 : at + 3]
    return after not in DIGITS and after not in ("点", "线", "级")


def _decimals(text: str, part: Part) -> None:
    if part.low != part.high or text[part.end : part.end + 1] != "点":
        return
    match = _HAN_DIGITS.match(text, part.end + 1)
    if match is None:
        return
    fraction = Decimal("0." + (digit_string(match.group()) or "0"))
    part.low, part.high, part.end = part.low + fraction, part.high + fraction, match.end()


def tail_digit(text: str, at: int, factor: Decimal) -> tuple[int, Decimal, Decimal] | None:
    """The colloquial last digit: 三万五, 3万5, 一亿二, 一万八九."""
    if at >= len(text):
        return None
    char = text[at]
    if char.isdigit() and char.isascii():
        after = text[at + 1 : at + 2]
        if (
            char == "0"
            or after.isdigit()
            or after in (".", "万", "千", "百", "十", "亿", "w", "k")
            or (after == "," and text[at + 2 : at + 5].isdigit())
            or after in _COUNTED - {"块"}
        ):
            return None
        return at + 1, Decimal(char) * factor / 10, Decimal(char) * factor / 10
    digit = _digit(text, at)
    if digit is None or char in "零几数":
        return None
    width, low, high = digit
    after = text[at + width : at + width + 1]
    one_each = after == "一" and text[at + width + 1 : at + width + 2] in _EACH  # 六万四一单
    if (
        after in _SMALL
        or after in BIG
        or (after in DIGITS and not one_each)
        or after == "点"
        or _is_counted(text, at + width, low)
    ):
        return None
    return at + width, low * factor / 10, high * factor / 10


def _colloquial_tail(text: str, part: Part) -> None:
    """2千3: the same after an Arabic coefficient with 百 or 千."""
    tail = tail_digit(text, part.end, part.unit)
    if tail is not None:
        part.end, part.low, part.high = tail[0], part.low + tail[1], part.high + tail[2]


def _is_counted(text: str, at: int, digit: Decimal) -> bool:
    """Does the digit before `at` count something of its own (三万一年) instead of ending the number?"""
    after = text[at : at + 1]
    if not after:
        return False
    if digit == 1:
        return after not in _AFTER_ONE
    return after in _COUNTED - {"块", "起", "样"}
