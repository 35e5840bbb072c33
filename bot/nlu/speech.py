"""Reads a text as an advisor's speech: techniques shown, and violations with span and rule (contract 3).

Three voices are weighed: the detectors on characters, the encoder, and the patterns of `violations.yml` and
`techniques.yml`, which a compliance officer can change without training anything.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.compliance import rules, screen
from bot.compliance.techniques import find_techniques
from bot.nlu.brokers import BROKERS_FILE
from bot.nlu.detectors import Detectors, Matrix
from bot.nlu.encoder import FEWEST, WEIGHT_FILES, Scores, encoded, encoder, known_answers
from bot.nlu.entities import FIGURE_SOURCES
from bot.nlu.evidence import best_span
from bot.nlu.reading import readable
from bot.nlu.segment import DICTIONARY_FILE, digest, resolve
from bot.nlu.spelling import SPELLING, Spelled
from bot.nlu.teaching import ADVISOR
from bot.nlu.weighing import EachAlone

_COMPLIANCE = Path(rules.__file__).parent
_SOURCES = (
    *(_COMPLIANCE / f"{name}.py" for name in ("rules", "screen", "shorthand", "techniques")),
    *(
        Path(__file__).with_name(f"{name}.py")
        for name in (
            "detectors",
            "encoder",
            "evidence",
            "reading",
            "sounds",
            "speech",
            "spelling",
            "weighing",
        )
    ),
    *(Path(__file__).with_name(f"{name}.py") for name in FIGURE_SOURCES),
    *WEIGHT_FILES,
    BROKERS_FILE,
    DICTIONARY_FILE,
    SPELLING,
)
_ARRAYS = "speech_{}.npz"
KINDS = ("techniques", "violations")
#: A client's words are not judged as an advisor's; they only show what ordinary talk sounds like.
_CLIENT_WEIGHT = 0.1
log = logging.getLogger(__name__)


class Reader:
    """One kind of label: its detectors, its patterns, and how far each voice is trusted."""

    def __init__(self, kind: str, labels: list[str], ngrams: tuple[int, int], strength: float) -> None:
        """Untrained: only the patterns speak."""
        self.kind = kind
        self.labels = labels
        self.detectors = Detectors(labels, ngrams, strength)
        self.each = EachAlone()

    def fit(
        self, texts: list[str], marked: list[set[str]], patterns: Matrix, usable: npt.NDArray[Any]
    ) -> None:
        """Learn from texts as read.

        Args:
            texts: as `readable` gives them.
            marked: the labels of each text.
            patterns: texts × labels, one where a pattern matches.
            usable: which texts are an advisor's: on these the voices are weighed, the others count little.
        """
        truth = np.array([[label in one for label in self.labels] for one in marked])
        margins = self.detectors.fit(texts, truth, np.where(usable, 1.0, _CLIENT_WEIGHT))
        rows, answers = known_answers(texts)
        kept = usable[rows]
        rows, answers = rows[kept], answers[kept]
        if not truth.any() or truth.all():
            return  # one answer to everything teaches nothing: the patterns speak alone
        if len(rows) < FEWEST or not truth[rows].any():
            log.warning("the encoder has not seen these texts: it has no say in %s", self.kind)
            rows, answers = np.arange(len(texts)), np.zeros((len(texts), encoder().width), np.float32)
        self.each.fit(self._voices(margins[rows], answers, patterns[rows]), truth[rows])

    def _voices(self, margins: Matrix, answers: Scores, patterns: Matrix) -> Matrix:
        head = encoder().heads[self.kind]
        places = [head.labels.index(label) for label in self.labels]
        return np.stack([margins, head.of(answers)[..., places], patterns], axis=-1)

    def chances(self, read: str, answers: Scores, patterns: Matrix) -> dict[str, float]:
        """Each label's probability."""
        if not self.each.weights.size:
            return dict(zip(self.labels, patterns.tolist(), strict=True))
        voices = self._voices(self.detectors.margins(read), answers, patterns)
        return dict(zip(self.labels, self.each.probabilities(voices).tolist(), strict=True))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SpeechReader(GraphComponent):
    """Adds `techniques` and `violations` to every message.

    The patterns are read when the model is loaded, from the project's files: what the compliance officer
    changes holds from the next start, with or without training.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn", "onnxruntime", "sentencepiece"]

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Chinese only."""
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the rules are, from the project's root, and from which probability a label holds."""
        return {
            "violations": "data/playbook/violations.yml",
            "techniques": "data/playbook/techniques.yml",
            "ngrams": [1, 2],
            "strength": 1.0,
            "violation_from": 0.65,
            "technique_from": 0.75,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Both files, the weights and the code that reads them are part of the cache key."""
        return digest([*_files(config), *_SOURCES])

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Read the rules at once: a broken file stops the start, not a conversation."""
        self._config = {**self.get_default_config(), **config}
        self._storage, self._resource = model_storage, resource
        violations, techniques = _files(config)
        self._violations = rules.load_violations(violations)
        self._techniques = rules.load_techniques(techniques)
        low, high = self._config["ngrams"]
        labels = {
            "techniques": [technique.id for technique, _ in self._techniques],
            "violations": [violation.id for violation, _ in self._violations],
        }
        self._readers = {
            kind: Reader(kind, labels[kind], (low, high), float(self._config["strength"])) for kind in KINDS
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpeechReader:
        """A component with the rules of the project."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the advisors' sentences; clients' sentences are examples of neither."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        texts = [readable(e.get(TEXT)).text for e in examples]
        extra = [dict((e.get("metadata") or {}).get("example") or {}) for e in examples]
        advisor = np.array([e.get(INTENT) == ADVISOR for e in examples])
        for kind, reader in self._readers.items():
            if not advisor.any():
                continue
            marked = [set(one.get(kind, ())) for one in extra]
            patterns = np.array([self._patterns(kind, e.get(TEXT)) for e in examples])
            reader.fit(texts, marked, patterns, advisor)
        with self._storage.write_to(self._resource) as folder:
            for kind, reader in self._readers.items():
                if reader.each.weights.size:
                    weights = np.array([*reader.each.weights, reader.each.offset])
                    np.savez(folder / _ARRAYS.format(kind), each=weights, **reader.detectors.arrays())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpeechReader:
        """The trained component; only plain arrays are read."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            for kind, reader in component._readers.items():
                path = folder / _ARRAYS.format(kind)
                if not path.exists():
                    continue
                with np.load(path) as stored:
                    reader.detectors.restore(stored)
                    reader.each = EachAlone(stored["each"][:-1], float(stored["each"][-1]))
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set both lists on every message that has a text."""
        for message in messages:
            text = message.get(TEXT)
            if not isinstance(text, str) or not text:
                continue
            spelled, answers = readable(text), encoded(text)
            message.set("techniques", self.techniques(text, spelled, answers), add_to_output=True)
            message.set("violations", self.violations(text, spelled, answers), add_to_output=True)
        return messages

    def _patterns(self, kind: str, text: str) -> Matrix:
        if kind == "techniques":
            found = set(find_techniques(text, self._techniques))
        else:
            found = {hit.id for hit in screen.find_violations(text, self._violations)}
        return self._marks(kind, found)

    def _marks(self, kind: str, found: set[str]) -> Matrix:
        return np.array([float(label in found) for label in self._readers[kind].labels])

    def techniques(self, text: str, spelled: Spelled, answers: Scores) -> list[str]:
        """Ids of the techniques shown, in the order of the file."""
        least = float(self._config["technique_from"])
        chances = self._readers["techniques"].chances(
            spelled.text, answers, self._patterns("techniques", text)
        )
        return [label for label, chance in chances.items() if chance >= least]

    def violations(self, text: str, spelled: Spelled, answers: Scores) -> list[dict[str, Any]]:
        """Violations of one text, ready for JSON, in the order they are said."""
        least = float(self._config["violation_from"])
        hits = {
            hit.id: (hit.start, hit.end) for hit in reversed(screen.find_violations(text, self._violations))
        }
        marks = self._marks("violations", set(hits))
        chances = self._readers["violations"].chances(spelled.text, answers, marks)
        # What the compliance officer wrote down as certain holds, however the other voices weigh it.
        certain = (
            {hit.id for hit in screen.find_violations(text, self._violations, certain=True)} if hits else ()
        )
        held = {
            label: max(chance, least) if label in certain else chance
            for label, chance in chances.items()
            if chance >= least or label in certain
        }
        rule_of = {violation.id: violation.rule for violation, _ in self._violations}
        detectors = self._readers["violations"].detectors
        found = []
        for label, chance in held.items():
            # A pattern knows its words to the letter; without one the heaviest stretch is quoted.
            start, end = hits.get(label) or best_span(text, detectors.weights(spelled, len(text), label))
            found.append(
                {
                    "id": label,
                    "rule": rule_of[label],
                    "probability": round(chance, 4),
                    "span": [start, end],
                    "start": start,
                    "end": end,
                }
            )
        return sorted(found, key=lambda one: (one["start"], one["end"]))


def _files(config: dict[str, Any]) -> tuple[Path, Path]:
    given = {**SpeechReader.get_default_config(), **config}
    return resolve(given["violations"]), resolve(given["techniques"])
