"""One spelling for the trade's words, and where each character came from."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.nlu.spelling import SPELLING, respell

TABLE = yaml.safe_load(SPELLING.read_text(encoding="utf-8"))
WORDS, INITIALS = TABLE["words"], TABLE["initials"]
SPELT = sorted({*WORDS.values(), *INITIALS.values()})
ODD = "。，\u3000 \n１Ａａ%％İßﬁ😀🙂‍↔️\u0301abcKHkhYJ"
TEXTS = st.lists(
    st.one_of(st.sampled_from(sorted(WORDS)), st.sampled_from(sorted(INITIALS)), st.sampled_from(list(ODD))),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(("written", "meant"), sorted(WORDS.items()))
def test_each_word_of_the_table(written: str, meant: str) -> None:
    assert respell(f"我{written}。").text == f"我{meant}。"


@pytest.mark.parametrize(("written", "meant"), sorted(INITIALS.items()))
def test_each_initial_of_the_table_as_a_whole_word(written: str, meant: str) -> None:
    for text in (f"我{written}。", f"我{written.upper()}。"):
        assert respell(text).text == f"我{meant}。"
    assert respell(f"{written}x").text == f"{written}x"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ""),
        ("ＡＰＰ　０．２％", "app0.2%"),
        ("GTJA 万2.5", "gtja万2.5"),
        ("拥金\n太高", "佣金太高"),
        ("İstanbul", "İstanbul"),
        ("ß", "ß"),
    ],
)
def test_case_width_and_blanks(written: str, meant: str) -> None:
    assert respell(written).text == meant


def test_each_character_knows_its_origin() -> None:
    spelled = respell("我 拥金YJ高")
    assert spelled.text == "我佣金佣金高"
    assert spelled.origin == (0, 2, 2, 4, 4, 6)


@given(st.one_of(st.text(max_size=40), TEXTS))
@example("撤指 拥金 KH")
def test_origins_are_valid_and_in_order(text: str) -> None:
    spelled = respell(text)
    assert len(spelled.origin) == len(spelled.text)
    assert list(spelled.origin) == sorted(spelled.origin)
    assert all(0 <= index < len(text) for index in spelled.origin)
    assert not any(text[index].isspace() for index in spelled.origin)


@given(st.one_of(st.text(max_size=40), TEXTS))
def test_what_is_left_alone_is_the_same_character(text: str) -> None:
    spelled = respell(text)
    for character, index in zip(spelled.text, spelled.origin, strict=True):
        if spelled.origin.count(index) == 1 and text[index].isdigit() and text[index].isascii():
            assert character == text[index]


@pytest.mark.parametrize("meant", [
    pytest.param(
        word
    ) if word == "撤指定" else word
    for word in SPELT
])  # fmt: skip
def test_what_is_spelt_right_stays(meant: str) -> None:
    assert respell(meant).text == meant


@pytest.mark.parametrize("text", ["我要撤指定", "撤指定交易怎么办"])
def test_the_full_word_is_not_taken_for_its_short_form(text: str) -> None:
    assert "交易定" not in respell(text).text


PARTS = st.sampled_from([*(word for word in SPELT if word != "撤指定"), *WORDS, "，", "我要", "1", "高"])


@given(st.lists(PARTS, max_size=8).map("，".join))
def test_respelling_the_respelt_changes_nothing(text: str) -> None:
    once = respell(text).text
    assert respell(once).text == once


@pytest.mark.parametrize("text", ["拥 金", "转 拖 管"])
def test_a_blank_within_a_word_does_not_hide_it(text: str) -> None:
    once = respell(text).text
    assert respell(once).text == once
