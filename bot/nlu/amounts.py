"""Sums of money in yuan, each with what it is about."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.figure import Figure
from bot.nlu.numerals import DIGITS, Numeral, find_numerals
from bot.nlu.roles import role_of

_YUAN = re.compile(
    r"(?:多|来)?\s?(?:块钱|元钱|块(?!儿|去|来|走|过|办|做|聊|跟|地|业务|内容|牌|屏|表|石|"
    r"肉)|元(?!旦|宝|老|素|月|气|件)|圆|人民币|rmb|大洋)"
)
_DIME = re.compile(
    r"(?:毛钱?|角钱?)(?:(?P<c>[二三四五六七八九1-9])分?(?![\d万千百十块元个天年月次笔单手股份]))?"
)
_CENT = re.compile(r"分钱")
_DIME_AFTER = re.compile(
    r"零?(?P<d>[一二两三四五六七八九1-9])(?:(?:毛钱?|角)(?:(?P<c>[二三四五六七八九1-9])分?(?![\d万千百十块元个天年月次笔单手股份]))?|"
    r"(?![\d一二三四五六七八九十百千万个年月日天次笔手股人折成%.块元毛]))"
)
_FOREIGN = re.compile(r"^\s?(?:多|来)?(?:块)?(?:美元|美金|港币|港元|欧元|日元|英镑|刀|韩元|澳元)")
# After these the figure counts shares, people, points, times … and is no money.
_OTHER_COUNT = re.compile(
    r"^(?:多|来|余)?(?:股(?!票)|手(?!续|机|里|头|上)|人|户|家|次|点(?!钱)|个(?!亿|w)|名|位|只|"
    r"支|张|份|笔|条|项|套|台|部|层|楼|平|米|公里|里路|吨|斤|[年月](?!成交|量|交易|流水|度|均|底|初|终|内|前)|日|号|天|小时|"
    r"分钟?(?!之)|秒|周|岁|倍|成|折|度|级|步|期|字|积分|分|%|‰|粉丝|客户|用户|股民|投资者|"
    r"网点|营业部|辆|本(?!金)|届|线|桶|袋|箱|瓶|盒|把(?!块)|遍|回|趟|道|种|块地|门|路)"
)
#: What there can be tens of thousands of; 八万把它取了, 三万分两次 count nothing.
_COUNT_OF_MYRIADS = re.compile(
    r"^(?:多|来|余)?(?:股(?!票)|手(?!续|里|头|上)|人(?!民)|户(?!头)|家(?!当|底|里)|次|点(?!钱)|个(?!亿|w)|名|位|只(?!剩|有|是|要)|份|笔|条|公里|"
    r"平|吨|年(?!成交|量|交易|流水|度|均|底|初|终|内|前)|小时|倍|字|积分|粉丝|客户|用户|股民|投资者)"
)
_SIGN = re.compile(r"(?:¥|人民币|rmb)\s?$")
_GRAND = re.compile(r"^(?:级|以上|的?(?:资产|资金|市值|身家|客户|交易量|成交|规模|本金))")
_WANTED_BEFORE = re.compile(
    r"(?:上|近|过|达|有|超过?|几|数|亏了?|赚了?|做了?|做到|交易量|成交|资产|资金|账上|是|个)$"
)
# Words that make even a figure without unit a sum: 亏了500, 手续费交了八千, 一笔两三千.
_MONEY_BEFORE = re.compile(
    r"(?:一年|每年|一个月|每个?月|一单|每单|拿|分|亏|赔|赚|挣|套|损失|盈利|浮亏|送|返|奖|补贴|红包|省|交|收|扣|花|付|贡献|差|多花|"
    r"相差|手续费|佣金|费用|交易量|成交[量额]?|交易额|流水|资产|资金量?|市值|本金|账上|"
    r"账户|余额|还有|还剩|剩|剩下|一笔|每笔|单笔|每次|投|存|入金|转|放|倒腾|买|卖|做)"
    r"(?:走|了|掉|去|我|你|他|她|们|您|个|过|都|也|就|才|是|有|的|得|到|在|给|还|要|差不多|"
    r"大概|大约|不到|将近|快|起码|至少|总共|一共|只|也就|金额|里|上|:|：){0,4}\s?$"
)
_MONEY_AFTER = re.compile(
    r"^\s?的?(?:块|元|红包|购物卡|油卡|话费|京东卡|超市卡|购物券|现金|代金券|礼品|手续费|佣金|本金|资产|市值)"
)
_LEAST_BARE = Decimal(100)
_LEAST_DOUBTFUL = Decimal(3)
#: The role of a number that the rules don't take for money.
NO_SUM = "none"


def find_amounts(text: str, doubtful: bool = False) -> list[Figure]:
    """Sums of a normalised, blanked text in yuan. Ranges give the middle, with `low` and `high` beside it.

    Args:
        text: normalised and blanked.
        doubtful: also give, with the role `NO_SUM`, numbers that no word makes money: 「年流水200万 佣900」.
    """
    found: list[Figure] = []
    floor = 0
    for numeral in find_numerals(text):
        if numeral.start < floor:
            continue
        figure = _amount(text, numeral)
        if figure is not None and (doubtful or figure.role != NO_SUM):
            found.append(figure)
            floor = figure.end
    return found


def _amount(text: str, numeral: Numeral) -> Figure | None:
    before = text[max(0, numeral.start - 14) : numeral.start]
    after = text[numeral.end : numeral.end + 8]
    if (
        before.endswith(("分之", "第", "千分", "\x00"))
        or after.startswith(("分之", "%", "‰"))
        or (after[:1] == "成" and after[1:2] != "交")
        or _FOREIGN.match(after)
    ):
        return None
    start, end, low, high = numeral.start, numeral.end, numeral.low, numeral.high
    sign = _SIGN.search(before)
    yuan = _YUAN.match(after)
    dime, cent = _DIME.match(after), _CENT.match(after)
    counted = _COUNT_OF_MYRIADS if numeral.unit >= 10_000 else _OTHER_COUNT
    if yuan is None and dime is None and cent is None and counted.match(after):
        return None
    if yuan is not None:
        if low == 1 and high == 1 and yuan.group() == "块" and not _lone_yuan(text, end + yuan.end(), before):
            return None
        if low <= 1 and before.endswith(("这", "那", "每", "哪", "几", "某")) and yuan.group() == "块":
            return None
        end += yuan.end()
        low, high, end = _add_dimes(text, end, low, high)
    elif dime is not None:
        cents = _digit_of(dime.group("c")) / 100
        low, high, end = low / 10 + cents, high / 10 + cents, end + dime.end()
    elif cent is not None:
        low, high, end = low / 100, high / 100, end + cent.end()
    sure = yuan is not None or dime is not None or cent is not None or sign is not None
    if not sure and not _could_be_sum(text, numeral, before):
        return None
    sure = sure or _without_unit(text, numeral, before, after)
    if numeral.bare and yuan is None and not _GRAND.match(after) and not _WANTED_BEFORE.search(before):
        return None
    if sign is not None:
        start -= len(sign.group())
    if high <= 0:
        return None
    role, confidence = role_of(text, start, end, numeral.unit >= 10_000) if sure else (NO_SUM, 0.3)
    if yuan is None and sign is None and dime is None and numeral.unit < 10_000:
        confidence = min(confidence, 0.75)
    attributes = {} if low == high else {"low": f"{low.normalize():f}", "high": f"{high.normalize():f}"}
    if numeral.approximate:
        attributes["approximate"] = "true"
    value = low if low == high else (low + high) / 2
    return Figure("amount", start, end, text[start:end], value, role, confidence, attributes)


def _lone_yuan(text: str, at: int, before: str) -> bool:
    """一块 is mostly 'together' or 'a piece'."""
    after = text[at : at + 1]
    if before.endswith(("加", "在", "到", "凑")):
        return False
    return (
        not after
        or after in "，。,.!！?？钱多起的 一二两三四五六七八九"
        or bool(_MONEY_BEFORE.search(before))
    )


def _add_dimes(text: str, end: int, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal, int]:
    """两块五, 3块2毛, 三块二毛五, 十块零八毛."""
    if low != high or text[end - 1] not in "块元":
        return low, high, end
    match = _DIME_AFTER.match(text, end)
    if match is None:
        return low, high, end
    more = _digit_of(match.group("d")) / 10 + _digit_of(match.group("c")) / 100
    return low + more, high + more, match.end()


def _digit_of(char: str | None) -> Decimal:
    return Decimal(0) if char is None else Decimal(DIGITS[char] if char in DIGITS else int(char))


def _could_be_sum(text: str, numeral: Numeral, before: str) -> bool:
    """Is a numeral without 块 or 元 at least no code, no decimal share, and not next to nothing?"""
    glued = not numeral.han and numeral.unit == 1 and before[-1:].isalnum() and before[-1:].isascii()
    code = numeral.unit == 1 and text[numeral.start] == "0"
    return numeral.value >= _LEAST_DOUBTFUL and not code and not glued


def _without_unit(text: str, numeral: Numeral, before: str, after: str) -> bool:
    """Is a numeral without 块 or 元 money all the same?"""
    if numeral.unit >= 10_000:
        return not before.endswith(("第", "沪深", "中证", "上证"))
    if numeral.value < _LEAST_BARE or numeral.value != numeral.value.to_integral_value():
        return False
    if text[numeral.start : numeral.start + 1] == "0" or (
        not numeral.han and numeral.unit == 1 and before[-1:].isalnum() and before[-1:].isascii()
    ):
        return False
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after))
