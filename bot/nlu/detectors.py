"""Linear detectors on characters and their pairs: one a label, quick to learn, and able to point at their words.

On short Chinese texts they do as well as longer n-grams and train in seconds (docs/nlu.md); each character's
share in a decision can be read off, which gives the evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.spelling import Spelled

Matrix = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]
_SEED = 42
#: Of many texts an n-gram that stands in one alone teaches little, and there are twice as many of them as of others.
_FEWEST_TEXTS, _MANY = 2, 1_000


class Detectors:
    """A margin a label: above zero the detector says that the label holds.

    Attributes:
        labels: what is detected, in the order of the margins.
    """

    def __init__(self, labels: Sequence[str], ngrams: tuple[int, int], strength: float) -> None:
        """Untrained.

        Args:
            labels: what is detected.
            ngrams: shortest and longest run of characters that counts.
            strength: the support vector machine's C.
        """
        self.labels = list(labels)
        self._ngrams, self._strength = ngrams, strength
        self._vectorizer = TfidfVectorizer(
            analyzer="char",
            ngram_range=ngrams,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        )
        self._intercepts: Matrix = np.zeros(0)
        self._rarity: Matrix = np.zeros(0)
        self._keep(np.zeros((0, 0)))

    def _keep(self, rows: Any) -> None:
        """Hold what was learnt so that one text is judged by the few rows of its own n-grams.

        Args:
            rows: n-grams × labels.
        """
        self._rows: npt.NDArray[np.float32] = np.ascontiguousarray(rows, dtype=np.float32)
        self._mean = self._rows.mean(axis=1) if self._rows.size else np.zeros(0, np.float32)

    def fit(self, texts: Sequence[str], truth: Truth, weights: Matrix | None = None) -> Matrix:
        """Learn from texts as read.

        Args:
            texts: as `readable` gives them.
            truth: a row a text, a column a label.
            weights: how much each text counts; all alike unless given.

        Returns:
            The margins of every text under detectors that have not seen it.
        """
        self._vectorizer.set_params(min_df=_FEWEST_TEXTS if len(texts) >= _MANY else 1)
        features = self._vectorizer.fit_transform(texts)
        counted = np.ones(len(texts)) if weights is None else weights
        unseen = self._held_out(features, truth, counted)
        coefficients, self._intercepts = _fit(features, truth, counted, self._strength)
        self._keep(coefficients.T)
        self._rarity = self._vectorizer.idf_.copy()
        return unseen

    def _held_out(self, features: Any, truth: Truth, weights: Matrix) -> Matrix:
        # Folds with the same mix: by the first label that holds, or none.
        kind = np.where(truth.any(axis=1), truth.argmax(axis=1), truth.shape[1])
        counts = np.unique(kind, return_counts=True)[1]
        folds = min(5, int(counts.min()))
        if folds < 2:
            coefficients, intercepts = _fit(features, truth, weights, self._strength)
            return np.asarray(features @ coefficients.T + intercepts)
        margins = np.zeros(truth.shape)
        for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=_SEED).split(features, kind):
            coefficients, intercepts = _fit(features[seen], truth[seen], weights[seen], self._strength)
            margins[unseen] = features[unseen] @ coefficients.T + intercepts
        return margins

    def margins(self, read: str) -> Matrix:
        """A margin a label for one text as read."""
        # What the vectorizer would do, without its checks: they take ten times as long as one text's work.
        vocabulary: dict[str, int] = self._vectorizer.vocabulary_
        low, high = self._ngrams
        counts: Counter[int] = Counter()
        for size in range(low, high + 1):
            grams = (read[start : start + size] for start in range(len(read) - size + 1))
            counts.update(vocabulary[gram] for gram in grams if gram in vocabulary)
        if not counts:
            return np.asarray(self._intercepts)
        columns = np.fromiter(counts.keys(), dtype=np.intp)
        weights = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self._rarity[columns]
        return np.asarray((weights / np.linalg.norm(weights)) @ self._rows[columns] + self._intercepts)

    def weights(self, spelled: Spelled, length: int, label: str) -> list[float]:
        """How much each character typed speaks for a label: the sum over the n-grams it stands in."""
        place = self.labels.index(label)
        vocabulary: dict[str, int] = self._vectorizer.vocabulary_
        low, high = self._ngrams
        weights = [0.0] * length
        for size in range(low, high + 1):
            for start in range(len(spelled.text) - size + 1):
                column = vocabulary.get(spelled.text[start : start + size])
                if column is None:
                    continue
                share = float((self._rows[column, place] - self._mean[column]) * self._rarity[column]) / size
                for position in range(start, start + size):
                    weights[spelled.origin[position]] += share
        return weights

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What was learnt, as plain arrays: a model file cannot carry code."""
        return {
            "labels": np.array(self.labels, dtype=np.str_),
            "vocabulary": np.array(self._vectorizer.get_feature_names_out(), dtype=np.str_),
            "rarity": self._rarity,
            "rows": self._rows,
            "intercepts": self._intercepts,
        }

    def restore(self, stored: Any) -> None:
        """Take back what `arrays` gave."""
        self.labels = stored["labels"].tolist()
        self._vectorizer.set_params(
            vocabulary={word: i for i, word in enumerate(stored["vocabulary"].tolist())}
        )
        self._vectorizer.idf_ = self._rarity = stored["rarity"]
        self._keep(stored["rows"])
        self._intercepts = stored["intercepts"]


def _fit(features: Any, truth: Truth, weights: Matrix, strength: float) -> tuple[Matrix, Matrix]:
    """One linear detector a label.

    Rare labels weigh more, by the root of their rarity: full balance would shout down the frequent ones.
    """
    mean = truth.sum() / truth.shape[1]
    rows = []
    for column in truth.T:
        if column.all() or not column.any():  # all on one side: nothing to learn, a constant says it
            rows.append((np.zeros(features.shape[1]), 1.0 if column.all() else -1.0))
            continue
        weight = {True: max(1.0, float((mean / max(column.sum(), 1)) ** 0.5)), False: 1.0}
        model = LinearSVC(C=strength, class_weight=weight, random_state=_SEED)
        model.fit(features, column, sample_weight=weights)
        rows.append((model.coef_[0], float(model.intercept_[0])))
    coefficients, intercepts = zip(*rows, strict=True)
    return np.array(coefficients), np.array(intercepts)
