from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commission.money import amount_text, fen, plain, rate_text, yuan_text

D = Decimal


@pytest.mark.parametrize(
    ("value", "text"), [("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("1.004", "1.00")]
)
def test_half_up_to_the_fen(value: str, text: str) -> None:
    assert str(fen(D(value))) == text


@pytest.mark.parametrize(
    ("value", "text"), [("1284.6", "1,284.60"), ("0", "0.00"), ("-0.001", "0.00"), ("-5", "-5.00")]
)
def test_yuan(value: str, text: str) -> None:
    assert yuan_text(D(value)) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        ("0.0025", "0.25%"),
        ("0.00025", "万2.5"),
        ("0.002", "0.2%"),
        ("0.001", "0.1%"),
        ("0.0001", "万1"),
        ("0.0000854", "万0.854"),
        ("0.003", "0.3%"),
    ],
)
def test_rate(rate: str, text: str) -> None:
    assert rate_text(D(rate)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("100000", "10万"),
        ("550000", "55万"),
        ("123456789", "1.23亿"),
        ("38200", "3.82万"),
        ("800", "800"),
        ("1E+5", "10万"),
    ],
)
def test_amount(value: str, text: str) -> None:
    assert amount_text(D(value)) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_plain_loses_nothing(value: Decimal) -> None:
    assert D(plain(value)) == value and "E" not in plain(value)
