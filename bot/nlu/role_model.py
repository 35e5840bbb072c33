"""What an amount is about, learnt: the rules' answer and the words around it, weighed by one linear model.

The rules of `roles` know the trade's words; which of two words within reach a figure belongs to is a matter of
order and distance that examples teach better. Examples are texts of `data/nlu/` whose metadata names their figures.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.svm import LinearSVC

from bot.nlu.amounts import NO_SUM
from bot.nlu.figure import Figure
from bot.nlu.text import normalise

#: Signs that stand for whole figures in a context: any text has other numbers.
_SIGNS = {"amount": "¤", "commission_rate": "‰", "min_fee": "‱", "loss_ratio": "%", "broker": "§"}
_LEFT, _RIGHT = 16, 12
#: Where a gram stands: touching the figure, within a few characters, farther off.
_NEAR, _MIDDLE = 1, 5
_STRENGTH = 0.2
#: How sure a role is that the rules did not see.
_LEARNT = 0.7
#: A text with more sums than this is no talk: its roles are left as the rules have them.
_MOST_SUMS = 40
_DIGITS = re.compile(r"\d+")

#: A text as typed, its figures as the rules read them, which of them is meant, its true role.
KnownRole = tuple[str, Sequence[Figure], int, str]


class RoleModel:
    """One role for each amount of a text, or that it is none; untrained, it leaves the rules' answer as it is."""

    def __init__(self) -> None:
        """Untrained."""
        self._vocabulary: dict[str, int] = {}
        self._labels: list[str] = []
        self._weights: npt.NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self._intercepts: npt.NDArray[np.float32] = np.zeros(0, np.float32)

    def fit(self, rows: Sequence[KnownRole]) -> None:
        """Learn from amounts whose role is known.

        Args:
            rows: amounts whose roles an annotator named; too few kinds of them teach nothing.
        """
        roles = [role for *_, role in rows]
        if len(set(roles)) < 2:
            return
        vectorizer = CountVectorizer(analyzer=_itself, binary=True, dtype=np.float32)
        features = vectorizer.fit_transform(list(_features(*row[:3])) for row in rows)
        self._vocabulary = vectorizer.vocabulary_
        model = LinearSVC(C=_STRENGTH, random_state=42).fit(features, roles)
        self._labels = model.classes_.tolist()
        # With two roles sklearn keeps one row for both.
        pair = len(self._labels) == 2
        coefficients = np.vstack([-model.coef_, model.coef_]) if pair else model.coef_
        self._weights = np.ascontiguousarray(coefficients.T, dtype=np.float32)
        self._intercepts = np.concatenate([-model.intercept_, model.intercept_]) if pair else model.intercept_

    def settle(self, text: str, figures: Sequence[Figure]) -> list[Figure]:
        """The figures with every amount's role settled, and without numbers that are no sums.

        Args:
            text: as typed.
            figures: as the rules read them, doubtful ones included.
        """
        places = [index for index, figure in enumerate(figures) if figure.entity == "amount"]
        settled = list(figures)
        if not self._labels or not places or len(places) > _MOST_SUMS:
            return [figure for figure in settled if figure.role != NO_SUM]
        for index in places:
            known = {self._vocabulary.get(one, -1) for one in _features(text, figures, index)} - {-1}
            chosen = np.array(sorted(known), dtype=np.intp)
            best = int((self._weights[chosen].sum(axis=0) + self._intercepts).argmax())
            figure = figures[index]
            sure = figure.confidence if figure.role == self._labels[best] else _LEARNT
            settled[index] = dataclasses.replace(figure, role=self._labels[best], confidence=sure)
        return [figure for figure in settled if figure.role != NO_SUM]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What was learnt, as plain arrays."""
        if not self._labels:
            return {}
        return {
            "labels": np.array(self._labels, dtype=np.str_),
            "vocabulary": np.array(sorted(self._vocabulary, key=self._vocabulary.__getitem__), dtype=np.str_),
            "weights": self._weights,
            "intercepts": self._intercepts.astype(np.float32),
        }

    def restore(self, stored: Any) -> None:
        """Take back what `arrays` gave; nothing, when nothing was learnt."""
        if "labels" not in stored:
            return
        self._labels = stored["labels"].tolist()
        self._vocabulary = {word: i for i, word in enumerate(stored["vocabulary"].tolist())}
        self._weights, self._intercepts = stored["weights"], stored["intercepts"]


def known_roles(text: str, figures: Sequence[Figure], named: Iterable[dict[str, Any]]) -> list[KnownRole]:
    """What each amount that the rules found in an example truly is.

    Args:
        text: the example.
        figures: as the rules read them, doubtful ones included.
        named: the metadata's figures, all of the text and in its order: entity, words, value, role.
    """
    spans: list[tuple[int, int, str]] = []
    at = 0
    for one in named:
        start = text.find(str(one["words"]), at)
        if start >= 0:
            at = start + len(str(one["words"]))
            spans.append((start, at, str(one["role"]) if one["entity"] == "amount" else ""))
    rows: list[KnownRole] = []
    for index, figure in enumerate(figures):
        if figure.entity != "amount":
            continue
        roles = [role for start, end, role in spans if start < figure.end and figure.start < end]
        if not roles:
            rows.append((text, figures, index, NO_SUM))
        elif roles[0]:
            rows.append((text, figures, index, roles[0]))
    return rows


def _itself(features: list[str]) -> list[str]:
    return features


def _features(text: str, figures: Sequence[Figure], index: int) -> Iterable[str]:
    """What the model may look at for one amount."""
    figure = figures[index]
    value = figure.value if isinstance(figure.value, Decimal) else Decimal(0)
    size = value.adjusted()
    yield f"rule={figure.role}"
    yield f"rule={figure.role},{figure.confidence >= 0.85}"
    yield f"size={size}"
    yield f"size={size},rule={figure.role}"
    amounts = [other for other in figures if other.entity == "amount"]
    place = amounts.index(figure)
    for name, other in (
        ("before", amounts[place - 1] if place else None),
        ("after", amounts[place + 1] if place + 1 < len(amounts) else None),
    ):
        yield f"{name}={other.role if other else None}"
        if other is not None and isinstance(other.value, Decimal):
            yield f"{name}{'>' if other.value > value else '<'}"
            yield f"{name}={other.role},rule={figure.role}"
    for kind in {other.entity for other in figures}:
        yield f"has={kind}"
    left = _signed(text, figures, max(0, figure.start - _LEFT), figure.start)
    right = _signed(text, figures, figure.end, min(len(text), figure.end + _RIGHT))
    yield from _grams("L", ("^" + left if figure.start <= _LEFT else left)[::-1], reverse=True)
    yield from _grams("R", right + "$" if figure.end + _RIGHT >= len(text) else right, reverse=False)


def _grams(side: str, context: str, reverse: bool) -> Iterable[str]:
    """Runs of one to three characters, with how far from the figure they begin."""
    for size in (1, 2, 3):
        for start in range(len(context) - size + 1):
            gram = context[start : start + size]
            distance = "0" if start < _NEAR else "1" if start < _MIDDLE else "2"
            yield f"{side}{distance}{gram[::-1] if reverse else gram}"
            if size > 1:
                yield f"{side}{gram[::-1] if reverse else gram}"


def _signed(text: str, figures: Sequence[Figure], start: int, end: int) -> str:
    """A stretch of the text with a sign for every figure that begins in it."""
    plain = normalise(text)
    parts = []
    at = start
    for figure in figures:
        if figure.entity in _SIGNS and figure.end > start and figure.start < end:
            parts.append(plain[at : max(at, figure.start)] + _SIGNS[figure.entity])
            at = min(end, max(at, figure.end))
    return _DIGITS.sub("0", "".join(parts) + plain[at:end])
