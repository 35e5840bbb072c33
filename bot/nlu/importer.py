"""Reads `data/nlu/` for Rasa with libyaml: Rasa's own reader takes minutes for twenty thousand texts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.teaching import rows_of

#: Entities in the text, escapes, environment variables: what only Rasa's reader knows how to take apart.
_MARK = re.compile(r"\]\s*[(\[{]|\\|\$\{")
_VERSION = "3.1"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Refuses what Rasa's reader refuses: a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(found) != len(node.value):
            raise yaml.constructor.ConstructorError("a key stands twice", node.start_mark)
        return found


class PlainTextImporter(RasaFileImporter):
    """Rasa's own importer, with a quick way for files that hold intents and plain texts.

    Everything else (synonyms, lookup tables, marked entities, files that are not well formed) goes to Rasa's
    reader, which then also says what is wrong.
    """

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The texts of all files, in the files' order."""
        quick: list[Message] = []
        rest: list[str] = []
        for file in self._nlu_files:
            messages = plain_messages(Path(file))
            if messages is None:
                rest.append(file)
            else:
                quick += messages
        found = TrainingData(quick)
        # Merging copies every text: not for nothing.
        return found.merge(training_data_from_paths(rest, language or "en")) if rest else found


def plain_messages(path: Path) -> list[Message] | None:
    """The texts of one file as Rasa's reader would give them; None if it holds more than plain texts."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    if not isinstance(data, dict) or set(data) != {"version", "nlu"} or not isinstance(data["nlu"], list):
        return None
    if data["version"] != _VERSION:
        return None
    found: list[Message] = []
    for block in data["nlu"]:
        if not isinstance(block, dict) or set(block) != {"intent", "examples"}:
            return None
        intent, rows = block["intent"], rows_of(block["examples"])
        if not rows or not isinstance(intent, str):
            return None
        if any(not text or _MARK.search(text) or not _only_text(extra) for text, extra in rows):
            return None
        found += [Message.build(text, intent, None, None, extra) for text, extra in rows]
    return found


def _only_text(extra: Any) -> bool:
    """Whether metadata hold nothing that the two readers of YAML might read as different numbers or truths."""
    if isinstance(extra, dict):
        return all(map(_only_text, extra.values()))
    return all(map(_only_text, extra)) if isinstance(extra, list) else extra is None or isinstance(extra, str)
