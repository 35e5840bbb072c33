"""Chinese tokens for Rasa: jieba through spaCy, with the domain dictionary and true offsets.

Rasa's own JiebaTokenizer keeps blank tokens and breaks on mixed text (RasaHQ/rasa #7910).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.segment import DICTIONARY_FILE, Entry, digest, parse_dictionary, pipeline, resolve

_STORED = "dictionary.txt"
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0f")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class ChineseTokenizer(Tokenizer):
    """Splits Chinese, Latin and mixed text into words; never a blank one among others.

    The dictionary travels inside the model: a served model does not depend on the file any more.
    """

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Chinese only."""
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["jieba", "spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The dictionary's path (from the project's root) and what Rasa's base class wants."""
        return {
            "dictionary": "data/nlu/dictionary.txt",
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The dictionary and the segmenter's source are part of the cache key."""
        path = resolve(config.get("dictionary") or DICTIONARY_FILE)
        return digest([path, Path(__file__), Path(__file__).with_name("segment.py")])

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, dictionary: str
    ) -> None:
        """Build the segmenter at once, so that the first message does not wait for it."""
        super().__init__({**self.get_default_config(), **config})
        self._storage = model_storage
        self._resource = resource
        self._dictionary = dictionary
        entries: tuple[Entry, ...] = parse_dictionary(dictionary)
        self._nlp = pipeline(entries)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChineseTokenizer:
        """A fresh component with the dictionary of the project."""
        path = resolve(config.get("dictionary") or DICTIONARY_FILE)
        return cls(config, model_storage, resource, path.read_text(encoding="utf-8"))

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing to learn: keep the dictionary with the model."""
        with self._storage.write_to(self._resource) as folder:
            (folder / _STORED).write_text(self._dictionary, encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ChineseTokenizer:
        """The component with the dictionary it was trained with."""
        with model_storage.read_from(resource) as folder:
            text = (folder / _STORED).read_text(encoding="utf-8")
        return cls(config, model_storage, resource, text)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Words with their offsets in the text as it stands."""
        text: str = message.get(attribute)
        tokens = [Token(token.text, token.idx) for token in self._nlp(text) if not _is_blank(token.text)]
        # Featurizers cannot take a text without a token: a blank message is one token, as with Rasa's own.
        return self._apply_token_pattern(tokens or [Token(text, 0)])


def _is_blank(word: str) -> bool:
    return all(char.isspace() or char in _INVISIBLE for char in word)
