"""Brokers, people and days found in a text."""

from datetime import date

import pytest

from bot.nlu.figures import Figure, find_figures

TODAY = date(2026, 11, 22)  # a Sunday


def found(text: str, entity: str) -> list[Figure]:
    return [figure for figure in find_figures(text, TODAY) if figure.entity == entity]


def values(text: str, entity: str) -> list[object]:
    return [figure.value for figure in found(text, entity)]


BROKERS = {
    "中信证券": "中信",
    "中信给我万二": "中信",
    "中信建投": "中信建投",
    "涨乐财富通": "华泰",
    "华泰天天打电话": "华泰",
    "东财": "东方财富",
    "东方财富": "东方财富",
    "国信那边": "国信",
    "有个国信的天天给我打电话": "国信",
    "在招商开户": "招商",
    "银河证券": "银河",
    "朋友在银河上班": "银河",
    "平安证券给我万1.5": "平安",
    "我转到平安": "平安",
    "转到长江去": "长江",
    "中金公司": "中金",
    "楼下有个中投证券": "中投",
    "安信的经理": "安信",
    "申银万国": "申万宏源",
    "国金佣金宝": "国金",
}


@pytest.mark.parametrize(("text", "expected"), BROKERS.items())
def test_broker(text: str, expected: str) -> None:
    assert set(values(text, "broker")) == {expected}


@pytest.mark.parametrize(
    "text",
    [
        "平安到家",
        "祝您一路平安",
        "银河系",
        "招商银行",
        "中信银行",
        "平安保险",
        "广发银行",
        "长江大桥",
        "东方明珠",
        "国泰君安",
        "国泰海通",
        "海通证券",
        "君弘",
        "东边日出",
    ],
)
def test_no_broker(text: str) -> None:
    assert values(text, "broker") == []


PEOPLE = [
    ("斤女士 尾号3021", "client_name", "斤女士"),
    ("斤女士 尾号3021", "phone_tail", "3021"),
    ("手机后四位 3021", "phone_tail", "3021"),
    ("尾数三零二一", "phone_tail", "3021"),
    ("客户叫李建国", "client_name", "李建国"),
    ("查一下欧阳娜娜", "client_name", "欧阳娜娜"),
    ("查一下张三最近的交易", "client_name", "张三"),
    ("帮我查下王建军尾号8866", "client_name", "王建军"),
    ("陈聪明先生说佣金太高", "client_name", "陈聪明先生"),
    ("张阿姨说亏了", "client_name", "张阿姨"),
    ("刘大爷79岁", "client_name", "刘大爷"),
    ("李总觉得佣金高", "client_name", "李总"),
    ("客户号20030418", "client_no", "20030418"),
    ("kh20030418", "client_no", "20030418"),
    ("20030418", "client_no", "20030418"),
]


@pytest.mark.parametrize(("text", "entity", "expected"), PEOPLE)
def test_people(text: str, entity: str, expected: str) -> None:
    assert values(text, entity) == [expected]


def test_a_title_comes_apart_from_the_name() -> None:
    (figure,) = found("欧阳女士来了", "client_name")
    assert figure.attributes == {"surname": "欧阳", "title": "女士"}


@pytest.mark.parametrize(
    "text",
    [
        "查一下佣金",
        "查一下余额",
        "老先生",
        "这位女士",
        "我先生",
        "老师说",
        "客户经理",
        "叫我过去",
        "谢谢先生",
        "一共总共",
    ],
)
def test_nobody(text: str) -> None:
    assert values(text, "client_name") == []


DATES = {
    "今天": "2026-11-22",
    "后天来": "2026-11-24",
    "下周三过来": "2026-11-25",
    "下下周一": "2026-11-30",
    "这周五": "2026-11-20",
    "周五": "2026-11-27",
    "12月3号": "2026-12-03",
    "三天后": "2026-11-25",
    "两个月后": "2027-01-22",
    "2026-11-30": "2026-11-30",
    "2026年11月30日": "2026-11-30",
    "09年3月15日": "2009-03-15",
    "28号": "2026-11-28",
    "5号": "2026-12-05",
    "下个月5号": "2026-12-05",
    "月底": "2026-11-30",
}


@pytest.mark.parametrize(("text", "expected"), DATES.items())
def test_date(text: str, expected: str) -> None:
    assert values(text, "date") == [expected]


@pytest.mark.parametrize("text", ["2号线", "3号楼", "三天", "2月30号", "2015年", "3月份", "这两天"])
def test_no_date(text: str) -> None:
    assert values(text, "date") == []
