"""What an amount is about, from the words around it."""

from __future__ import annotations

import re

from bot.nlu.text import STRONG_STOPS, WEAK_STOPS, clause_end, clause_start

# Words before or after an amount that say what it is. Longer words first where one holds another.
_WORDS: dict[str, str] = {
    # Money that is neither here nor a client's turnover: what he needs it for, what others ask for.
    "other": (
        "首付|房贷|车贷|月供|彩礼|聘礼|学费|学区房|看病|手术|医药费|装修|起投|门槛|退休金|工资|养老金|生活费|任务|指标"
    ),
    "volume": (
        "来回|进出|量(?=[:：也就不挺很大小])|交易量|成交量|成交额|成交金额|交易额|交易金额|流水|走量|倒腾|倒手|刷单|刷量|交易满|"
        "做满|量能?有|量也?就|周转|成交|交易(?!费|所|日|系统|软件|密码|成本|手续|时间|经验|"
        "员)"
    ),
    "assets": (
        "攒了?|趴着?|搁|家当|零花钱|老本|账上|账户(?!管理)|户头|资产|资金量|资金|市值|持仓|本金|卡里|余额|家底|仓位|手里|"
        "手头|手上|里头|里面|存款|存了|存|投了|投入|投资|投|入金|转入|转进|转过去|转过来|"
        "转走|转出|转|放了|放着|放在|还有|剩|拿出|凑了|身家|打新市值|买了|满仓|重仓|净值|"
        "养老钱"
    ),
    "loss": (
        "浮亏|亏损|亏|赔|套牢|套住|套了|套|损失|缩水|跌没|跌掉|跌去|跌了|蒸发|割肉|割|搭进去|"
        "打水漂|干没|被坑|没了|少了|缩了|折进去|折了|扔进去|血本|学费"
    ),
    "trade": (
        "这一?单|这一?笔|那一?笔|每一笔|每笔|单笔|一笔|一单|每单|每次买卖|每次交易|每次|一次(?:交易|买卖|就?买|"
        "才?做)|笔均|平均一笔|一把"
    ),
    "fee": (
        "收佣|手续费|佣金|转托管|交易费|过户费|印花税|费用|交给你们|贡献|收我|扣我|扣了|收了|被你们收|"
        "被收|收费|成本多|多交|多花|多付|多收|少交|省下|省了|能省|省|相差|差(?!不多|劲|点|评|"
        "别)|管理费|服务费|会员费|工本费"
    ),
    "profit": "盈利|赚|挣|收益|利润|浮盈|赢|进账|到手|回报|涨了",
    "gift": (
        "送|红包|购物卡|礼品|礼物|返现|返佣|返|奖励|现金券|代金券|优惠券|体验金|油卡|超市卡|"
        "京东卡|购物券|话费|补贴|礼包|开户礼|加油卡|奖金|奖|大礼|现金奖|电话费|消费卡|礼金|"
        "券(?!商)"
    ),
}
_GIFT_VERBS = frozenset({"送", "返", "奖", "返现", "返佣", "奖励", "补贴"})
_PATTERN = re.compile("|".join(f"(?P<{role}>{words})" for role, words in _WORDS.items()))
# 做 is a verb of a hundred uses: only right before the figure it means turnover.
_DO = re.compile(
    r"(?:做|干|跑|刷|(?<![收拿取搬带转])走|倒|炒|买卖)(?:了|个|到|上|过|满|够|下来|出|的|得|也|就|能|有|不到|"
    r"差不多|大概|大约|至少|起码|多少|小){0,3}$"
)
_YEAR = re.compile(
    r"(?<![零〇一二三四五六七八九\d])一整?年|每年|全年|年均|年交易|年成交|去年|今年|前年|年度|近?(?:12|十二)个月|这一年|"
    r"年(?:化)?量|整年|年流水|一年到头"
)
_MONTH = re.compile(r"一个月|每个?月|月均|月交易|月成交|单月|上个?月|这个月|本月|个月|月流水|月量")
_A_YEAR = re.compile(r"\s?(?:一年|每年)")
#: 「年3千万」「月均60万」: what a person does in a year or month, and nothing else, is said so shortly.
_BESIDE_PERIOD = re.compile(r"(?:^|[^\d一二三四五六七八九十零〇去今前明后每半])(?:年|年均|月均|月)\s?$")
_REACH = 26


