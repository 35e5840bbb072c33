"""The minimum commission of a trade: 免五, 最低5块, 五元起步."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.figure import Figure
from bot.nlu.numerals import parse_number

_N = r"\d{1,3}(?:\.\d{1,2})?|[一二两三四五六七八九十]{1,3}|零点[一二三四五六七八九]"
_SUM = rf"(?P<n>{_N})\s?(?P<unit>块钱|块|元钱|元|毛钱|毛|角)(?P<dime>[1-9一二三四五六七八九](?![\d.万千百十笔单次手股个年月回天]))?"
_FREE = re.compile(
    r"(?P<not>(?:不|没有?|没给|不给|不能|不可以|不肯|不是|取消了?|"
    r"没法)(?:给?我?)?)?免(?:去|除|掉|收|了)?(?:最低|起步)?(?:五|5|伍|武|舞|午)(?:块钱|元钱|块|"
    r"元)?(?![\d.年个天月次折千百十%]|万(?![零一二三四五六七八九\d])|星)"
    r"|免不了(?:五|5)(?:块|元)?"
)
_NONE = re.compile(
    r"(?:不收|没有|取消|去掉|不设|免掉|免去|免收|没|不要|不用|无|不限)(?:这个|那个|最低|"
    r"起步|每笔|单笔|的|什么){0,3}(?:消费|收费|佣金)?(?:五|5)\s?(?:块钱|元钱|块|"
    r"元)(?:钱)?(?:的)?(?:最低|起步|起收|起|限制|门槛|下限|保底|底)?"
    r"|(?:不设|没有|取消|无|去掉)(?:最低(?:佣金|收费|消费|限制)|起步价|保底|佣金下限|下限)"
)
_LEAST = re.compile(
    rf"(?:最低|最少|起码|至少|起收|起步价?|保底|底价)(?:佣金|手续费|收费|消费|标准|每笔|"
    rf"单笔|一笔|也|都|还|要|得|收|是|按|就|算|了|我|你|要收|:|：|\s){{0,4}}{_SUM}(?!以上|"
    rf"多万|\d)(?:起步|起)?"
)
_LEAST_BARE = re.compile(
    rf"(?:起收|最低收?|低消)(?=[5五])(?P<n>{_N})(?P<unit>)(?![\d.%‰万千百十块元毛角个分])"
)
_FROM = re.compile(
    rf"{_SUM}(?:钱)?(?:的)?(?:起步价?|起收|保底|封底|打底|垫底|最低|的?门槛|下限|"
    rf"起(?![来送码诉床赎存投购初因点先飞跑步跳拍]|价))"
)
_COUNTED_AS = re.compile(
    rf"(?:不到|不足|没到|不够|低于)(?:五|5)(?:块钱|元钱|块|元)?(?:的)?[,，]?(?:也|都|就|还|"
    rf"统统)?(?:要|得)?(?:按|收|算){{1,2}}{_SUM}"
)
#: Five yuan taken from a small trade is the minimum, whoever names it: 「每笔都扣我五块」.
_SMALL_TRADE = re.compile(
    r"每一?[笔单次回]|一[笔单]|单笔|小单|百股|以下|买(?:个|了)?(?:几|一|两|两三|[四五六七八九])[百千]"
)
_TAKEN = re.compile(
    r"(?:收|扣|要|交|最低|起码|至少|最少)(?:了|我|你|您|他|们|人家|也|都|就|还|是|得|要|的|给){0,4}\s?"
    r"(?P<n>五|5|伍)\s?(?:块钱?|元钱?)(?![\d一二三四五六七八九]|多|左右)"
)
_FULL = Decimal(5)
# A floor above this is no minimum commission but the least sum of some product.
_MOST = Decimal(50)


def find_floors(text: str) -> list[Figure]:
    """Minimum commissions of a normalised, blanked text, in yuan; 免五 → 0, 不免五 → 5."""
    found: list[Figure] = []
    for match in _FREE.finditer(text):
        refused = match.groupdict().get("not") or match.group().startswith("免不了")
        # 'You don't waive it' states the floor that stands.
        value = _FULL if refused else Decimal(0)
        found.append(
            Figure(
                "min_fee", match.start(), match.end(), match.group(), value, None, 0.85 if refused else 0.97
            )
        )
    for match in _NONE.finditer(text):
        found.append(Figure("min_fee", match.start(), match.end(), match.group(), Decimal(0), None, 0.85))
    for match in _TAKEN.finditer(text):
        if _SMALL_TRADE.search(text[max(0, match.start() - 24) : match.start()]):
            start, end = match.start("n"), match.end()
            found.append(Figure("min_fee", start, end, text[start:end], _FULL, None, 0.9))
    for pattern, confidence in ((_COUNTED_AS, 0.9), (_LEAST, 0.92), (_LEAST_BARE, 0.7), (_FROM, 0.9)):
        for match in pattern.finditer(text):
            least = parse_number(match.group("n"))
            if least is None:
                continue
            if match.group("unit").startswith(("毛", "角")):
                least /= 10
            elif match.groupdict().get("dime"):
                least += (parse_number(match.group("dime")) or Decimal(0)) / 10
            start, end = match.span()
            if least <= _MOST and not any(f.start < end and start < f.end for f in found):
                found.append(Figure("min_fee", start, end, match.group(), least, None, confidence))
    return found
