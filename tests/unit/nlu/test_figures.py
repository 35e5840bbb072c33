"""What is found in a sentence: entity, words, value, and role of an amount."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commission.money import amount_text, plain, rate_text
from bot.nlu.figures import Figure, find_figures
from tests.unit.growth import grows_linearly

TODAY = date(2026, 11, 22)  # a Sunday


def found(text: str, entity: str) -> list[Figure]:
    return [figure for figure in find_figures(text, TODAY) if figure.entity == entity]


def values(text: str, entity: str) -> list[object]:
    return [figure.value for figure in found(text, entity)]


RATES = {
    "佣金万2.5": ["0.00025"],
    "佣金 万 2.5": ["0.00025"],
    "佣金万２．５": ["0.00025"],
    "万二点五": ["0.00025"],
    "万分之二点五": ["0.00025"],
    "万三五的费率": ["0.00035"],
    "人家给我万一": ["0.0001"],
    "人家万1免五": ["0.0001"],
    "别家万一免五": ["0.0001"],
    "能不能给个万一": ["0.0001"],
    "隔壁证券都万一了": ["0.0001"],
    "佣金才万一 你们万2.5": ["0.0001", "0.00025"],
    "他们给万儿": ["0.0002"],
    "千分之二": ["0.002"],
    "手续费千2": ["0.002"],
    "他们给千二你们2.5": ["0.002", "0.0025"],
    "佣金从千三调到了万三": ["0.003", "0.0003"],
    "0.25%": ["0.0025"],
    "0.25％": ["0.0025"],
    "百分之零点二五": ["0.0025"],
    "2.5‰": ["0.0025"],
    "佣金两个五": ["0.00025"],
    "万0.854": ["0.0000854"],
    "万1.2": ["0.00012"],
    "佣金0.2": ["0.002"],
    "佣金0.00025": ["0.00025"],
    "外面都万一二了": ["0.00012"],
    "手续费2.5": ["0.00025"],
    "费率是0.25的": ["0.0025"],
    "别家给0.2,我们0.25,太高": ["0.002", "0.0025"],
    "别家给0.2% 我们0.25% 太高": ["0.002", "0.0025"],
    "万1到万2": ["0.0001", "0.0002"],
    "万1-1.5": ["0.0001", "0.00015"],
    "0.2到0.25%": ["0.002", "0.0025"],
    "万二三": ["0.0002", "0.0003"],
    "一万块钱收千分之一": ["0.001"],
}


@pytest.mark.parametrize(("text", "expected"), RATES.items())
def test_commission_rate(text: str, expected: list[str]) -> None:
    assert values(text, "commission_rate") == [Decimal(value) for value in expected]


@pytest.mark.parametrize(
    "text",
    [
        "万一跌了怎么办",
        "万一佣金涨了呢",
        "就怕万一",
        "不怕一万就怕万一",
        "以防万一",
        "要是万一跌了",
        "万一你们给不了我就走",
        "朋友说万一出事",
        "我就是万一有事想取钱",
        "三万五",
        "两千二",
        "万分之一的可能",
        "印花税0.05%",
        "年化3%",
        "一个月赚30%",
        "跌了0.5%",
        "打个八折",
        "千万别告诉他",
        "万科跌了",
        "万里挑一",
        "你帮我做万一亏了怎么办",
        "给他做万一跌了谁赔",
        "让他做万一我亏了",
        "给我做万一不行呢",
        "交给你们做万一不赚呢",
        "你给我降万一不降我就走",
    ],
)
def test_no_commission_rate(text: str) -> None:
    assert values(text, "commission_rate") == []


FLOORS = {
    "万一免五": "0",
    "免5": "0",
    "不收五块起": "0",
    "没有五块的起步限制": "0",
    "不设最低佣金": "0",
    "给我免了5块的起步费": "0",
    "最低5块": "5",
    "五元起步": "5",
    "起收5元": "5",
    "每笔最少5块": "5",
    "最低佣金5元": "5",
    "都是五块钱起": "5",
    "不到5块按5块收": "5",
    "你们不免五": "5",
    "最低一毛": "0.1",
    "最低0.1元": "0.1",
    "最低5块一笔": "5",
    "最低五块钱一笔": "5",
    "最低5 别家免": "5",
}


@pytest.mark.parametrize(("text", "expected"), FLOORS.items())
def test_min_fee(text: str, expected: str) -> None:
    assert values(text, "min_fee") == [Decimal(expected)]


@pytest.mark.parametrize(
    "text", ["免费", "满100元起送", "1万块起", "免五折", "最低万1", "省5块", "亏了几千还要交五块钱停车费"]
)
def test_no_min_fee(text: str) -> None:
    assert values(text, "min_fee") == []


AMOUNTS = {
    "亏了0.5万": [("5000", "loss")],
    "账上还有0.8亿": [("80000000", "assets")],
    "月成交2.2kw": [("22000000", "volume_month")],
    "账上20wan": [("200000", "assets")],
    "亏了4 w": [("40000", "loss")],
    "成交九百万年成交": [("9000000", "volume")],
    "三十万全取出来": [("300000", "assets")],
    "投了三万一看就跌": [("30000", "assets")],
    "净赚1万6,佣金900": [("16000", "profit"), ("900", "fee")],
    "一单六万四一单": [("64000", "trade")],
    "手续费两毛五": [("0.25", "fee")],
    "佣金十块零八毛": [("10.8", "fee")],
    "手续费一毛一手": [("0.1", "fee")],
    "佣金三块二毛五": [("3.25", "fee")],
    "一年做个三四百万": [("3500000", "volume_year")],
    "一年交易量10万": [("100000", "volume_year")],
    "近12个月 8 笔 成交 100,000 元": [("100000", "volume_year")],
    "亏了十一万": [("110000", "loss")],
    "亏了二十一万三": [("213000", "loss")],
    "三百万一年": [("3000000", "volume_year")],
    "每个月交易量五十万": [("500000", "volume_month")],
    "月均成交两百万": [("2000000", "volume_month")],
    "我每个月能做两百来万,一年下来两三千万": [("2000000", "volume_month"), ("25000000", "volume_year")],
    "50万的交易量": [("500000", "volume")],
    "成交额500000": [("500000", "volume")],
    "账上还有20万": [("200000", "assets")],
    "资产38,200元": [("38200", "assets")],
    "十万块本金": [("100000", "assets")],
    "我的千万资产": [("10000000", "assets")],
    "资金量500万以上": [("5000000", "assets")],
    "亏了五六十万": [("550000", "loss")],
    "50万没了": [("500000", "loss")],
    "亏20w": [("200000", "loss")],
    "08年进来的,当时50万本金,现在就剩15万": [("500000", "assets"), ("150000", "assets")],
    "一百万亏得只剩三十万": [("1000000", "assets"), ("300000", "assets")],
    "一笔两三千": [("2500", "trade")],
    "单笔一万": [("10000", "trade")],
    "一年手续费交了八千": [("8000", "fee")],
    "你们一年收我八千多手续费": [("8000", "fee")],
    "去年一年给你们贡献了两万佣金": [("20000", "fee")],
    "赚了三万": [("30000", "profit")],
    "送我500块红包": [("500", "gift")],
    "送两百块购物卡": [("200", "gift")],
    "交易满50万送300块话费": [("500000", "volume"), ("300", "gift")],
    "转50万过去就送一桶油": [("500000", "assets")],
    "现在3万5": [("35000", "assets")],
    "两块五": [("2.5", "other")],
    "¥500": [("500", "other")],
}


@pytest.mark.parametrize(("text", "expected"), AMOUNTS.items())
def test_amount(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(f.value, f.role) for f in found(text, "amount")] == [(Decimal(v), role) for v, role in expected]


def test_an_amount_keeps_the_ends_of_its_range() -> None:
    (figure,) = found("亏了五六十万", "amount")
    assert (figure.attributes["low"], figure.attributes["high"]) == ("500000", "600000")


RATIOS = {
    "亏了三成四": "0.34",
    "跌了两成一直没动": "0.2",
    "亏了三成一下子": "0.3",
    "亏了两成三次": "0.2",
    "净值跌掉2/3": "0.6667",
    "浮亏15~20%，不肯割": "0.175",
    "股票蚀掉八成": "0.8",
    "账户对半砍": "0.5",
    "腰斩": "0.5",
    "腰斩再腰斩": "0.75",
    "膝盖斩": "0.75",
    "脚踝斩": "0.9",
    "亏了七成": "0.7",
    "亏掉一半": "0.5",
    "账户亏损过半": "0.5",
    "跌了30%": "0.3",
    "亏了百分之三十": "0.3",
    "只剩三成": "0.7",
    "亏得只剩三成": "0.7",
    "跌到三成": "0.7",
    "缩水四分之一": "0.25",
    "亏了30个点": "0.3",
    "我的本金七成都亏没了": "0.7",
    "王腰斩先生08年亏损了70%左右": "0.7",
    "50%的仓位亏了20%": "0.2",
    "资产打了三折": "0.7",
}


@pytest.mark.parametrize(("text", "expected"), RATIOS.items())
def test_loss_ratio(text: str, expected: str) -> None:
    assert values(text, "loss_ratio") == [Decimal(expected)]


@pytest.mark.parametrize(
    "text",
    [
        "涨了30%",
        "赚了三成",
        "仓位降到三成",
        "佣金打五折",
        "大盘跌了30个点",
        "佣金降到一半",
        "佣金砍一半",
        "手续费能不能给我砍一半",
        "费用对半砍",
        "要求砍半",
        "跌了11/8的事",
        "5/6亏了三万",
        "3/8亏了两万",
    ],
)
def test_no_loss_ratio(text: str) -> None:
    assert values(text, "loss_ratio") == []


@pytest.mark.parametrize(
    "text",
    """千万别告诉他
