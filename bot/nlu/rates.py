"""Commission rates: 万2.5, 千分之二, 0.25%, 万一免五, and bare figures beside 佣金."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Protocol

from bot.nlu.figure import Figure
from bot.nlu.numerals import DIGITS, parse_number
from bot.nlu.text import STRONG_STOPS, WEAK_STOPS, clause_end, clause_start

# Above one per cent nobody charges for a trade: such a figure is about something else.
_MOST = Decimal("0.01")
_MYRIAD, _THOUSAND, _HUNDRED = Decimal("0.0001"), Decimal("0.001"), Decimal("0.01")
_SCALES = {
    "百万": Decimal("0.000001"),
    "十万": Decimal("0.00001"),
    "万": _MYRIAD,
    "wan": _MYRIAD,
    "千": _THOUSAND,
    "百": _HUNDRED,
    "%": _HUNDRED,
    "‰": _THOUSAND,
    "‱": _MYRIAD,
    "%%": _MYRIAD,
}

_NUM = r"\d{1,3}(?:\.\d{1,4})?"
_HAN = r"[零一二两三四五六七八九十]{1,3}(?:点[零一二三四五六七八九]{1,4})?"
_TO = r"\s?(?:到|至|-|~|—)\s?"
_NOT_AFTER_FIGURE = r"(?<![\d.零一二两俩三四五六七八九十百千几多半来余数好w])(?<!(?<!以)上)"
_NOT_COUNTED = r"(?![\d.]|[万亿千百十块元股手户人次张吨里年家倍点]|个[^点]|分之)"

_SPELT = re.compile(
    rf"([百十]?万|[千百])分之({_NUM}|{_HAN})(?:({_TO})(?:[万千百]分之)?({_NUM}|{_HAN}))?(?!分之)"
)
_SHORT_DIGITS = re.compile(
    rf"{_NOT_AFTER_FIGURE}([万千]|wan)\s?({_NUM})(?:({_TO})[万千]?({_NUM}))?{_NOT_COUNTED}"
)
_SHORT_HAN = re.compile(
    rf"{_NOT_AFTER_FIGURE}([万千])(两个[五半]|零点[零一二三四五六七八九]{{1,4}}"
    rf"|[一二两三四五六七八九儿](?:点[零一二三四五六七八九]{{1,4}}|半|"
    rf"[一二三四五六七八九](?![一二三四五六七八九十直样些起般共]))?)"
    rf"(?:({_TO})[万千]?([一二两三四五六七八九](?:点[零一二三四五六七八九]{{1,4}})?))?{_NOT_COUNTED}"
)
_SIGNED = re.compile(rf"(?<![\d.])({_NUM})\s?(?:(%%|%|‰|‱)?({_TO})({_NUM})\s?)?(%%|%|‰|‱)")
_BARE = re.compile(
    r"(?<![\d.a-z万千])(\d(?:\.\d{1,6})|[一二两三零]点[零一二三四五六七八九]{1,4}|"
    r"两个[五半])(?![\d.%‰‱万亿千百个块元毛股手倍成年月日天次折点])"
)

_RATE_WORD = re.compile("佣金|手续费|费率|佣|万分之|千分之|交易费")
_RATE_BEFORE = re.compile(
    r"(?:佣金率?|手续费率?|费率|交易费)(?:[^\d,，。;；]{0,6})$|(?:你们|我们|咱们|咱|人家|"
    r"他们|她们|别家|别人|对方|这边|那边|给我|给你|给他|给她|给到|降到|调到|只要|才|现在|"
    r"原来)"
    r"(?:现在|这边|那边|还|才|只|就|给我?的?|收我?的?|是|要|都|的|做|到|能|按|开){0,3}\s?$"
)
_RATE_AFTER = re.compile(r"^\s?的?(?:佣金|手续费|费率)")
# A percentage beside one of these is no commission.
_OTHER_RATE = re.compile(
    "印花税|过户费|经手费|证管费|规费|利率|利息|年化|收益|涨|跌|亏|赔|赚|回撤|仓位|"
    "管理费|申购|赎回|缩水|损失|盈利|分成|提成|通胀|融资|概率|胜率|套了|税|换手|费用率|"
    "折扣|打折"
)
_ODDS = re.compile("^的?(?:可能|希望|概率|机会|几率|把握|人)")

_IN_CASE_BEFORE = re.compile(r"(?:怕|防|说|不怕|担心|想)$")
_STRONG_BEFORE = re.compile(
    r"(?:佣金|手续费|费率|佣|给(?:我|你|他|她|您|到|了|个|咱|俺|的|开|做|谈|办)*|"
    r"[降调改做谈低拿开](?:到|成|为|了|的)|申请到?|收[我你他]?|按|最低|才|只[要收有是]|只|"
    r"全都|都给|统一|一律|比)的?(?:是|就|到|了|都|成|个)?\s?$"
)
_WEAK_BEFORE = re.compile(r"(?:能|行|是|都|就|要|有|到|开|给|拿|做|和|跟|或|从|到|像|这种|那种|家|户)\s?$")
_LOWERED_TO = re.compile(r"(?:降到|降成|降至|调到|调成|给到)\s?$")
_PARTY = re.compile(r"(?:对方|我们|他们|人家|别家|那边|这边|^)\s?$")
_CONTINUES_IN_CASE = re.compile(
    r"^(?:[又再真被遇碰输套涨跌亏赔出崩倒赶拖忘错病丢哪将以有没不]|我|你|他|她|您|明天|"
    r"后面|行情|市场|股票|大盘|账户|系统|客户|到时|发生|失败|爆|退市|"
    r"佣金(?:[又再涨提变调高反]|没))"
)
_RATE_FOLLOWS = re.compile(
    r"^\s?(?:免五|免5|不免|[的佣](?!话)|手续费(?![又再涨提变调高反])|费率|开户|"
    r"[,，。.、;；!！?？)）]|$|了|吗|呢|吧|啊|嘛|就|都|左右|以下|起|包|还|这么|那么|和|跟|"
    r"到|比|、|\+|加)"
)


class _Add(Protocol):
    """The collector handed to the readers below."""

    def __call__(
        self, start: int, end: int, number: Decimal | None, scale: Decimal, confidence: float
    ) -> bool:
        """Take one rate, unless its place is taken or its value absurd."""


def find_rates(text: str) -> list[Figure]:
    """Commission rates of a normalised, blanked text, as fractions.

    A range gives two figures. 万一 is a rate only where the words around it want one: otherwise it is 'in
    case'.
    """
    has_word = _RATE_WORD.search(text) is not None or _SHORT_DIGITS.search(text) is not None
    found: list[Figure] = []
    taken: set[int] = set()
    last_value: Decimal | None = None

    def add(start: int, end: int, number: Decimal | None, scale: Decimal, confidence: float) -> bool:
        nonlocal last_value
        if number is None or number <= 0 or not taken.isdisjoint(range(start, end)):
            return False
        value = number * scale
        if value > _MOST:
            return False
        taken.update(range(start, end))
        last_value = value
        found.append(
            Figure("commission_rate", start, end, text[start:end], value.normalize(), None, confidence)
        )
        return True

    for match in _SPELT.finditer(text):
        if _ODDS.match(text[match.end() : match.end() + 4]) or _about_other(text, match.start(), match.end()):
            continue
        _pair(match, _SCALES[match.group(1)], 0.98, add)
    for match in _SHORT_DIGITS.finditer(text):
        _pair(match, _SCALES[match.group(1)], 0.97, add)
    for match in _SHORT_HAN.finditer(text):
        confidence = _short_confidence(text, match, has_word)
        if confidence:
            _pair(match, _SCALES[match.group(1)], confidence, add)
    for match in _SIGNED.finditer(text):
        if _about_other(text, match.start(), match.end()):
            continue
        last = _SCALES[match.group(5)]
        first = _SCALES[match.group(2)] if match.group(2) else last
        if match.group(4) is None:
            # Without a word of commission near, only what could be a commission at all.
            likely = _near_rate_word(text, match.start(), match.end()) or Decimal(
                match.group(1)
            ) * last <= Decimal("0.003")
            if likely:
                add(match.start(), match.end(), Decimal(match.group(1)), last, 0.95)
            continue
        split = match.end(2) if match.group(2) else match.end(1)
        add(match.start(), split, Decimal(match.group(1)), first, 0.9)
        add(match.start(4), match.end(), Decimal(match.group(4)), last, 0.9)
    bare = [match for match in _BARE.finditer(text) if _beside_party(text, match)]
    for match in bare:
        # Two parties each with such a figure ('they give 0.2, you 0.25') speak of commission without saying
        # so.
        _bare(match, has_word or len(bare) > 1, last_value, add)
    return sorted(found, key=lambda figure: figure.start)


def _pair(match: re.Match[str], scale: Decimal, confidence: float, add: _Add) -> None:
    """One rate, or the two ends of a range as two."""
    said = match.group(2)
    start, end = match.start(), match.end(2)
    if len(said) == 2 and all(c in DIGITS for c in said) and DIGITS[said[1]] == DIGITS[said[0]] + 1 > 2:
        # 万二三: two or three, said in one breath; but 万一二 is the common 1.2.
        add(start, end - 1, Decimal(DIGITS[said[0]]), scale, 0.7)
        add(end - 1, end, Decimal(DIGITS[said[1]]), scale, 0.7)
        return
    if not add(start, end, _number(said), scale, confidence):
        return
    if match.group(4):
        add(_second_start(match), match.end(4), _number(match.group(4)), scale, confidence)


def _second_start(match: re.Match[str]) -> int:
    """The second end of a range takes its own 万 with it where one was said."""
    text, start, floor = match.string, match.start(4), match.end(3)
    return floor if floor < start and text[floor] in "万千百" else start


def _number(said: str) -> Decimal | None:
    if said in ("两个五", "两个半"):
        return Decimal("2.5")
    said = said.replace("儿", "二")  # the speech recogniser's homophone
    if said.endswith("半") and len(said) == 2:
        return Decimal(DIGITS[said[0]]) + Decimal("0.5")
    if len(said) == 2 and said[0] in DIGITS and said[1] in DIGITS:
        # 万二五 is 2.5 in ten thousand.
        return Decimal(f"{DIGITS[said[0]]}.{DIGITS[said[1]]}")
    return parse_number(said)


def _short_confidence(text: str, match: re.Match[str], has_word: bool) -> float:
    """How sure 万一, 万二, 千二, 万儿 are rates here; 0 where they are not."""
    base, said = match.group(1), match.group(2)
    before = text[max(0, match.start() - 12) : match.start()]
    after = text[match.end() : match.end() + 8]
    if base == "万" and said == "一" and _IN_CASE_BEFORE.search(before):
        return 0.0
    if _LOWERED_TO.search(before) or (base == "千" and (_PARTY.search(before) or after.startswith("呢"))):
        return 0.9
    if len(said) > 1:
        return 0.95 if said != "一下" else 0.0
    if match.group(4):
        return 0.9
    if base == "万" and said == "一":
        return _in_ten_thousand(text, match, before, after, has_word)
    if base == "千" and said not in ("一", "两"):
        return 0.85 if has_word or _STRONG_BEFORE.search(before) else 0.75
    if said in ("两", "儿") or base == "千":
        near = (
            has_word
            or _STRONG_BEFORE.search(before)
            or (_RATE_FOLLOWS.match(after) and _WEAK_BEFORE.search(before))
        )
        return 0.85 if near or after.startswith(("免", "的佣", "的费")) else 0.0
    return 0.95 if has_word or _STRONG_BEFORE.search(before) else 0.85


def _in_ten_thousand(text: str, match: re.Match[str], before: str, after: str, has_word: bool) -> float:
    """万一: one in ten thousand, or 'in case'?"""
    if re.match(r"\s?(?:免五|免5|不免五|不免5|的(?:佣|费率|手续费|标准|价))", after):
        return 0.98
    if re.search(
        r"(?:给|开|做|谈|降|调|批)(?:我|你|您|到|成)*个?$|才能?$|按[^，,。]{0,6}的$", before
    ) and not re.match(
        r"[又再真被遇碰出崩有亏跌赔涨套爆没不将以丢忘错拖]|[我你他她您]+[又再真被亏跌赔]", after
    ):
        return 0.92
    if _CONTINUES_IN_CASE.match(after):
        return 0.0
    if _STRONG_BEFORE.search(before):
        return 0.92
    if _WEAK_BEFORE.search(before) and _RATE_FOLLOWS.match(after):
        return 0.85
    if re.match(r"能不能|行不行|可不可以|可以不|做不做|成不成", after):
        return 0.8
    start = clause_start(text, match.start(), STRONG_STOPS + WEAK_STOPS)
    opens_clause = not text[start : match.start()].strip()
    if opens_clause and re.match(r"\s?(?:佣金|手续费|费率|开户)", after):
        return 0.8
    if (
        not opens_clause
        and re.search(r"(?:券商|证券|家|边|们|信|泰|财|发|商|河|安)$", before)
        and _RATE_FOLLOWS.match(after)
    ):
        return 0.85
    clause_is_all = clause_end(text, match.end(), STRONG_STOPS + WEAK_STOPS) <= match.end() + 1
    return 0.7 if has_word and opens_clause and clause_is_all else 0.0


def _about_other(text: str, start: int, end: int) -> bool:
    """A word beside the figure says that it is a tax, an interest rate, a gain or a loss."""
    left = clause_start(text, start, STRONG_STOPS + WEAK_STOPS, limit=8)
    right = clause_end(text, end, STRONG_STOPS + WEAK_STOPS, limit=4)
    before = text[left:start]
    if _RATE_WORD.search(before[-6:]):
        return False
    other = _OTHER_RATE.search(before)
    if other is None:
        other = _OTHER_RATE.match(text[end:right].lstrip("的都"))
    return other is not None


def _near_rate_word(text: str, start: int, end: int) -> bool:
    left = clause_start(text, start, STRONG_STOPS, limit=20)
    right = clause_end(text, end, STRONG_STOPS, limit=12)
    return _RATE_WORD.search(text[left:right]) is not None


def _beside_party(text: str, match: re.Match[str]) -> bool:
    """Does a figure without a sign stand beside 佣金, or beside a party that gives or asks it?"""
    before = text[max(0, match.start() - 14) : match.start()]
    before = before[clause_start(before, len(before), STRONG_STOPS + "，,") :]
    if _OTHER_RATE.search(before):
        return False
    return bool(_RATE_BEFORE.search(before) or _RATE_AFTER.match(text[match.end() : match.end() + 5]))


def _bare(match: re.Match[str], wanted: bool, near: Decimal | None, add: _Add) -> None:
    """A figure without any sign: 'their commission is 0.2, ours 0.25', '佣金2.5'."""
    number = _number(match.group(1))
    if number is None or number == 0 or not (wanted or near):
        return
    candidates = [
        number * scale
        for scale in (Decimal(1), _HUNDRED, _THOUSAND, _MYRIAD)
        if number * scale <= Decimal("0.003")
    ]
    if not candidates:
        return
    if near:
        value = min(candidates, key=lambda c: max(c / near, near / c))
    else:
        # Up to 0.3 people mean per cent (0.3% is the ceiling), above it per ten thousand.
        said_as = (
            Decimal(1) if number <= Decimal("0.003") else _HUNDRED if number <= Decimal("0.3") else _MYRIAD
        )
        value = number * said_as
    add(match.start(), match.end(), value, Decimal(1), 0.75 if near else 0.7)
