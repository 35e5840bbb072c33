from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.numerals import find_numerals, parse_number, read_numeral
from bot.nlu.text import normalise

READINGS = {
    "五六十万": 550_000,
    "两三百": 250,
    "十来万": 100_000,
    "一百多万": 1_000_000,
    "3万5": 35_000,
    "三万五": 35_000,
    "1.2亿": 120_000_000,
    "2,000": 2_000,
    "１２万": 120_000,
    "１２，０００": 12_000,
    "半万": 5_000,
    "两千八": 2_800,
    "30w": 300_000,
    "30W": 300_000,
    "5k": 5_000,
    "三四百万": 3_500_000,
    "百八十万": 900_000,
    "十几万": 150_000,
    "几十万": 500_000,
    "上百万": 1_000_000,
    "千把": 1_000,
    "一百二三十万": 1_250_000,
    "1万2千": 12_000,
    "2千3": 2_300,
    "20多万": 200_000,
    "5-6万": 55_000,
    "5到6万": 55_000,
    "三到五万": 40_000,
    "三到五百万": 4_000_000,
    "8、9万": 85_000,
    "五、六十万": 550_000,
    "50万到60万": 550_000,
    "七八千": 7_500,
    "一个亿": 100_000_000,
    "半个亿": 50_000_000,
    "一亿两千万": 120_000_000,
    "1亿2": 120_000_000,
    "一亿二": 120_000_000,
    "俩万": 20_000,
    "一万八九": 18_500,
    "三千零五十": 3_050,
    "二百五": 250,
    "一万零五百": 10_500,
    "零点八五四": "0.854",
    "二点五万": 25_000,
    "三零二一": 3_021,
    "叁拾伍万": 350_000,
    "１００萬": 1_000_000,
    "1,284.60": "1284.60",
    "十": 10,
    "三百五十六万七千八百": 3_567_800,
}


@pytest.mark.parametrize(("said", "value"), READINGS.items())
def test_reads(said: str, value: object) -> None:
    assert parse_number(said) == Decimal(str(value))


@pytest.mark.parametrize("said", ["", "佣金", "万", "三万块", "五万一次", "h5", "一.二"])
def test_what_is_no_numeral(said: str) -> None:
    assert parse_number(said) is None


def test_a_range_keeps_both_ends() -> None:
    numeral = read_numeral("五六十万")
    assert numeral is not None
    assert (numeral.low, numeral.high, numeral.approximate) == (500_000, 600_000, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三万一年", ["三万", "一"]),
        ("50万一直没动", ["50万", "一"]),
        ("20万三年了", ["20万", "三"]),
        ("5万2.5", ["5万", "2.5"]),
        ("3万5千块", ["3万5千"]),
        ("kh20030418和h5", []),
        ("万分之二", ["二"]),
    ],
)
def test_where_numerals_end(text: str, expected: list[str]) -> None:
    assert [text[n.start : n.end] for n in find_numerals(text)] == expected


@given(st.integers(min_value=1, max_value=99_999_999_999))
def test_reads_back_what_cn2an_writes(number: int) -> None:
    assert parse_number(cn2an.an2cn(number)) == number


@given(st.integers(min_value=1, max_value=99_999_999_999))
def test_reads_back_bank_capitals(number: int) -> None:
    assert parse_number(cn2an.an2cn(number, "up")) == number


@given(st.integers(min_value=0, max_value=10**12), st.integers(min_value=0, max_value=99))
def test_reads_back_grouped_digits(yuan: int, cents: int) -> None:
    number = Decimal(yuan) + Decimal(cents) / 100
    assert parse_number(f"{number:,.2f}") == number


@given(st.text(alphabet="零一二两三四五六七八九十百千万亿几半多来0123456789.,wk到、个 ", max_size=40))
def test_numerals_are_ordered_and_sane(text: str) -> None:
    end = 0
    for numeral in find_numerals(normalise(text)):
        assert end <= numeral.start < numeral.end <= len(text)
        assert numeral.low <= numeral.value <= numeral.high
        end = numeral.end


@given(st.text())
def test_normalising_keeps_the_length(text: str) -> None:
    assert len(normalise(text)) == len(text)
