"""The placeholders a talk track may contain, and how they are found and filled."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")

#: name → what it is filled with. Names of firm and products come from `names.yml`.
FIGURES: Mapping[str, str] = {
    "称呼": "surname and title, 斤女士",
    "开户年数": "full years since the account was opened, 6",
    "资产": "assets in yuan, 38,200.00",
    "成交额": "turnover of the last 12 months in yuan",
    "成交笔数": "number of trades in the last 12 months",
    "现费率": "the client's present rate, 0.25%",
    "现佣金": "commission of the last 12 months at the present rate, yuan",
    "对方费率": "the rate another broker offers",
    "对方佣金": "commission of the same trades at the offered rate",
    "相差": "yearly difference in yuan",
    "月相差": "monthly difference in yuan",
    "保本笔额": "trade size below which the minimum commission binds, yuan",
    "最低佣金": "minimum commission a trade, yuan",
    "低于起点笔数": "number of trades at the minimum commission",
    "未联系天数": "days since the firm last contacted the client",
    "亏损比例": "loss of the last 12 months, 70%",
    "持仓数": "number of holdings, 2",
    "余额": "cash balance in yuan, 8.20",
    "持仓": "names of the main holdings, 甲、乙",
    "近处网点": "our branch near the client's new place",
    "网点": "this branch",
    "顾问": "the advisor's own name",
    "受理日": "today, 11月22日",
    "办结日": "the last day for finishing, 11月24日",
}
#: Keys that `names.yml` must define.
NAMES = frozenset(
    {"公司", "公司简称", "热线", "俱乐部", "手机软件", "电脑软件", "短信产品", "研究所", "资讯网", "股民学校"}
)
KNOWN_FIGURES = frozenset(FIGURES) | NAMES


def placeholders_in(text: str) -> frozenset[str]:
    """Names of the placeholders in `text`."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, figures: Mapping[str, str]) -> str:
    """Fill every placeholder of `text`.

    Raises:
        KeyError: if a figure is missing; a track is never shown with a hole or an invented figure.
    """
    return _PLACEHOLDER.sub(lambda match: figures[match[1]], text)
