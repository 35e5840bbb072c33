"""Terms of the trade behind wrong characters, and ordinary Chinese left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.sounds import misheard
from bot.nlu.spelling import respell


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我要消护", "我要销户"),
        ("你们那个客户京理", "你们那个客户经理"),
        ("手续废太贵", "手续费太贵"),
        ("那个私木基金", "那个私募基金"),
        ("撤消治定要几天", "撤销指定要几天"),
        ("营夜部搬了", "营业部搬了"),
        ("我女婿在郑监会", "我女婿在证监会"),
        ("可转摘怎么买", "可转债怎么买"),
    ],
)
def test_what_was_said(written: str, meant: str) -> None:
    assert respell(written).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "他问转户流程",
        "开户是那会儿的事",
        "全班人的面说谁支持我",
        "去你们同行上班",
        "哪个板块要涨",
        "我同学在国信上班",
        "不是真的",
        "账户是我爱人的",
        "您的客户经历很丰富",
        "客户精力旺盛",
        "开护士证明",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert respell(text).text == text


@given(st.text(alphabet="我要销消户护佣拥金经京理里手续费废说是 ，。a1", max_size=40))
def test_stretches_are_inside_in_order_and_as_long_as_their_terms(text: str) -> None:
    at = 0
    for start, end, term in misheard(text):
        assert at <= start < end <= len(text) and end - start == len(term)
        assert text[start:end] != term
        at = end
