"""How much of the money is gone: 腰斩, 亏了七成, 只剩三成, 跌了30%."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.figure import Figure
from bot.nlu.numerals import parse_number
from bot.nlu.text import STRONG_STOPS, clause_end, clause_start

_HALVES = {
    "腰斩": "0.5",
    "膝盖斩": "0.75",
    "膝斩": "0.75",
    "小腿斩": "0.8",
    "脚踝斩": "0.9",
    "踝斩": "0.9",
    "脚脖子斩": "0.9",
}
_CUT = re.compile(
    r"(?:腰斩(?:[了又再后]{0,3}腰斩)?|膝盖斩|膝斩|小腿斩|脚踝斩|踝斩|脚脖子斩)(?!先生|女士|小姐)"
)

_HALVED = re.compile(r"对半砍|砍(?:了|掉)?一?半|打(?:了|完)?对折(?!的?(?:佣|手续费|费率|优惠))")
#: 佣金砍一半 is a wish, no loss.
_HAGGLED = re.compile(r"(?:佣|费|价|率)[^，,]*砍")
_HAGGLING = re.compile(r"(?:佣|费|价|率|要求|[要求能再]$)(?:[^，,。;；!！]*)$")
_N = r"\d{1,3}(?:\.\d+)?|[一二两三四五六七八九十百几]{1,4}(?:点[零一二三四五六七八九]+)?"
_SHARE = (
    r"(?P<cheng>[一二两三四五六七八九几]{1,2}|[1-9](?:\.5)?)成(?P<half>半|[二三四五六七八九1-9](?![\d一二三四五六七八九万千百十块元个年月天日只股手次回家]))?(?:多)?"
    rf"|(?<![\d./])(?P<least>\d{{1,2}})%?[~～到至-](?P<most>\d{{1,2}})%|(?<![\d./])(?P<part>[1-9])/(?P<parts>[2-9])(?![\d/])"
    rf"|(?P<percent>\d{{1,3}}(?:\.\d+)?)\s?%|百分之(?P<spelt>{_N})"
    rf"|(?P<points>{_N})(?:来|多|几)?个(?:百分)?点"
    r"|(?P<over>[二三四五六七八九十两23456789])分之(?P<under>[一二两三四五六七八九123456789])"
    r"|(?P<word>一大半|大半|一多半|多半|一小半|小半|一半|半数|过半|对半)"
)
_SHARES = re.compile(f"(?:{_SHARE})(?!的?(?:仓|可能|把握|概率|机会|新|以上的?人))")
#: The name of an index with its number (中证1000) was blanked before.
_BLANKED_INDEX = re.compile(r"\x00[^，,亏赔损套缩\x00]{0,4}$")
_FOUR_PLACES = Decimal("0.0001")
_WORDS = {"一大半": "0.7", "大半": "0.7", "一多半": "0.6", "多半": "0.6", "一小半": "0.4", "小半": "0.4"}

_LOSS = re.compile(
    "亏|赔|蚀|跌|缩水|损失|套|回撤|败|蒸发|浮亏|割|没了|少了|缩了|折了|搭进去|打水漂|干掉|砍|下来了|去了|下滑|掉了"
)
_LOSS_AFTER = re.compile(
    r"^\s?(?:左右|多|以上|的钱|的本金|的资产|的市值|本金|资产|资金|市值){0,2}\s?(?:都|就|"
    r"全|已经|也|给|让你们|被|的|这么|这样)*\s?(?:亏|赔|没了|没有了|不见|蒸发|缩水|损失|打水漂|跌没|"
    r"跌掉|套|亏损|浮亏|搭)"
)
_GAIN = re.compile("涨|赚|盈利|挣|收益|翻|回本|利润|分成|提成|手续费|佣金|折扣|降到")
_LEFT = re.compile(
    r"(?:只剩|就剩|还剩|仅剩|剩下|剩了|剩个|剩|只有原来的?|不到原来的?|只值)(?:下|了|不到|"
    r"原来的?|当初的?|个|大概|大约|差不多|也就)*\s?$"
)
_TO = re.compile(r"(?:到|成|至)(?:了|只剩|只有|原来的?|当初的?)*\s?$")
_FOLD = re.compile(
    r"(?:资产|市值|账户|本金|股票|基金|钱|净值)(?:[^，。,;；]{0,5})(?P<cut>打了?|"
    r"变成?了?)(?P<fold>[一二三四五六七八九对1-9])折"
)
_INDEX = re.compile(
    r"(?:指数|大盘|上证|沪指|沪深|中证|科创|深成指|创业板|恒指|纳指|板块|点位|解套|回本)[^，,]{0,8}$"
)


def find_ratios(text: str) -> list[Figure]:
    """Lost shares of a normalised, blanked text, as fractions: 0.5 for 腰斩, 0.7 for 只剩三成."""
    found = [_cut(match) for match in _CUT.finditer(text)]
    found += [
        _figure(text, m.start(), m.end(), Decimal("0.5"), 0.85)
        for m in _HALVED.finditer(text)
        if not _HAGGLING.search(text[max(0, m.start() - 12) : m.start()])
    ]
    for match in _FOLD.finditer(text):
        kept = "5" if match.group("fold") == "对" else str(parse_number(match.group("fold")))
        found.append(_figure(text, match.start("cut"), match.end(), 1 - Decimal(kept) / 10, 0.8))
    for match in _SHARES.finditer(text):
        share = _share(match)
        if share is None or not 0 < share <= 1:
            continue
        left = clause_start(text, match.start(), STRONG_STOPS + "，,", limit=14)
        before = text[left : match.start()]
        if _HAGGLED.search(before):
            continue
        if (match.group("points") or match.group("percent") or match.group("least")) and (
            _INDEX.search(before) or _BLANKED_INDEX.search(before)
        ):
            continue
        if remains := _LEFT.search(before):
            if share < 1 and not _GAIN.search(before):
                found.append(_figure(text, left + remains.start(), match.end(), 1 - share, 0.9))
            continue
        if fell_to := _TO.search(before):
            if share < 1 and re.search("亏|赔|跌|缩", before):
                found.append(_figure(text, left + fell_to.start(), match.end(), 1 - share, 0.75))
            continue
        loss, gain = _last(_LOSS, before), _last(_GAIN, before)
        if loss > gain:
            found.append(
                _figure(text, match.start(), match.end(), share, 0.95 if not match.group("word") else 0.85)
            )
        elif gain < 0 and not match.group("part"):  # 5/6亏了三万 is a day
            right = clause_end(text, match.end(), STRONG_STOPS + "，,", limit=12)
            if _LOSS_AFTER.match(text[match.end() : right]):
                found.append(_figure(text, match.start(), match.end(), share, 0.85))
    return found


def _figure(text: str, start: int, end: int, value: Decimal, confidence: float) -> Figure:
    return Figure("loss_ratio", start, end, text[start:end], value.normalize(), None, confidence)


def _cut(match: re.Match[str]) -> Figure:
    word = match.group()
    if word.count("腰斩") == 2:
        return Figure("loss_ratio", match.start(), match.end(), word, Decimal("0.75"), None, 0.9)
    return Figure("loss_ratio", match.start(), match.end(), word, Decimal(_HALVES[word]), None, 0.95)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _share(match: re.Match[str]) -> Decimal | None:
    """The fraction that the words name, before asking whether it is lost or left."""
    if word := match.group("word"):
        return Decimal(_WORDS.get(word, "0.5"))
    if tenths := match.group("cheng"):
        value = parse_number(tenths)
        more = match.group("half")
        tenth = Decimal(5) if more == "半" else parse_number(more) if more else Decimal(0)
        return None if value is None or tenth is None else value / 10 + tenth / 100
    if least := match.group("least"):
        return (Decimal(least) + Decimal(match.group("most"))) / 200
    if part := match.group("part"):
        return (Decimal(part) / Decimal(match.group("parts"))).quantize(_FOUR_PLACES)
    if over := match.group("over"):
        whole, part = parse_number(over), parse_number(match.group("under"))
        return None if not whole or part is None else (part / whole).quantize(_FOUR_PLACES)
    said = match.group("percent") or match.group("spelt") or match.group("points")
    value = parse_number(said)
    return None if value is None else value / 100
