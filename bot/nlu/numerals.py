"""Reading Chinese, Arabic and mixed numerals.

A small hand-written scanner, linear in the text. cn2an reads 一亿二 as ten million, refuses 二点五万 and
knows neither 五六十万 nor 十来万; it serves as the oracle of the tests (every number it renders must be
read back).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.nlu.coefficients import BIG, DIGITS, Part, coefficient, digit_string, tail_digit
from bot.nlu.text import CAPITALS, normalise

__all__ = ["DIGITS", "Numeral", "digit_string", "find_numerals", "parse_number", "read_numeral", "scan"]

_START = re.compile(
    r"[0-9零一二两俩三四五六七八九十百千几数半]|[上近过成破](?=[百千万亿])|万(?=把|八千|儿八千)"
)
_MORE = "多余来"
#: 万 and 亿 as said and as typed: 2.2kw is 22 million, 20wan two hundred thousand.
_BIG = re.compile(
    r"(?:个(?=[亿w])| (?=[万亿](?![\d一二三四五六七八九零])|w(?![a-z\d])))?"
    r"(?P<unit>(?:wan|kw|[wk])(?![a-z线])|[万亿](?!分之))"
)
_TYPED = {"wan": Decimal(10_000), "kw": Decimal(10_000_000), **BIG}
_TO = re.compile(r"个?(?:到|至|~+|-+|—+|、)")


@dataclass(frozen=True)
class Numeral:
    """A numeral found in a text.

    Attributes:
        start: offset of the first character.
        end: offset after the last character.
        low: the least it can mean.
        high: the most it can mean (equal to `low` for a plain number).
        unit: the magnitude said aloud (万 → 10000; 1 where none was).
        approximate: true for 多, 来, 几, ranges and pairs.
        bare: no digit at all, as in 百万 or 千万 ('be sure to'); the caller must want a number here.
        han: written without Arabic digits.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: Decimal = Decimal(1)
    approximate: bool = False
    bare: bool = False
    han: bool = True
    lead: Decimal = Decimal(0)

    @property
    def value(self) -> Decimal:
        """The middle of what it can mean."""
        return self.low if self.low == self.high else (self.low + self.high) / 2


def find_numerals(text: str) -> list[Numeral]:
    """All numerals of an already normalised text, in order, not overlapping."""
    found: list[Numeral] = []
    at = 0
    while match := _START.search(text, at):
        numeral = scan(text, match.start())
        if numeral is None:
            at = match.end()
            if match.group().isdigit():
                # A number glued to letters (kh2003, H5) is a code: step over all of it.
                at = _end_of_digits(text, match.start())
            continue
        found.append(numeral)
        at = numeral.end
    return found


def parse_number(text: str) -> Decimal | None:
    """The value of a text that is one numeral and nothing else, or None.

    Ranges give their middle, '多' and '来' their base: 五六十万 → 550000, 十来万 → 100000.
    """
    numeral = read_numeral(text)
    return None if numeral is None else numeral.value


def read_numeral(text: str) -> Numeral | None:
    """A text that is one numeral and nothing else, with its range."""
    plain = normalise(text).strip().translate(CAPITALS)
    if not plain:
        return None
    digits = digit_string(plain)
    if digits is not None and len(digits) > 1 and not plain.isdigit():
        if len(digits) == 2 and 0 < int(digits[1]) - int(digits[0]) <= 2 and digits[0] != "0":
            low, high = Decimal(digits[0]), Decimal(digits[1])
            return Numeral(0, len(plain), low, high, approximate=True)
        return Numeral(0, len(plain), Decimal(digits), Decimal(digits))
    numeral = scan(plain, 0)
    return numeral if numeral is not None and numeral.end == len(plain) else None


def scan(text: str, at: int) -> Numeral | None:
    """The longest numeral that begins at `at`, ranges with 到 and - included."""
    first = _scan_one(text, at)
    if first is None:
        return None
    link = _TO.match(text, first.end)
    if link is None:
        return _or_its_neighbour(text, first)
    second = _scan_one(text, link.end())
    if second is None or second.bare:
        return first
    low = first.value
    if first.unit == 1 and second.unit > 1:
        low *= second.lead if second.lead and low < 10 else second.unit
    elif "、" in link.group():
        return first
    if not low < second.value or low * 20 < second.value:
        return first
    return Numeral(
        at, second.end, low, second.value, second.unit, approximate=True, han=first.han and second.han
    )


