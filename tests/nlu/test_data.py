"""Checks of the data itself: amounts, lengths, duplicates, conflicts, and the wall between the sets."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from bot.compliance.rules import VIOLATIONS
from bot.nlu.encoder import WEIGHT_FILES, about, held_out, key_of
from bot.nlu.reading import readable
from bot.nlu.teaching import ADVISOR, encoded_examples, inputs_hash
from bot.playbook.schema import REASONS, TECHNIQUES
from tests.nlu.report import COUNTED
from tests.nlu.sets import (
    DEV,
    EXAM,
    held_apart_texts,
    numbers,
    reasons,
    techniques,
    training,
    two_reasons,
    violations,
)

NO_REASON = frozenset({"business_question", "out_of_scope"})

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


ROLES = frozenset(
    ["volume_year", "volume_month", "volume", "assets", "loss", "trade", "fee", "profit", "gift", "other"]
)

#: What a data set of expert level holds at least.
REASON_TEXTS, NONE_TEXTS, TWO_REASON_TEXTS = 500, 3_000, 400
TECHNIQUE_TEXTS, VIOLATING_TEXTS, LAWFUL_TEXTS = 1_500, 1_200, 1_200
LONGEST = 200


def plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def grams(text: str) -> set[str]:
    return {text[start : start + 5] for start in range(len(text) - 4)}


def test_there_is_enough_of_everything() -> None:
    counts = Counter(one.intent for one in training())
    assert all(counts[f"reason_{reason}"] >= REASON_TEXTS for reason in REASONS), counts
    assert sum(n for intent, n in counts.items() if intent in NO_REASON) >= NONE_TEXTS, counts
    assert sum(len(one.reasons) == 2 for one in training()) >= TWO_REASON_TEXTS


def test_there_is_enough_advisors_speech() -> None:
    speech = [one for one in training() if one.intent == ADVISOR]
    assert sum(bool(one.techniques) for one in speech) >= TECHNIQUE_TEXTS
    assert sum(bool(one.violations) for one in speech) >= VIOLATING_TEXTS
    assert sum(one.file == "advisor_lawful" for one in speech) >= LAWFUL_TEXTS


def test_dev_sets_are_big_enough() -> None:
    counts = Counter(row.label for row in reasons())
    assert all(counts[reason] >= 60 for reason in REASONS), counts
    assert counts["none"] >= 300
    assert len(two_reasons()) >= 60 and len(techniques()) >= 500 and len(numbers()) >= 600
    assert sum(bool(said.labels) for said in violations()) >= 300
    counts = Counter(row.label for row in reasons(EXAM))
    assert all(counts[reason] >= 24 for reason in REASONS) and counts["none"] >= 130, counts
    assert len(techniques(EXAM)) >= 150 and len(violations(EXAM)) >= 240 and len(numbers(EXAM)) >= 200


def test_labels_are_known_and_offending_words_stand_in_the_text() -> None:
    for one in training():
        assert one.reasons <= set(REASONS), one
        assert one.techniques <= set(TECHNIQUES), one
        assert set(one.violations) <= set(VIOLATIONS), one
        assert len(one.words) == len(one.violations), one
        assert all(words in one.text for words in one.words), one
        assert one.intent == ADVISOR or not (one.techniques or one.violations), one
    for folder in (DEV, EXAM):
        assert all(said.labels <= set(TECHNIQUES) for said in techniques(folder))
        assert all(said.labels <= set(VIOLATIONS) for said in violations(folder))
    near = Counter(said.near for said in violations() if not said.labels)
    assert all(near[violation] >= 20 for violation in VIOLATIONS), near


def test_figures_named_in_training_texts_stand_in_them_in_order() -> None:
    for one in training():
        at = 0
        for figure in one.figures:
            at = one.text.index(figure["words"], at) + len(figure["words"])
            assert figure["entity"] in COUNTED, one
            assert (figure["entity"] == "amount") == (figure.get("role") in ROLES), one
            assert figure["entity"] == "broker" or Decimal(figure["value"]) >= 0, one


def test_no_text_stands_twice_or_under_two_labels() -> None:
    labels: dict[str, set[str]] = defaultdict(set)
    seen: Counter[str] = Counter()
    for one in training():
        key = plain(one.text) or one.text
        labels[key].add(one.intent)
        seen[key] += 1
    assert not {text: found for text, found in labels.items() if len(found) > 1}
    assert not [text for text, count in seen.items() if count > 1]


def test_no_text_is_nearly_another() -> None:
    """Two texts that share four fifths of their 5-grams would be one thought counted twice."""
    index: dict[str, set[int]] = defaultdict(set)
    kept: list[set[str]] = []
    for one in training():
        own = grams(plain(one.text))
        if len(own) < 8:
            continue
        shared = Counter(number for gram in own for number in index.get(gram, ()))
        for number, common in shared.items():
            assert common / max(len(own), len(kept[number])) < 0.8, one.text
        for gram in own:
            index[gram].add(len(kept))
        kept.append(own)


def test_lengths_are_those_of_speech() -> None:
    assert not [one for one in training() if not 1 <= len(one.text) <= LONGEST]


@pytest.mark.parametrize("reason", REASONS)
def test_at_most_half_lean_on_the_obvious_word(reason: str) -> None:
    texts = [one.text for one in training() if one.intent == f"reason_{reason}"]
    share = sum(bool(re.search(OBVIOUS[reason], text)) for text in texts) / len(texts)
    assert share <= 0.5, share


def test_the_development_sets_are_apart_from_the_training_data() -> None:
    """No dev text stands in the training data; none shares most of its 5-grams with one training text."""
    index: dict[str, set[int]] = defaultdict(set)
    taught = [plain(one.text) for one in training()]
    for number, text in enumerate(taught):
        for gram in grams(text):
            index[gram].add(number)
    known = set(taught)
    for text in map(plain, held_apart_texts()):
        assert not text or text not in known, text
        own = grams(text)
        shared = Counter(number for gram in own for number in index.get(gram, ()))
        if own and shared:
            number, common = shared.most_common(1)[0]
            assert common / len(own) < 0.7 or len(own) < 4, (text, taught[number])


def test_the_encoder_was_made_from_these_texts() -> None:
    """Changed texts need new weights: `make encoder`. What came in since (`SINCE_ENCODER`) may wait."""
    assert about()["inputs"] == inputs_hash()


def test_texts_are_read_as_they_were_when_the_encoder_learnt_them() -> None:
    """A change of the spelling or of what is taken for a name shows here: past a tenth, `make encoder` is due."""
    read = {key_of(readable(one.text).text) for one in encoded_examples()}
    asked = held_out().keys()
    assert len(asked & read) >= 0.9 * len(asked)


def test_the_encoder_is_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in WEIGHT_FILES) <= 30_000_000