600519
600519跌了
买了600519亏了
95521
2015年
08年
3次
第2步
三个月
一下
13800138000
打我手机138 0013 8000
两天
5G
万科
千山药机
百度
一二线
七上八下
110101199003071234
11010119900307123X
6222020200012345678
我们一块去
大盘3000点
一万股
5万户
20万美元
100积分
2000多只股票
一百个不愿意
百分百""".splitlines(),
)
def test_traps_yield_nothing(text: str) -> None:
    assert find_figures(text, TODAY) == []


def test_a_whole_counter_sentence() -> None:
    text = "斤女士 尾号3021 说别家给0.2% 我们0.25% 太高 要撤指定"
    assert [(f.entity, f.text) for f in find_figures(text, TODAY)] == [
        ("client_name", "斤女士"),
        ("phone_tail", "3021"),
        ("commission_rate", "0.2%"),
        ("commission_rate", "0.25%"),
    ]


ALPHABET = (
    "万千百十一二三两五0123456789.,%‰免亏了成佣金手续费"
    "给我客户叫王先生尾号月天年下周到至-个块元毛,。 的转平安东方海通W😀\u3000"
)


@given(st.text(alphabet=ALPHABET, max_size=80))
def test_spans_slice_back_and_never_overlap(text: str) -> None:
    end = 0
    for figure in find_figures(text, TODAY):
        assert text[figure.start : figure.end] == figure.text
        assert end <= figure.start < figure.end
        assert 0 < figure.confidence <= 1
        end = figure.end


@given(st.text(max_size=60))
def test_nothing_typed_breaks_it(text: str) -> None:
    for figure in find_figures(text, TODAY):
        assert text[figure.start : figure.end] == figure.text


@given(st.integers(min_value=10, max_value=300))
def test_rendered_rates_are_read_back(tenths: int) -> None:
    rate = Decimal(tenths) / 100_000
    assert values(f"佣金{rate_text(rate)}", "commission_rate") == [rate]


@given(st.integers(min_value=1, max_value=999_999))
def test_rendered_amounts_are_read_back(hundreds: int) -> None:
    amount = Decimal(hundreds * 100)
    assert values(f"亏了{plain(amount)}元", "amount") == [amount]
    if amount >= 10_000:
        assert values(f"亏了{amount_text(amount)}", "amount") == [amount]


@pytest.mark.parametrize(
    "piece", ["一", "1", "1,111", "先生", "五块", "万", "佣金0.2", "亏了3成", "客户叫", " ", "1-", "几"]
)
def test_long_text_stays_linear(piece: str) -> None:
    assert grows_linearly(lambda text: find_figures(text, TODAY), piece, 0.02)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("她说万三降到万一", [("commission_rate", "0.0003"), ("commission_rate", "0.0001")]),
        ("债券百万分之三十", [("commission_rate", "0.00003")]),
        ("费率万儿八", [("commission_rate", "0.00028")]),
        ("人家报2.5%%", [("commission_rate", "0.00025")]),
        ("说好了免武", [("min_fee", "0")]),
        ("给我免五万一点二", [("min_fee", "0"), ("commission_rate", "0.00012")]),
        ("每笔都扣我五块，太狠", [("min_fee", "5")]),
        ("最低2块5", [("min_fee", "2.5")]),
        ("万四一直没降过", [("commission_rate", "0.0004")]),
        ("亏了2成5", [("loss_ratio", "0.25")]),
        ("市值砍了一半", [("loss_ratio", "0.5")]),
        ("亏掉三分之二", [("loss_ratio", "0.6667")]),
        ("大盘跌了3%", []),
        ("长城给我万1.1", [("broker", "长城"), ("commission_rate", "0.00011")]),
        ("想去看看长城", []),
        ("我手里两万三万的", [("amount", "25000")]),
        ("户里那四五百块", [("amount", "450")]),
        ("两边加一块二十万", [("amount", "200000")]),
    ],
)
def test_ways_of_saying(text: str, expected: list[tuple[str, str]]) -> None:
    found = [
        (figure.entity, figure.value if isinstance(figure.value, str) else f"{figure.value.normalize():f}")
        for figure in find_figures(text)
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("这三十来万我全带走", "assets"),
        ("年3千万的量", "volume_year"),
        ("月均60万", "volume_month"),
        ("留着给儿子付首付的三十五万", "other"),
        ("万二点五的话要五百块对吧", "fee"),
        ("攒了十七万", "assets"),
    ],
)
def test_what_a_sum_is_about(text: str, role: str) -> None:
    (amount,) = [figure for figure in find_figures(text) if figure.entity == "amount"]
    assert amount.role == role
