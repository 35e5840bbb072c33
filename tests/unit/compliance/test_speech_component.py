"""The Rasa component: both lists reach the parse result, as contract 3 says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.compliance.rules import RulesError
from bot.nlu.speech import SpeechReader


def _read(text: str) -> dict[str, object]:
    message = Message({"text": text})
    SpeechReader({}).process([message])
    return message.as_dict(only_output_properties=True)


def test_violations_have_span_and_rule() -> None:
    text = "您放心，我保证您回本。"
    output = _read(text)
    assert json.loads(json.dumps(output))["violations"] == output["violations"]
    (found,) = output["violations"]  # type: ignore[misc]
    assert found["id"] == "guaranteed_return" and "135" in found["rule"]
    assert found["span"] == [found["start"], found["end"]]
    assert text[found["start"] : found["end"]] == "保证您回本"


def test_techniques_are_a_list_of_ids() -> None:
    output = _read("这件事我向您道歉。")
    assert output["techniques"] == ["apology"] and output["violations"] == []


def test_a_message_without_text_stays_as_it_is() -> None:
    message = Message({"intent": "greet"})
    assert SpeechReader({}).process([message])[0].data == {"intent": "greet"}


def test_the_fingerprint_follows_the_files(tmp_path: Path) -> None:
    file = tmp_path / "violations.yml"
    file.write_text("a", encoding="utf-8")
    config = {"violations": str(file)}
    before = SpeechReader.fingerprint_addon(config)
    file.write_text("b", encoding="utf-8")
    assert before != SpeechReader.fingerprint_addon(config)


def test_a_broken_file_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "violations.yml"
    file.write_text("[]", encoding="utf-8")
    with pytest.raises(RulesError):
        SpeechReader({"violations": str(file)})
