"""Entities for Rasa: figures, names, dates by rule, amounts' roles learnt, brokers and products by EntityRuler."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.brokers import BROKERS_FILE, read_brokers
from bot.nlu.figure import Figure
from bot.nlu.figures import find_figures
from bot.nlu.role_model import KnownRole, RoleModel, known_roles
from bot.nlu.segment import DICTIONARY_FILE, digest, parse_dictionary, resolve

if TYPE_CHECKING:
    from spacy.tokens import Span

_DICTIONARY, _BROKERS, _ROLES = "dictionary.txt", "brokers.yml", "roles.npz"
FIGURE_SOURCES = (
    "entities", "segment", "text", "numerals", "coefficients", "figure", "figures", "opaque",
    "rates", "ratios", "floors", "roles", "amounts", "brokers", "people", "dates",
)  # fmt: skip


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class FigureExtractor(GraphComponent, EntityExtractorMixin):
    """Adds figures, brokers, products, clients' names and dates as entities.

    Values are normalised and ready for JSON: figures as float, names as text, dates as ISO text. What stands
    where is read by rules and tables (names and products by tables stored with the model); what
    an amount is about is learnt from examples whose metadata names their figures.
    """

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Chinese only."""
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the tables are, from the project's root; `dimensions` limits the entities (None: all)."""
        return {
            "dictionary": "data/nlu/dictionary.txt",
            "brokers": "data/playbook/brokers.yml",
            "dimensions": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Tables and the rules' source are part of the cache key: changing one retrains the model."""
        here = Path(__file__).parent
        return digest([*_tables(config), *(here / f"{name}.py" for name in (*FIGURE_SOURCES, "role_model"))])

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        dictionary: Path,
        brokers: Path,
    ) -> None:
        """Build the ruler at once, so that the first message does not wait for it."""
        self._config = {**self.get_default_config(), **config}
        self._storage = model_storage
        self._resource = resource
        self._texts = {
            _DICTIONARY: dictionary.read_text(encoding="utf-8"),
            _BROKERS: brokers.read_text(encoding="utf-8"),
        }
        self._brokers = read_brokers(brokers)
        self._roles = RoleModel()
        aliases = [(alias, name) for alias, name, kind in self._brokers.aliases() if kind == "full"]
        entries = parse_dictionary(self._texts[_DICTIONARY])
        # Names are looked for character by character: words that a segmenter makes may cut through them (两融利率).
        self._nlp = spacy.blank("zh")
        ruler = self._nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(  # type: ignore[attr-defined]
            [{"label": "broker", "pattern": alias, "id": name} for alias, name in aliases]
            + [{"label": "product", "pattern": e.word, "id": e.word} for e in entries if e.tag == "product"]
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FigureExtractor:
        """A fresh component with the tables of the project."""
        dictionary, brokers = _tables(config)
        return cls(config, model_storage, resource, dictionary, brokers)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the roles of amounts, and keep both tables with the model."""
        rows: list[KnownRole] = []
        for example in training_data.training_examples:
            extra = (example.get("metadata") or {}).get("example") or {}
            if "figures" in extra:
                text = str(example.get(TEXT))
                figures = find_figures(text, brokers=self._brokers, doubtful=True)
                rows += known_roles(text, figures, extra["figures"])
        self._roles.fit(rows)
        with self._storage.write_to(self._resource) as folder:
            for name, text in self._texts.items():
                (folder / name).write_text(text, encoding="utf-8")
            np.savez(folder / _ROLES, **self._roles.arrays())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FigureExtractor:
        """The component with the tables and roles it was trained with; only plain arrays are read."""
        with model_storage.read_from(resource) as folder, np.load(folder / _ROLES) as stored:
            component = cls(config, model_storage, resource, folder / _DICTIONARY, folder / _BROKERS)
            component._roles.restore(stored)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to those of earlier extractors."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = self.filter_irrelevant_entities(self.extract(text), self._config["dimensions"])
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def extract(self, text: str) -> list[dict[str, Any]]:
        """The entities of one text, in order; rules go before the ruler where both speak."""
        figures = self._roles.settle(text, find_figures(text, brokers=self._brokers, doubtful=True))
        entities = [_from_figure(figure) for figure in figures]
        taken = [(entity["start"], entity["end"]) for entity in entities]
        for span in self._nlp(text).ents:
            if all(span.end_char <= start or end <= span.start_char for start, end in taken):
                entities.append(_from_span(span))
        entities.sort(key=lambda entity: int(entity["start"]))
        named: list[dict[str, Any]] = self.add_extractor_name(entities)
        return named


def _tables(config: dict[str, Any]) -> tuple[Path, Path]:
    return resolve(config.get("dictionary") or DICTIONARY_FILE), resolve(
        config.get("brokers") or BROKERS_FILE
    )


def _from_figure(figure: Figure) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "entity": figure.entity,
        "start": figure.start,
        "end": figure.end,
        "text": figure.text,
        "value": float(figure.value) if isinstance(figure.value, Decimal) else figure.value,
        "confidence_entity": figure.confidence,
    }
    if figure.role is not None:
        entity["role"] = figure.role
    if figure.attributes:
        entity["attributes"] = dict(figure.attributes)
    return entity


def _from_span(span: Span) -> dict[str, Any]:
    return {
        "entity": span.label_,
        "start": span.start_char,
        "end": span.end_char,
        "text": span.text,
        "value": span.ent_id_ or span.text,
        "confidence_entity": 0.95,
    }
