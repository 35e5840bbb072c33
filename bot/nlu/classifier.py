"""The classifier: which leaving reason, reaction or command a text is, and the reasons it states.

Character 1-4-grams with a linear model: on short Chinese texts they outdo frozen encoders (docs/nlu.md),
and each character's share in the decision can be read off, which gives the evidence.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from bot.nlu.evidence import best_span
from bot.nlu.segment import digest
from bot.nlu.spelling import SPELLING, Spelled, respell

REASON = "reason_"
_STORED = "classifier.skops"
_CLAUSES = re.compile(r"[^,，。;；!！?？\n]+")
_DIGITS = re.compile(r"\d")


def features_text(text: str) -> Spelled:
    """What the model reads: one spelling, and every digit alike (its value is the extractor's business)."""
    spelled = respell(text)
    return Spelled(_DIGITS.sub("0", spelled.text), spelled.origin)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReasonClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `reasons` (contract 3)."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn", "skops"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`stated` is the probability all reasons together need for one to count as stated; `second` and
        `second_clause` what a second reason needs in the whole text and in a clause of its own."""
        return {
            "ngrams": [1, 4],
            "strength": 20.0,
            "ranking_length": 12,
            "stated": 0.5,
            "second": 0.05,
            "second_clause": 0.5,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The spelling table and this code are part of the cache key."""
        here = Path(__file__).parent
        return digest([SPELLING, *(here / f"{name}.py" for name in ("classifier", "spelling", "evidence"))])

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        low, high = self._config["ngrams"]
        self._vectorizer = TfidfVectorizer(
            analyzer="char", ngram_range=(low, high), sublinear_tf=True, lowercase=False, dtype=np.float32
        )
        self._model = LogisticRegression(C=float(self._config["strength"]), max_iter=300, random_state=42)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ReasonClassifier:
        """A fresh component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples' texts and intents.

        Raises:
            ValueError: with fewer than two intents there is nothing to tell apart.
        """
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        if len({e.get(INTENT) for e in examples}) < 2:
            raise ValueError("the classifier needs examples of at least two intents")
        texts = [features_text(e.get(TEXT)).text for e in examples]
        self._model.fit(self._vectorizer.fit_transform(texts), [e.get(INTENT) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump((self._vectorizer, self._model), folder / _STORED)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ReasonClassifier:
        """The trained component; only plain arrays and sklearn's own types are read, never code."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._vectorizer, component._model = skops.io.load(
                folder / _STORED, trusted=["numpy.dtype"]
            )
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify messages that no earlier component (a button's payload) has decided."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            spelled = features_text(text)
            ranking = self._rank(spelled.text)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", self._shown(ranking), add_to_output=True)
            message.set("reasons", self._reasons(text, spelled, ranking), add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        probabilities = self._model.predict_proba(self._vectorizer.transform([text]))[0]
        order = np.argsort(-probabilities)
        return [{"name": str(self._model.classes_[i]), "confidence": float(probabilities[i])} for i in order]

    def _shown(self, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The likeliest intents, and among them at least three reasons for the question when unsure."""
        length = int(self._config["ranking_length"])
        reasons = [row for row in ranking if row["name"].startswith(REASON)][:3]
        return ranking[:length] + [row for row in reasons if row not in ranking[:length]]

    def _reasons(self, text: str, spelled: Spelled, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The reasons the text states, best first; none when it states none."""
        reasons = [row for row in ranking if row["name"].startswith(REASON)]
        if sum(row["confidence"] for row in reasons) < float(self._config["stated"]):
            return []
        stated = reasons[:1] + self._second(spelled, reasons)
        found = []
        for row in stated:
            span = best_span(spelled.text, self._weights(spelled.text, row["name"]))
            start, end = spelled.original_span(*span, length=len(text))
            found.append(
                {
                    "id": row["name"].removeprefix(REASON),
                    "probability": round(row["confidence"], 4),
                    "evidence": [start, end],
                }
            )
        return found

    def _second(self, spelled: Spelled, reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A second reason must be likely in the whole text and rule a clause of its own."""
        clauses = [match.group() for match in _CLAUSES.finditer(spelled.text) if len(match.group()) >= 4]
        if len(clauses) < 2:
            return []
        strongest: dict[str, float] = {}
        for clause in clauses:
            for row in self._rank(clause)[:2]:
                strongest[row["name"]] = max(row["confidence"], strongest.get(row["name"], 0.0))
        return [
            row
            for row in reasons[1:3]
            if row["confidence"] >= float(self._config["second"])
            and strongest.get(row["name"], 0.0) >= float(self._config["second_clause"])
        ][:1]

    def _weights(self, text: str, intent: str) -> list[float]:
        """How much each character speaks for an intent: the sum over the n-grams it stands in."""
        index = int(np.where(self._model.classes_ == intent)[0][0])
        coefficients = self._model.coef_[index] - self._model.coef_.mean(axis=0)
        vocabulary: dict[str, int] = self._vectorizer.vocabulary_
        low, high = self._config["ngrams"]
        weights = [0.0] * len(text)
        for size in range(low, high + 1):
            for start in range(len(text) - size + 1):
                column = vocabulary.get(text[start : start + size])
                if column is not None:
                    share = float(coefficients[column] * self._vectorizer.idf_[column]) / size
                    for position in range(start, start + size):
                        weights[position] += share
        return weights
