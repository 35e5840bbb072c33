"""Checks of the data itself: amounts, lengths, duplicates, conflicts, and the wall between the sets."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from bot.playbook.schema import REASONS
from tests.nlu.sets import commands, reasons, training, two_reasons

#: The word that gives a reason away: at most half of its texts may lean on it.
OBVIOUS = {
    "identity": "从业|证券公司上班|单位规定",
    "relocation": "搬家|搬到|太远|不方便",
    "service_dissatisfaction": "服务|没人管|态度",
    "heavy_loss": "亏",
    "commission_competition": "佣金",
    "small_gifts": "送",
    "competitor_solicitation": "拉我|客户经理|业务员",
    "personal_favour": "朋友|亲戚|面子",
    "commission_cut_demand": "佣金",
    "quick_profit": "私募|代操作|保本|分成",
    "other": "出国|不炒了|用钱",
}


def plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def test_there_is_enough_of_everything() -> None:
    counts = Counter(row.label for row in training())
    assert all(counts[f"reason_{reason}"] >= 80 for reason in REASONS), counts
    assert counts["business_question"] >= 300


def test_dev_set_is_big_enough() -> None:
    counts = Counter(row.label for row in reasons())
    assert all(counts[reason] >= 60 for reason in REASONS), counts
    assert counts["none"] >= 200


def test_no_text_stands_twice_or_under_two_labels() -> None:
    labels: dict[str, set[str]] = defaultdict(set)
    seen: Counter[str] = Counter()
    for row in training():
        key = plain(row.text) or row.text
        labels[key].add(row.label)
        seen[key] += 1
    assert not {text: found for text, found in labels.items() if len(found) > 1}
    assert not [text for text, count in seen.items() if count > 1]


def test_lengths_are_those_of_speech() -> None:
    assert not [row for row in training() if not 1 <= len(row.text) <= 200]


@pytest.mark.parametrize("reason", REASONS)
def test_at_most_half_lean_on_the_obvious_word(reason: str) -> None:
    texts = [row.text for row in training() if row.label == f"reason_{reason}"]
    share = sum(bool(re.search(OBVIOUS[reason], text)) for text in texts) / len(texts)
    assert share <= 0.5, share


def test_the_development_set_is_apart_from_the_training_data() -> None:
    """No dev text stands in the training data; none shares most of its 5-grams with one training text."""
    index: dict[str, set[int]] = defaultdict(set)
    taught = [plain(row.text) for row in training()]
    for number, text in enumerate(taught):
        for start in range(len(text) - 4):
            index[text[start : start + 5]].add(number)
    known = set(taught)
    dev = [row.text for row in [*reasons(), *commands()]] + [text for _, _, text in two_reasons()]
    for text in map(plain, dev):
        assert not text or text not in known, text
        grams = {text[start : start + 5] for start in range(len(text) - 4)}
        shared = Counter(number for gram in grams for number in index.get(gram, ()))
        if grams and shared:
            number, common = shared.most_common(1)[0]
            assert common / len(grams) < 0.7 or len(grams) < 4, (text, taught[number])
