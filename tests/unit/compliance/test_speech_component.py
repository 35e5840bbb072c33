"""The Rasa component: trained, stored, loaded; both lists reach the parse result, as contract 3 says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.compliance.rules import RulesError
from bot.compliance.screen import find_violations
from bot.nlu.speech import SpeechReader

CONTEXT = ExecutionContext(GraphSchema({}))
APOLOGIES = ["是我们怠慢您了", "这事怨我们没盯住", "让您白跑了，是我们没安排好", "怨我们，没早点告诉您"]
PROMISES = [
    "跟我做半年，房子首付就有了",
    "到年底您就等着换车吧",
    "拿着别动，过完年就换大房子",
    "钱放我这儿，年底换车",
]
PLAIN = ["身份证带了吗", "您稍坐一会儿", "这张表签个字", "柜台在左手边", "您喝水", "几点方便接电话"]


def fresh(config: dict[str, Any] | None = None, folder: Path | None = None) -> SpeechReader:
    storage = LocalModelStorage.create(folder) if folder else LocalModelStorage(Path("unused"))
    return SpeechReader.create(config or {}, storage, Resource("speech"), CONTEXT)


def said(text: str, techniques: list[str] = [], violations: list[str] = []) -> Message:  # noqa: B006
    labels = {"techniques": techniques, "violations": violations}
    return Message({"text": text, "intent": "advisor_speech", "metadata": {"example": labels}})


def read(reader: SpeechReader, text: str) -> dict[str, Any]:
    message = Message({"text": text})
    reader.process([message])
    found: dict[str, Any] = message.as_dict(only_output_properties=True)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("speech")


@pytest.fixture(scope="module")
def taught(folder: Path) -> SpeechReader:
    """Trained in one component, loaded into another."""
    rows = [said(text, ["apology"]) for text in APOLOGIES]
    rows += [said(text, [], ["guaranteed_return"]) for text in PROMISES]
    rows += [said(text) for text in PLAIN]
    rows.append(Message({"text": "别家便宜", "intent": "reason_commission_competition"}))
    storage, resource = LocalModelStorage.create(folder), Resource("speech")
    SpeechReader.create({}, storage, resource, CONTEXT).train(TrainingData(rows * 3))
    return SpeechReader.load({}, storage, resource, CONTEXT)


def test_violations_have_span_and_rule() -> None:
    text = "您放心，我保证您回本。"
    output = read(fresh(), text)
    assert json.loads(json.dumps(output))["violations"] == output["violations"]
    (found,) = output["violations"]
    assert found["id"] == "guaranteed_return" and "135" in found["rule"]
    assert found["span"] == [found["start"], found["end"]]
    assert text[found["start"] : found["end"]] == "保证您回本"


def test_techniques_are_a_list_of_ids() -> None:
    output = read(fresh(), "这件事我向您道歉。")
    assert output["techniques"] == ["apology"] and output["violations"] == []


def test_what_no_pattern_knows_is_learnt(taught: SpeechReader) -> None:
    assert read(fresh(), "这回怨我们没盯住")["techniques"] == []
    assert read(taught, "这回怨我们没盯住")["techniques"] == ["apology"]
    text = "您听我的，年底就等着换车"
    assert read(fresh(), text)["violations"] == []
    (found,) = read(taught, text)["violations"]
    assert found["id"] == "guaranteed_return" and 0.5 <= found["probability"] <= 1
    assert "换车" in text[found["start"] : found["end"]]


def test_ordinary_words_are_neither(taught: SpeechReader) -> None:
    for text in PLAIN:
        found = read(taught, text)
        assert (found["techniques"], found["violations"]) == ([], [])


def test_a_rule_of_the_officer_s_holds_whatever_was_learnt(taught: SpeechReader) -> None:
    assert [one["id"] for one in read(taught, "把密码给我")["violations"]] == ["trade_for_client"]


def test_a_hint_proves_nothing_by_itself(taught: SpeechReader) -> None:
    text = "您介绍老同学来我们欢迎，介绍费是没有的"
    assert [found.id for found in find_violations(text)] == ["unauthorized_discount"]
    assert not find_violations(text, certain=True)
    assert read(taught, text)["violations"] == []


def test_loading_gives_the_same_answers(folder: Path, taught: SpeechReader) -> None:
    again = SpeechReader.load({}, LocalModelStorage(folder), Resource("speech"), CONTEXT)
    for text in (*APOLOGIES, *PROMISES, "亏了算我的"):
        assert read(again, text) == read(taught, text)


def test_the_stored_arrays_hold_no_pickle(folder: Path, taught: SpeechReader) -> None:
    stored = sorted(folder.rglob("*.npz"))
    assert [path.name for path in stored] == ["speech_techniques.npz", "speech_violations.npz"]
    for path in stored:
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype != object for name in arrays.files)


def test_without_advisors_sentences_the_patterns_alone_speak(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage.create(tmp_path), Resource("speech")
    rows = [Message({"text": "别家便宜", "intent": "reason_commission_competition"})]
    SpeechReader.create({}, storage, resource, CONTEXT).train(TrainingData(rows))
    loaded = SpeechReader.load({}, storage, resource, CONTEXT)
    assert read(loaded, "这件事我向您道歉。")["techniques"] == ["apology"]


@pytest.mark.parametrize("data", [{"intent": "greet"}, {"intent": "greet", "text": ""}])
def test_a_message_without_text_stays_as_it_is(data: dict[str, str]) -> None:
    assert fresh().process([Message(dict(data))])[0].data == data


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
        fresh({"violations": str(file)})
