"""The detectors: one text judged as the vectorizer would, and what was learnt stored and restored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.detectors import Detectors
from bot.nlu.spelling import Spelled

TEXTS = ["佣金太高了", "手续费太贵", "搬家了太远", "路太远不方便", "亏了七成", "亏得厉害"] * 4
LABELS = ["fee", "place", "loss"]
TRUTH = np.array([[place == number // 2 % 3 for place in range(3)] for number in range(len(TEXTS))])


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    found = Detectors(LABELS, (1, 2), 0.5)
    found.fit(TEXTS, TRUTH)
    return found


@given(st.text(alphabet="佣金太高了手续费贵搬家远路亏七成得xyz0", max_size=30))
def test_one_text_is_judged_as_the_vectorizer_would(detectors: Detectors, text: str) -> None:
    row = detectors._vectorizer.transform([text])
    expected = row @ detectors._rows + detectors._intercepts
    assert np.allclose(detectors.margins(text), expected[0], atol=1e-5)


@pytest.mark.parametrize(("text", "label"), [("佣金贵", "fee"), ("家远", "place"), ("亏了", "loss")])
def test_the_right_label_leads(detectors: Detectors, text: str, label: str) -> None:
    assert LABELS[int(detectors.margins(text).argmax())] == label


def test_what_was_learnt_travels(detectors: Detectors) -> None:
    other = Detectors([], (1, 2), 0.5)
    other.restore(detectors.arrays())
    assert other.labels == LABELS
    assert np.allclose(other.margins("路太远佣金高"), detectors.margins("路太远佣金高"))
    spelled = Spelled("路太远", (0, 1, 2))
    assert other.weights(spelled, 3, "place") == detectors.weights(spelled, 3, "place")


def test_the_words_that_speak_for_a_label_weigh_most(detectors: Detectors) -> None:
    weights = detectors.weights(Spelled("我亏得多", (0, 1, 2, 3)), 4, "loss")
    assert int(np.argmax(weights)) in (1, 2) and weights[0] == 0
