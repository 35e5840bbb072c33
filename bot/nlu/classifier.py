"""The classifier: which leaving reason, reaction or command a text is, and the reasons it states.

Two voices, weighed on texts that neither had seen: linear detectors on characters (`detectors`), which learn
whatever stands in `data/nlu/` in seconds, and the fine-tuned encoder (`encoder`), which knows more Chinese.
"""

from __future__ import annotations

import logging
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

from bot.nlu.brokers import BROKERS_FILE
from bot.nlu.detectors import Detectors, Matrix
from bot.nlu.encoder import FEWEST, WEIGHT_FILES, Scores, encoded, encoder, known_answers
from bot.nlu.entities import FIGURE_SOURCES
from bot.nlu.evidence import best_span, clauses
from bot.nlu.reading import readable
from bot.nlu.segment import DICTIONARY_FILE, digest
from bot.nlu.spelling import SPELLING, Spelled
from bot.nlu.teaching import REASON
from bot.nlu.weighing import EachAlone, OneOf

log = logging.getLogger(__name__)

#: By definition a cut demand names no other broker's offer: never both (the labelling guide, reasons 5 and 9).
_EITHER_OR = {"reason_commission_competition", "reason_commission_cut_demand"}
_ARRAYS = "classifier.npz"
#: Two characters state no reason.
_SHORTEST_CLAUSE = 3
#: Nobody states his second reason later than this.
_MOST_CLAUSES = 30
_OWN_SOURCES = ("classifier", "detectors", "encoder", "evidence", "reading", "sounds", "spelling", "weighing")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReasonClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `reasons` (contract 3)."""

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn", "onnxruntime", "sentencepiece"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings.

        `stated` is the probability all reasons together need for one to count as stated;
        `second` is the probability from which a second reason counts as stated beside the first: low, because
        in the texts it was fitted on a second reason is rare, and a missed one costs more than an offer declined;
        from `second_at_all` on it counts too when a clause read by itself states it with `second_in_clause`.
        """
        return {
            "ngrams": [1, 2],
            "strength": 0.5,
            "ranking_length": 12,
            "stated": 0.5,
            "second": 0.1,
            "second_at_all": 0.01,
            "second_in_clause": 0.45,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The tables, the weights and all code that shapes a feature are part of the cache key."""
        here = Path(__file__).parent
        code = (here / f"{name}.py" for name in (*_OWN_SOURCES, *FIGURE_SOURCES))
        return digest([SPELLING, BROKERS_FILE, DICTIONARY_FILE, *WEIGHT_FILES, *code])

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._detectors = self._fresh([])
        self._one_of, self._each = OneOf(), EachAlone()

    def _fresh(self, intents: list[str]) -> Detectors:
        low, high = self._config["ngrams"]
        return Detectors(intents, (low, high), float(self._config["strength"]))

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
        texts = [readable(e.get(TEXT)).text for e in examples]
        stated = [_stated(example) for example in examples]
        intents = sorted(set().union(*stated))
        truth = np.array([[intent in one for intent in intents] for one in stated])
        primary = np.array([intents.index(str(e.get(INTENT))) for e in examples])
        self._detectors = self._fresh(intents)
        margins = self._detectors.fit(texts, truth)
        self._weigh(texts, margins, truth, primary)
        with self._storage.write_to(self._resource) as folder:
            np.savez(
                folder / _ARRAYS,
                one_of=np.array([self._one_of.first, self._one_of.second]),
                each=np.array([*self._each.weights, self._each.offset]),
                **self._detectors.arrays(),
            )
        return self._resource

    def _weigh(self, texts: list[str], margins: Matrix, truth: Any, primary: Any) -> None:
        """Fit the weights of both voices where the encoder's answer is one to an unseen text."""
        rows, answers = known_answers(texts)
        strange = len(rows) < FEWEST  # a training set the encoder never saw: only the detectors know it
        if strange:
            log.warning("the encoder has not seen these texts: it has no say in their intents")
            rows, answers = np.arange(len(texts)), np.zeros((len(texts), encoder().width), np.float32)
        second = self._second_voice(margins[rows], answers)
        self._one_of.fit(margins[rows], second, primary[rows])
        if strange:
            self._one_of.second = 0.0
        columns = self._reason_columns()
        if columns:
            probabilities = self._one_of.probabilities(margins[rows], second)
            voices = self._each_voices(margins[rows], answers, probabilities)
            self._each.fit(voices, truth[rows][:, columns])

    def _second_voice(self, margins: Matrix, answers: Scores) -> Matrix:
        """The encoder's log-probabilities by intent; for an intent it never learnt, its mean says nothing."""
        head = encoder().heads["intent"]
        logits = np.asarray(head.of(answers), dtype=np.float64)
        columns = {label: i for i, label in enumerate(head.labels)}
        voice = np.repeat(logits.mean(axis=-1, keepdims=True), margins.shape[-1], axis=-1)
        for place, intent in enumerate(self._detectors.labels):
            if intent in columns:
                voice[..., place] = logits[..., columns[intent]]
        return np.asarray(voice)

    def _each_voices(self, margins: Matrix, answers: Scores, probabilities: Matrix) -> Matrix:
        """What speaks for each reason by itself: margin, encoder's logit, chance as the primary one."""
        columns = self._reason_columns()
        head = encoder().heads["reasons"]
        names = [self._detectors.labels[column].removeprefix(REASON) for column in columns]
        logits = head.of(answers)
        # A reason that the encoder never learnt gets its mean: that says nothing.
        second = np.stack(
            [
                logits[..., head.labels.index(name)] if name in head.labels else logits.mean(axis=-1)
                for name in names
            ],
            axis=-1,
        )
        likely = np.log(np.clip(probabilities[..., columns], 1e-6, 1.0))
        return np.stack([margins[..., columns], second, likely], axis=-1)

    def _reason_columns(self) -> list[int]:
        return [i for i, intent in enumerate(self._detectors.labels) if intent.startswith(REASON)]

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
            component._detectors.restore(stored)
            component._one_of = OneOf(*stored["one_of"].tolist())
            component._each = EachAlone(stored["each"][:-1], float(stored["each"][-1]))
        encoder().score(
            readable("销户").text
        )  # all tables are loaded with the model, not with the first client
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify every message; Rasa's own reading of a button's payload comes later and wins."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            spelled = readable(text)
            ranking = self._rank(text, spelled)
            message.set("reasons", self._reasons(text, spelled, ranking), add_to_output=True)
            shown = [{"name": r["name"], "confidence": r["confidence"]} for r in self._shown(ranking)]
            message.set(INTENT, shown[0], add_to_output=True)
            message.set("intent_ranking", shown, add_to_output=True)
        return messages

    def _rank(self, text: str, spelled: Spelled) -> list[dict[str, Any]]:
        """All intents, best first; `alone` is a reason's chance to hold, whatever else does."""
        margins, answers = self._detectors.margins(spelled.text), encoded(text)
        probabilities = self._one_of.probabilities(margins, self._second_voice(margins, answers))
        alone = dict.fromkeys(self._detectors.labels, 0.0)
        columns = self._reason_columns()
        if columns and self._each.weights.size:
            chances = self._each.probabilities(self._each_voices(margins, answers, probabilities))
            alone.update((self._detectors.labels[c], float(p)) for c, p in zip(columns, chances, strict=True))
        return [
            {"name": name, "confidence": float(probabilities[index]), "alone": alone[name]}
            for index in np.argsort(-probabilities)
            for name in [self._detectors.labels[index]]
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
        first = reasons[0]["name"]
        found = [self._found(text, spelled, first, reasons[0]["confidence"])]
        others = [row for row in reasons[1:] if {first, row["name"]} != _EITHER_OR]
        second = max(others, key=lambda row: float(row["alone"]), default=None)
        if second and second["alone"] > float(self._config["second"]):
            chance = min(second["alone"], found[0]["probability"])
            beside = self._found(text, spelled, second["name"], chance)
            if not _same_words(found[0]["evidence"], beside["evidence"]):
                found.append(beside)
        else:
            found += self._in_another_clause(text, spelled, found[0], others)
        return found

    def _in_another_clause(
        self, text: str, spelled: Spelled, first: dict[str, Any], others: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """A second reason that has a clause to itself, which the reading of the whole text drowns: at most one."""
        least = float(self._config["second_at_all"])
        columns = {self._detectors.labels.index(o["name"]): o for o in others if o["alone"] >= least}
        best, stated = 0.0, None
        for start, end in clauses(text)[:_MOST_CLAUSES]:
            if not columns or end - start < _SHORTEST_CLAUSE or _same_words(first["evidence"], [start, end]):
                continue
            read = "".join(c for c, o in zip(spelled.text, spelled.origin, strict=True) if start <= o < end)
            margins = self._detectors.margins(read)
            chances = self._one_of.probabilities(margins, np.zeros_like(margins))
            column = max(columns, key=lambda one: float(chances[one]))
            if chances[column] > max(best, float(self._config["second_in_clause"])):
                best, stated = float(chances[column]), (columns[column], start, end)
        if stated is None:
            return []
        row, start, end = stated
        # About every second such reading holds (development set).
        chance = min(max(row["alone"], best / 2), first["probability"])
        reason = row["name"].removeprefix(REASON)
        return [{"id": reason, "probability": round(chance, 4), "evidence": [start, end]}]

    def _found(self, text: str, spelled: Spelled, intent: str, probability: float) -> dict[str, Any]:
        start, end = best_span(text, self._detectors.weights(spelled, len(text), intent))
        reason = intent.removeprefix(REASON)
        return {"id": reason, "probability": round(probability, 4), "evidence": [start, end]}


def _same_words(first: list[int], second: list[int]) -> bool:
    """Whether two spans are mostly the same words: one remark does not state two reasons."""
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return 2 * shared > min(first[1] - first[0], second[1] - second[0])


def _stated(example: Message) -> set[str]:
    """The intents an example stands for: its own, and the second reason its metadata names."""
    second = ((example.get("metadata") or {}).get("example") or {}).get("secondary")
    return {str(example.get(INTENT))} | ({REASON + str(second)} if second else set())