def role_of(text: str, start: int, end: int, big: bool = False) -> tuple[str, float]:
    """The role of the amount at `start`..`end` and how sure it is; ('other', …) where no word says.

    Args:
        text: the normalised text.
        start: where the amount begins.
        end: where it ends.
        big: counted in 万 or more, so that a year before it suffices to mean turnover.
    """
    stops = STRONG_STOPS + WEAK_STOPS
    left = clause_start(text, start, stops, _REACH)
    right = clause_end(text, end, stops, _REACH)
    best = _nearest(text, left, start, end, right)
    confidence = 0.9
    if best is None:
        # The clause is silent: what the sentence spoke of before.
        wide = clause_start(text, start, STRONG_STOPS, _REACH + 10)
        best, confidence = _nearest(text, wide, start, end, right), 0.6
    beside = _BESIDE_PERIOD.search(text[left:start]) if big else None
    if beside:
        return ("volume_year" if "年" in beside.group() else "volume_month"), 0.85
    if best is None and big and (_YEAR.search(text[left:start]) or _A_YEAR.match(text[end:right])):
        best, confidence = "volume", 0.6
    if best is None:
        # Nobody says what a sum of tens of thousands is when it is what he has here.
        return ("assets", 0.5) if big else ("other", 0.6)
    if best == "volume":
        wide = clause_start(text, start, STRONG_STOPS, _REACH + 10)
        return _period(text[wide:start], text[end:right]), confidence
    return best, confidence


def _period(before: str, after: str) -> str:
    """The period said last before the figure, else right after it, rules."""
    year = max((m.end() for m in _YEAR.finditer(before)), default=-1)
    month = max((m.end() for m in _MONTH.finditer(before)), default=-1)
    if year < 0 and month < 0:
        if re.match(r"\s?(?:一年|每年|的?年交易)", after):
            return "volume_year"
        if re.match(r"\s?(?:一个?月|每月|每个月)", after):
            return "volume_month"
        return "volume"
    return "volume_year" if year >= month else "volume_month"


def _nearest(text: str, left: int, start: int, end: int, right: int) -> str | None:
    before, after = text[left:start], text[end:right]
    best: str | None = None
    cost = 100.0
    for match in _PATTERN.finditer(before):
        role = match.lastgroup or "other"
        distance = float(len(before) - match.end())
        if role == "loss" and re.match("得|成|到|剩", before[match.end() : match.end() + 1]):
            # 亏得只剩30万: what follows is left, not lost.
            distance += 12
        if "的" in before[match.end() :] and role in ("assets", "volume"):
            distance += 2
        if re.search(r"[\d万亿元块]", before[match.end() :]):
            distance += 6  # the word belongs to a figure in between
        if distance <= cost:
            best, cost = role, distance
    if _DO.search(before) and cost > 1:
        best, cost = "volume", 1.0
    for match in _PATTERN.finditer(after):
        role = match.lastgroup or "other"
        between = after[: match.start()]
        if role == "loss" and re.match("得|成|到|剩", after[match.end() : match.end() + 1]):
            role, bias = "assets", 1.0
        elif role == "trade":
            continue
        else:
            bias = 0.5 if between in ("", "的", "块", "钱", "多") else 3.0
        verb = role == "gift" and match.group() in _GIFT_VERBS
        if verb:
            bias = 5.0  # 转50万就送一桶油: the figure is the condition
        elif role == "assets" and between not in ("", "的", "多", "块钱", "钱", "都"):
            bias = 4.0
        if re.search(r"[\d一二三四五六七八九十]+[万块元]", between):
            bias += 6
        distance = len(between) + bias
        if role == "gift" and not verb and not between.strip("的元块钱现金"):
            distance -= 2
        if distance < cost:
            best, cost = role, distance
    return best