def _or_its_neighbour(text: str, first: Numeral) -> Numeral:
    """三万五万, 八百一千: one or the other, said in one breath."""
    second = _scan_one(text, first.end) if first.han and not first.bare and first.value >= 100 else None
    if second is None or second.bare or not second.han or second.value < 100:
        return first
    low, high = sorted((first.value, second.value))
    if low == high or high > 3 * low or (first.unit != second.unit and first.unit > 1_000):
        return first
    return Numeral(first.start, second.end, low, high, max(first.unit, second.unit), approximate=True)


def _scan_one(text: str, at: int) -> Numeral | None:
    if at and text[at : at + 1].isdigit() and text[at - 1].isascii() and text[at - 1].isalpha():
        return None
    part = coefficient(text, at)
    if part is None:
        return None
    _more(text, part)
    total_low, total_high = Decimal(0), Decimal(0)
    unit = Decimal(1)
    ceiling: Decimal | None = None
    end, approximate, bare, han, lead = part.end, part.approximate, part.bare, part.han, Decimal(0)
    while True:
        factor = _big_unit(text, part)
        if ceiling is not None and factor >= ceiling:
            break
        total_low += part.low * factor
        total_high += part.high * factor
        end, approximate, han = part.end, approximate or part.approximate, han and part.han
        said = factor * part.unit if factor == 1 else factor
        unit = max(unit, said)
        if ceiling is None:
            lead = part.lead * factor
        if factor == 1 or part.approximate:
            break
        tail = tail_digit(text, part.end, factor)
        if tail is not None:
            end = tail[0]
            total_low += tail[1]
            total_high += tail[2]
            approximate = approximate or tail[1] != tail[2]
            break
        start = part.end + (text[part.end : part.end + 1] == "零")
        following = coefficient(text, start)
        # 三万五百 goes on; 5万2.5 is two figures side by side.
        if following is None or following.bare:
            break
        _more(text, following)
        smaller = _peek_unit(text, following)
        if following.unit == 1 and smaller == 1 and start == part.end:
            break
        if following.high * smaller >= factor or following.low != following.low.to_integral_value():
            break
        ceiling, part, bare = factor, following, False
    if bare and unit == 1:
        return None
    return Numeral(
        at, end, total_low, total_high, unit, approximate or total_low != total_high, bare, han, lead
    )


def _more(text: str, part: Part) -> None:
    """多, 余, 来 before or after the unit: about that much, the base is what was said."""
    if part.whole or (part.unit == 1 and part.high < 10):
        return
    char = text[part.end : part.end + 1]
    if (
        char
        and char in _MORE
        and (char != "来" or text[part.end + 1 : part.end + 2] in ("万", "亿", "块", "元", ""))
    ):
        part.end += 1
        part.approximate = True


def _big_unit(text: str, part: Part) -> Decimal:
    """Consume 万, 亿, w, k after the coefficient, with what may stand between (个, 好) and 多 after it."""
    match = _BIG.match(text, part.end)
    if match is None:
        return Decimal(1)
    factor = _TYPED[match.group("unit")]
    part.end = match.end()
    while text[part.end : part.end + 1] in ("万", "亿"):
        factor *= BIG[text[part.end]]
        part.end += 1
    char = text[part.end : part.end + 1]
    if (char and char in "多余") or (char == "来" and text[part.end + 1 : part.end + 2] in ("块", "元")):
        part.end += 1
        part.approximate = True
    return factor


def _peek_unit(text: str, part: Part) -> Decimal:
    match = _BIG.match(text, part.end)
    return _TYPED[match.group("unit")] if match else Decimal(1)


def _end_of_digits(text: str, at: int) -> int:
    while at < len(text) and text[at].isdigit():
        at += 1
    return at
