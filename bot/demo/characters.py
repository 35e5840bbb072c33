"""The eight clients of the guideline's cases, with figures that fit what they say.

All belong to branch 1 and advisor1. Numbers and tails, for demos and tests:

| case | client | number | tail | in short |
|---|---|---|---|---|
| 1 服务不满 | 发劳(发牢骚先生) | 20050315 | 1503 | nobody looked after him, one open complaint |
| 2 佣金竞争 | 斤秋荷(斤女士) | 20030418 | 3021 | 100,000 yuan in 8 trades at 2.5‰, 143 days no contact |
| 3 大额亏损 | 王腰(王先生) | 20040517 | 0517 | lost 140,000 of 200,000 yuan: 70% |
| 4 人情难却 | 张热晴(张女士) | 20060618 | 6180 | a relative at another broker, satisfied otherwise |
| 5 居住搬迁 | 乔迁(乔先生) | 20070719 | 0719 | moved to 市北, where branch 2 is |
| 6 挽留失败 | 李固(李女士) | 20090925 | 9250 | wants to close, whatever is said |
| 7 眼前利益 | 镜中花(镜女士) | 20091020 | 1020 | a private fund promised to trade for her |
| 8 降佣要求 | 陈聪(陈先生) | 20091128 | 1128 | 0.3‰, but the 5-yuan floor binds on each of his trades |

Days are counted back from the demo's anchor day, so that the story stays true whenever it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Deal:
    """One trade: days before the anchor, security, side, quantity and price; the amount is their product."""

    days_ago: int
    code: str
    side: str
    quantity: int
    price: str

    @property
    def amount(self) -> Decimal:
        """Yuan."""
        return self.quantity * Decimal(self.price)


@dataclass(frozen=True)
class Held:
    """One position: security, quantity, cost and market price a share."""

    code: str
    quantity: int
    cost: str
    price: str


@dataclass(frozen=True)
class Talked:
    """One contact, complaint or fee request; `kind` says which, `extra` is channel, topic or competitor."""

    days_ago: int
    kind: str
    extra: str
    text: str = ""
    closed: bool = False


@dataclass(frozen=True)
class Character:
    """One client of the deck. Rates are fractions, money is yuan.

    `opening_assets` is what was there before the twelve-month window, from which the monthly profits follow;
    `transfers` are days before the anchor and signed amounts. `reason` is the id of the leaving reason.
    """

    key: str
    case: int
    reason: str
    client_no: str
    name: str
    gender: str
    phone: str
    birth_year: int
    years: int
    purpose: str
    rate: str
    min_fee: str
    cash: str
    opening_assets: str
    deals: tuple[Deal, ...]
    held: tuple[Held, ...]
    talks: tuple[Talked, ...] = ()
    district: str | None = "市南区"
    segment: str = "retail"
    transfers: tuple[tuple[int, str], ...] = ()

    @property
    def phone_tail(self) -> str:
        """The last four digits an advisor identifies the client by."""
        return self.phone[-4:]

    @property
    def assets(self) -> Decimal:
        """Cash and positions, yuan."""
        return Decimal(self.cash) + sum((h.quantity * Decimal(h.price) for h in self.held), Decimal(0))


CHARACTERS = (
    Character(
        key="fa", case=1, reason="service_dissatisfaction", client_no="20050315", name="发劳", gender="M",
        phone="10000001503", birth_year=1968, years=12, purpose="撤销指定交易",
        rate="0.0008", min_fee="5", cash="3260.50", opening_assets="151300.00",
        deals=(
            Deal(318, "600036", "buy", 500, "38.20"),
            Deal(251, "000651", "buy", 600, "41.05"),
            Deal(196, "600036", "sell", 300, "40.66"),
            Deal(131, "601318", "buy", 400, "51.70"),
            Deal(88, "000651", "sell", 300, "39.98"),
            Deal(47, "601318", "buy", 300, "50.35"),
        ),
        held=(
            Held("600036", 1200, "38.20", "41.86"),
            Held("601318", 1000, "51.30", "52.44"),
            Held("000651", 900, "41.05", "40.12"),
        ),
        talks=(
            Talked(402, "contact", "phone", "回访:客户希望有人定期讲讲行情"),
            Talked(212, "contact_in", "phone", "来电询问有没有客户经理,已转营业部,未回电"),
            Talked(61, "complaint", "无人服务", "两次致电营业部要求安排客户经理,至今没有人联系。"),
        ),
    ),
    Character(
        key="jin", case=2, reason="commission_competition", client_no="20030418", name="斤秋荷", gender="F",
        phone="10000003021", birth_year=1975, years=6, purpose="撤销指定交易",
        rate="0.0025", min_fee="5", cash="8.20", opening_assets="36950.00",
        deals=(
            Deal(301, "600036", "buy", 400, "40.00"),
            Deal(262, "600900", "buy", 500, "24.00"),
            Deal(224, "600900", "sell", 100, "25.00"),
            Deal(187, "600036", "buy", 500, "42.00"),
            Deal(152, "600036", "sell", 200, "46.00"),
            Deal(109, "600900", "buy", 600, "24.00"),
            Deal(76, "600900", "sell", 300, "23.00"),
            Deal(38, "600036", "sell", 400, "45.00"),
        ),
        held=(Held("600036", 430, "41.20", "41.86"), Held("600900", 800, "24.10", "25.24")),
        talks=(Talked(143, "contact", "phone", "例行回访,客户说自己会看盘"),),
    ),
    Character(
        key="wang", case=3, reason="heavy_loss", client_no="20040517", name="王腰", gender="M",
        phone="10000000517", birth_year=1971, years=9, purpose="转托管",
        rate="0.001", min_fee="5", cash="1880.00", opening_assets="200000.00",
        deals=(
            Deal(322, "002460", "buy", 1500, "68.40"),
            Deal(290, "600048", "buy", 6000, "15.30"),
            Deal(233, "002460", "sell", 300, "51.25"),
            Deal(140, "600048", "sell", 1000, "10.02"),
            Deal(59, "002460", "buy", 200, "33.10"),
        ),
        held=(Held("002460", 1400, "64.90", "28.80"), Held("600048", 2500, "15.30", "7.12")),
        talks=(
            Talked(415, "contact", "sms", "通知客户领取年度对账单,短信退回"),
            Talked(26, "contact_in", "phone", "来电抱怨亏损,情绪激动"),
        ),
    ),
    Character(
        key="zhang", case=4, reason="personal_favour", client_no="20060618", name="张热晴", gender="F",
        phone="10000006180", birth_year=1980, years=8, purpose="撤销指定交易",
        rate="0.0005", min_fee="5", cash="12450.00", opening_assets="262000.00",
        deals=(
            Deal(280, "600519", "buy", 100, "1452.00"),
            Deal(205, "300750", "buy", 300, "262.50"),
            Deal(117, "300750", "sell", 100, "281.00"),
            Deal(33, "600030", "buy", 1000, "27.15"),
        ),
        held=(
            Held("600519", 100, "1452.00", "1486.00"),
            Held("300750", 200, "262.50", "289.40"),
            Held("600030", 1000, "27.15", "28.06"),
        ),
        talks=(
            Talked(96, "contact", "wechat", "发送季度投资策略,客户回复谢谢"),
            Talked(18, "contact", "phone", "邀请参加投资沙龙,客户答应"),
        ),
    ),
    Character(
        key="qiao", case=5, reason="relocation", client_no="20070719", name="乔迁", gender="M",
        phone="10000000719", birth_year=1983, years=10, purpose="转托管",
        rate="0.0006", min_fee="5", cash="5230.00", opening_assets="91800.00", district="市北区",
        deals=(
            Deal(255, "000858", "buy", 300, "128.30"),
            Deal(149, "600887", "buy", 1200, "27.40"),
            Deal(52, "000858", "sell", 100, "131.90"),
        ),
        held=(Held("000858", 400, "128.30", "130.20"), Held("600887", 1200, "27.40", "28.35")),
        talks=(Talked(54, "contact", "phone", "客户更新住址:已搬到市北区"),),
    ),
    Character(
        key="li", case=6, reason="other", client_no="20090925", name="李固", gender="F",
        phone="10000009250", birth_year=1965, years=14, purpose="销户",
        rate="0.0012", min_fee="5", cash="0.00", opening_assets="48200.00", held=(),
        transfers=((118, "-21800.00"), (70, "-24900.00")),
        deals=(
            Deal(310, "601398", "sell", 3000, "6.42"),
            Deal(121, "601857", "sell", 2500, "8.75"),
        ),
        talks=(
            Talked(240, "contact", "phone", "客户表示不想再炒股"),
            Talked(72, "contact", "phone", "再次回访,客户表示考虑清楚了要销户"),
        ),
    ),
    Character(
        key="jing", case=7, reason="quick_profit", client_no="20091020", name="镜中花", gender="F",
        phone="10000001020", birth_year=1987, years=5, purpose="转托管",
        rate="0.0004", min_fee="5", cash="86200.00", opening_assets="318000.00", segment="affluent",
        transfers=((20, "-60000.00"),),
        deals=(
            Deal(233, "300059", "buy", 4000, "21.35"),
            Deal(160, "002594", "buy", 500, "105.20"),
            Deal(101, "300059", "sell", 1500, "24.80"),
            Deal(64, "002594", "sell", 200, "112.60"),
            Deal(12, "300059", "sell", 1000, "25.10"),
        ),
        held=(Held("300059", 5200, "21.35", "24.95"), Held("002594", 900, "105.20", "109.80")),
        talks=(Talked(35, "contact", "phone", "客户问公司能不能代为操作,已说明不可以"),),
    ),
    Character(
        key="chen", case=8, reason="commission_cut_demand", client_no="20091128", name="陈聪", gender="M",
        phone="10000001128", birth_year=1992, years=4, purpose="转托管",
        rate="0.0003", min_fee="5", cash="2140.30", opening_assets="15600.00",
        deals=(
            Deal(341, "000725", "buy", 1000, "3.92"),
            Deal(300, "601398", "buy", 600, "6.55"),
            Deal(266, "000725", "sell", 500, "4.11"),
            Deal(228, "601988", "buy", 1000, "5.02"),
            Deal(199, "601398", "sell", 300, "6.81"),
            Deal(165, "000725", "buy", 1200, "3.88"),
            Deal(128, "601988", "sell", 400, "5.21"),
            Deal(97, "601398", "buy", 500, "6.70"),
            Deal(70, "000725", "sell", 700, "4.05"),
            Deal(41, "601988", "buy", 800, "5.14"),
            Deal(27, "000725", "buy", 900, "4.02"),
            Deal(9, "601398", "sell", 200, "6.93"),
        ),
        held=(
            Held("000725", 1900, "3.95", "4.07"),
            Held("601398", 600, "6.61", "6.95"),
            Held("601988", 400, "5.08", "5.18"),
        ),
        talks=(
            Talked(118, "contact", "phone", "介绍网上交易工具"),
            Talked(44, "fee_request", "", "0.0001", closed=True),
            Talked(15, "fee_request", "华泰证券", "0.0001"),
        ),
    ),
)  # fmt: skip
"""In the order in which they wait at the counter."""
