"""Reads a text as an advisor's speech for Rasa: techniques shown, and violations with span and rule (contract 3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.compliance import rules, screen
from bot.compliance.techniques import find_techniques
from bot.nlu.brokers import BROKERS_FILE
from bot.nlu.segment import digest, resolve

_COMPLIANCE = Path(rules.__file__).parent
_SOURCES = (
    Path(__file__),
    *(_COMPLIANCE / f"{name}.py" for name in ("rules", "screen", "shorthand", "techniques")),
    *(Path(__file__).with_name(f"{name}.py") for name in ("brokers", "text")),
    BROKERS_FILE,
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SpeechReader(GraphComponent):
    """Adds `techniques` and `violations` to every message; nothing is learnt.

    The rules are read when the model is loaded, from the project's files: what the compliance officer changes
    holds from the next start, with or without training.
    """

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Chinese only."""
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the rules are, from the project's root."""
        return {
            "violations": "data/playbook/violations.yml",
            "techniques": "data/playbook/techniques.yml",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Both files and the code that reads them are part of the cache key."""
        return digest([*_files(config), *_SOURCES])

    def __init__(self, config: dict[str, Any]) -> None:
        """Read the rules at once: a broken file stops the start, not a conversation."""
        violations, techniques = _files(config)
        self._violations = rules.load_violations(violations)
        self._techniques = rules.load_techniques(techniques)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpeechReader:
        """A component with the rules of the project."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set both lists on every message that has a text."""
        for message in messages:
            text = message.get(TEXT)
            if not isinstance(text, str):
                continue
            message.set("techniques", find_techniques(text, self._techniques), add_to_output=True)
            message.set("violations", self.violations(text), add_to_output=True)
        return messages

    def violations(self, text: str) -> list[dict[str, Any]]:
        """Violations of one text, ready for JSON."""
        return [
            {
                "id": found.id,
                "rule": found.rule,
                "span": [found.start, found.end],
                "start": found.start,
                "end": found.end,
            }
            for found in screen.find_violations(text, self._violations)
        ]


def _files(config: dict[str, Any]) -> tuple[Path, Path]:
    given = {**SpeechReader.get_default_config(), **config}
    return resolve(given["violations"]), resolve(given["techniques"])
