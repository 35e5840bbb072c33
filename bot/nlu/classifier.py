"""The classifier: which leaving reason, reaction or command a text is, and the reasons it states.

Characters and their pairs in a linear support vector machine: on short Chinese texts they do as well as
longer n-grams and train in seconds (docs/nlu.md), and each character's share in the decision can be read
off, which gives the evidence. Its margins become probabilities by one temperature, fitted on held-out folds.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from bot.nlu.evidence import best_span
from bot.nlu.figures import find_figures
from bot.nlu.segment import digest
from bot.nlu.spelling import SPELLING, Spelled, respell

REASON = "reason_"
_ARRAYS = "classifier.npz"
_CLAUSES = re.compile(r"[^,，。;；!！?？\n]+")
_DIGITS = re.compile(r"\d")
#: stands for a text that only names a client
_NAMELESS = "※"


_IDENTITY = frozenset({"client_no", "client_name", "phone_tail"})


def features_text(text: str) -> Spelled:
    """What the model reads: one spelling, every digit alike, and not who the client is.

    Advisors write 「斤女士 尾号3021 说别家便宜」: the name and the tail are the extractor's business and would
    only make the text look like a search. A text that is nothing but a name keeps a mark in its place.
    """
    kept = list(text)
    for figure in find_figures(text):
        if figure.entity in _IDENTITY:
            kept[figure.start : figure.end] = " " * (figure.end - figure.start)
    rest = "".join(kept)
    spelled = respell(rest if rest.strip() else _NAMELESS + rest[1:])
    return Spelled(_DIGITS.sub("0", spelled.text), spelled.origin)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReasonClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `reasons` (contract 3)."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `stated` is the probability all reasons together need for one to count as stated; `second` and
        `second_clause` are what a second reason needs in the whole text and in a clause of its own.
        """
        return {
            "ngrams": [1, 2],
            "strength": 0.5,
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
        self._model = LinearSVC(C=float(self._config["strength"]), random_state=42)
        self._temperature = 1.0
        self._intents: list[str] = []
        self._coefficients = self._intercepts = np.zeros(0)

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
        self._intents = sorted({str(e.get(INTENT)) for e in examples})
        numbers = np.array([self._intents.index(str(e.get(INTENT))) for e in examples])
        features = self._vectorizer.fit_transform(texts)
        self._model.set_params(class_weight=_weights_of(numbers))
        self._temperature = _fit_temperature(self._model, features, numbers)
        self._model.fit(features, numbers)
        self._coefficients, self._intercepts = _both_sides(self._model.coef_, self._model.intercept_)
        with self._storage.write_to(self._resource) as folder:
            np.savez(
                folder / _ARRAYS,
                vocabulary=np.array(self._vectorizer.get_feature_names_out(), dtype=np.str_),
                idf=self._vectorizer.idf_,
                coefficients=self._coefficients,
                intercepts=self._intercepts,
                temperature=self._temperature,
                intents=np.array(self._intents, dtype=np.str_),
            )
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
        """The trained component; only plain arrays are read, so a model file cannot carry code."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _ARRAYS) as stored:
            words = stored["vocabulary"].tolist()
            component._vectorizer.set_params(vocabulary={word: i for i, word in enumerate(words)})
            component._vectorizer.idf_ = stored["idf"]
            component._coefficients = stored["coefficients"]
            component._intercepts = stored["intercepts"]
            component._temperature = float(stored["temperature"])
            component._intents = stored["intents"].tolist()
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
        margins = self._vectorizer.transform([text]) @ self._coefficients.T + self._intercepts
        probabilities = softmax(margins / self._temperature, axis=1)[0]
        order = np.argsort(-probabilities)
        return [{"name": self._intents[i], "confidence": float(probabilities[i])} for i in order]

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
            start, end = best_span(text, self._weights(text, spelled, row["name"]))
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

    def _weights(self, text: str, spelled: Spelled, intent: str) -> list[float]:
        """How much each character typed speaks for an intent: the sum over the n-grams it stands in."""
        coefficients = self._coefficients[self._intents.index(intent)] - self._coefficients.mean(axis=0)
        vocabulary: dict[str, int] = self._vectorizer.vocabulary_
        low, high = self._config["ngrams"]
        weights = [0.0] * len(text)
        for size in range(low, high + 1):
            for start in range(len(spelled.text) - size + 1):
                column = vocabulary.get(spelled.text[start : start + size])
                if column is None:
                    continue
                share = float(coefficients[column] * self._vectorizer.idf_[column]) / size
                for position in range(start, start + size):
                    weights[spelled.origin[position]] += share
        return weights


def _weights_of(numbers: Any) -> dict[int, float]:
    """Rare intents weigh more, by the root of their rarity: full balance would shout down the reasons."""
    counts = Counter(numbers.tolist())
    mean = len(numbers) / len(counts)
    return {number: float((mean / count) ** 0.5) for number, count in counts.items()}


def _margins(decision: Any) -> Any:
    """One column an intent; of two intents sklearn gives a single margin that speaks for both."""
    return np.stack([-decision, decision], axis=1) if decision.ndim == 1 else decision


def _both_sides(coefficients: Any, intercepts: Any) -> tuple[Any, Any]:
    """One row an intent; of two intents sklearn keeps the second's row only."""
    if len(coefficients) > 1:
        return coefficients, intercepts
    return np.vstack([-coefficients, coefficients]), np.concatenate([-intercepts, intercepts])


def _fit_temperature(model: LinearSVC, features: Any, numbers: Any) -> float:
    """The temperature that makes held-out probabilities as likely as can be; 1 with too little data."""
    folds = min(5, min(Counter(numbers.tolist()).values()))
    if folds < 2:
        return 1.0
    splits = StratifiedKFold(folds, shuffle=True, random_state=42)
    margins = _margins(cross_val_predict(model, features, numbers, cv=splits, method="decision_function"))

    def loss(temperature: float) -> float:
        return -float(log_softmax(margins / temperature, axis=1)[np.arange(len(numbers)), numbers].mean())

    return float(minimize_scalar(loss, bounds=(0.02, 5.0), method="bounded").x)
