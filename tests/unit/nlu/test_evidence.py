"""The words that show a reason: the heaviest clause, or the best part of a long one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.evidence import LONGEST, SHORTEST, best_span


def heavy(text: str, words: str, weight: float = 1.0) -> list[float]:
    start = text.index(words)
    return [weight if start <= i < start + len(words) else 0.0 for i in range(len(text))]


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("亏太多了，想走", "亏太多", "亏太多了"),
        ("亏太多了，别家还便宜", "便宜", "别家还便宜"),
        ("搬家了。手续费贵!服务差", "服务差", "服务差"),
        ("我要走 佣金太高", "佣金", "佣金太高"),
        ("好，佣金高", "好", "佣金高"),  # a clause of one character shows nothing
        ("贵", "贵", "贵"),  # but it is better than none
        ("「佣金太高」", "佣金", "佣金太高"),
        ("，，，", "，", "，，，"),
        ("", "", ""),
        ("😀亏了七成😀,走", "七成", "😀亏了七成😀"),
    ],
)
def test_the_clause_that_weighs_most(text: str, words: str, shown: str) -> None:
    start, end = best_span(text, heavy(text, words))
    assert text[start:end] == shown


def test_of_a_long_clause_its_heaviest_stretch() -> None:
    text = "我" * 20 + "佣金实在是太高了一年白交好几千块钱" + "啊" * 20
    start, end = best_span(text, heavy(text, "佣金实在是太高了一年白交好几千块"))
    assert text[start:end] == "佣金实在是太高了一年白交好几千块"
    assert end - start == LONGEST


def test_of_equal_clauses_the_first() -> None:
    assert best_span("亏太多了，亏太多了", [1.0] * 9) == (0, 4)


def test_negative_weights_still_give_words() -> None:
    text = "亏太多了，别家便宜"
    start, end = best_span(text, [-1.0] * 5 + [-0.1] * 4)
    assert text[start:end] == "别家便宜"


@given(st.data())
def test_the_span_lies_in_the_text_and_in_one_clause(data: st.DataObject) -> None:
    text = data.draw(st.text(alphabet="亏佣金高，。 !?\n、a1", min_size=1, max_size=60))
    weights = data.draw(st.lists(st.floats(-5, 5), min_size=len(text), max_size=len(text)))
    start, end = best_span(text, weights)
    assert 0 <= start < end <= len(text)
    shown = text[start:end]
    if any(c not in "，。 !?\n、" for c in text):
        assert not set(shown) & set("，。 !?\n、")
        assert len(shown) <= LONGEST
        longest = max(len(part) for part in text.translate({ord(c): "，" for c in "。 !?\n、"}).split("，"))
        assert len(shown) >= SHORTEST or longest < SHORTEST


@given(st.text(alphabet="亏佣金高a", min_size=1, max_size=40), st.data())
def test_no_window_of_the_same_size_weighs_more(text: str, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(-9, 9), min_size=len(text), max_size=len(text)))
    start, end = best_span(text, weights)
    size = min(LONGEST, len(text))
    assert end - start == size
    assert sum(weights[start:end]) == max(sum(weights[i : i + size]) for i in range(len(text) - size + 1))
