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
from scipy.special import expit, log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.brokers import BROKERS_FILE
from bot.nlu.entities import FIGURE_SOURCES
from bot.nlu.evidence import best_span
from bot.nlu.figures import find_figures
from bot.nlu.segment import digest
from bot.nlu.spelling import SPELLING, Spelled, respell

REASON = "reason_"
#: By definition a cut demand names no other broker's offer: never both (the labelling guide, reasons 5 and 9).
_EITHER_OR = {"reason_commission_competition", "reason_commission_cut_demand"}
_ARRAYS = "classifier.npz"
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

        `stated` is the probability all reasons together need for one to count as stated;
        `second_margin` is the margin from which a second reason counts as stated beside the first.
        """
        return {
            "ngrams": [1, 2],
            "strength": 0.5,
            "ranking_length": 12,
            "stated": 0.5,
            "second_margin": -0.3,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The tables and all code that shapes a feature are part of the cache key."""
        here = Path(__file__).parent
        own = (here / f"{name}.py" for name in ("classifier", "spelling", "evidence"))
        return digest([SPELLING, BROKERS_FILE, *own, *(here / f"{name}.py" for name in FIGURE_SOURCES)])

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        low, high = self._config["ngrams"]
        self._vectorizer = TfidfVectorizer(
            analyzer="char", ngram_range=(low, high), sublinear_tf=True, lowercase=False, dtype=np.float32
        )
        self._temperature, self._slope, self._offset = 1.0, 1.0, 0.0
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
        features = self._vectorizer.fit_transform([features_text(e.get(TEXT)).text for e in examples])
        stated = [_stated(example) for example in examples]
        self._intents = sorted(set().union(*stated))
        truth = np.array([[intent in one for intent in self._intents] for one in stated])
        primary = np.array([self._intents.index(str(e.get(INTENT))) for e in examples])
        strength = float(self._config["strength"])
        held_out = _held_out_margins(features, truth, primary, strength)
        self._temperature = _fit_temperature(held_out, primary)
        self._slope, self._offset = _fit_sigmoid(held_out, truth)
        self._coefficients, self._intercepts = _fit(features, truth, strength)
        with self._storage.write_to(self._resource) as folder:
            np.savez(
                folder / _ARRAYS,
                vocabulary=np.array(self._vectorizer.get_feature_names_out(), dtype=np.str_),
                idf=self._vectorizer.idf_,
                coefficients=self._coefficients,
                intercepts=self._intercepts,
                temperature=self._temperature,
                sigmoid=np.array([self._slope, self._offset]),
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
            component._slope, component._offset = stored["sigmoid"].tolist()
            component._intents = stored["intents"].tolist()
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify every message; Rasa's own reading of a button's payload comes later and wins."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            spelled = features_text(text)
            ranking = self._rank(spelled.text)
            message.set("reasons", self._reasons(text, spelled, ranking), add_to_output=True)
            shown = [{"name": r["name"], "confidence": r["confidence"]} for r in self._shown(ranking)]
            message.set(INTENT, shown[0], add_to_output=True)
            message.set("intent_ranking", shown, add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        """All intents, best first; `margin` is how far the text lies on the intent's own side."""
        margins = (self._vectorizer.transform([text]) @ self._coefficients.T + self._intercepts)[0]
        probabilities = softmax(margins / self._temperature)
        return [
            {
                "name": self._intents[index],
                "confidence": float(probabilities[index]),
                "margin": float(margins[index]),
            }
            for index in np.argsort(-margins)
        ]

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
        found = [self._found(text, spelled, reasons[0]["name"], reasons[0]["confidence"])]
        others = (row for row in reasons[1:] if {reasons[0]["name"], row["name"]} != _EITHER_OR)
        second = next(others, None)
        if second and second["margin"] > float(self._config["second_margin"]):
            chance = float(expit(self._slope * second["margin"] + self._offset))
            beside = self._found(text, spelled, second["name"], min(chance, found[0]["probability"]))
            if not _same_words(found[0]["evidence"], beside["evidence"]):
                found.append(beside)
        return found

    def _found(self, text: str, spelled: Spelled, intent: str, probability: float) -> dict[str, Any]:
        start, end = best_span(text, self._weights(text, spelled, intent))
        reason = intent.removeprefix(REASON)
        return {"id": reason, "probability": round(probability, 4), "evidence": [start, end]}

    def _weights(self, text: str, spelled: Spelled, intent: str) -> list[float]:
        """How much each character typed speaks for an intent: the sum over the n-grams it stands in."""
        coefficients = self._coefficients[self._intents.index(intent)] - self._coefficients.mean(axis=0)
        vocabulary: dict[str, int] = self._vectorizer.vocabulary_
        rarity = self._vectorizer.idf_  # a property that copies: not to be asked for once an n-gram
        low, high = self._config["ngrams"]
        weights = [0.0] * len(text)
        for size in range(low, high + 1):
            for start in range(len(spelled.text) - size + 1):
                column = vocabulary.get(spelled.text[start : start + size])
                if column is None:
                    continue
                share = float(coefficients[column] * rarity[column]) / size
                for position in range(start, start + size):
                    weights[spelled.origin[position]] += share
        return weights


def _same_words(first: list[int], second: list[int]) -> bool:
    """Whether two spans are mostly the same words: one remark does not state two reasons."""
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return 2 * shared > min(first[1] - first[0], second[1] - second[0])


def _stated(example: Message) -> set[str]:
    """The intents an example stands for: its own, and the second reason its metadata names."""
    second = ((example.get("metadata") or {}).get("example") or {}).get("secondary")
    return {str(example.get(INTENT))} | ({REASON + str(second)} if second else set())


def _fit(features: Any, truth: Any, strength: float) -> tuple[Any, Any]:
    """One linear detector an intent.

    Rare intents weigh more, by the root of their rarity: full balance would shout down the reasons.
    """
    mean = truth.sum() / truth.shape[1]
    rows = []
    for column in truth.T:
        if column.all() or not column.any():  # all on one side: nothing to learn, a constant says it
            rows.append((np.zeros(features.shape[1]), 1.0 if column.all() else -1.0))
            continue
        weight = {True: max(1.0, float((mean / max(column.sum(), 1)) ** 0.5)), False: 1.0}
        model = LinearSVC(C=strength, class_weight=weight, random_state=42).fit(features, column)
        rows.append((model.coef_[0], model.intercept_[0]))
    coefficients, intercepts = zip(*rows, strict=True)
    return np.array(coefficients), np.array(intercepts)


def _held_out_margins(features: Any, truth: Any, primary: Any, strength: float) -> Any:
    """Each example's margins under detectors that have not seen it."""
    folds = min(5, min(Counter(primary.tolist()).values()))
    if folds < 2:
        coefficients, intercepts = _fit(features, truth, strength)
        return features @ coefficients.T + intercepts
    margins = np.zeros(truth.shape)
    for seen, unseen in StratifiedKFold(folds, shuffle=True, random_state=42).split(features, primary):
        coefficients, intercepts = _fit(features[seen], truth[seen], strength)
        margins[unseen] = features[unseen] @ coefficients.T + intercepts
    return margins


def _fit_temperature(margins: Any, primary: Any) -> float:
    """The temperature under which the held-out examples are likeliest."""

    def loss(temperature: float) -> float:
        return -float(log_softmax(margins / temperature, axis=1)[np.arange(len(primary)), primary].mean())

    return float(minimize_scalar(loss, bounds=(0.02, 5.0), method="bounded").x)


def _fit_sigmoid(margins: Any, truth: Any) -> tuple[float, float]:
    """Platt's slope and offset, shared by all detectors: a margin as the chance that the intent holds."""
    model = LogisticRegression(C=1e3).fit(margins.reshape(-1, 1), truth.reshape(-1))
    return float(model.coef_[0][0]), float(model.intercept_[0])
