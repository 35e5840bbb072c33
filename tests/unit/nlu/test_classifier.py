"""The classifier: trained on a few sentences, stored, loaded, and applied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import ReasonClassifier
from bot.nlu.reading import readable

DOMAIN = Domain.load(Path(__file__).parents[3] / "domain.yml")
CONTEXT = ExecutionContext(GraphSchema({}))
SENTENCES = {
    "reason_commission_competition": [
        "别家佣金便宜", "对方给万1的佣金", "人家佣金比你们低", "别的券商费率低", "华泰给我万1.5佣金", "那边佣金低一半",
        "同事在别家佣金才万1", "有家券商给的佣金低",
    ],
    "reason_heavy_loss": [
        "亏太多了不想做", "亏了七成", "跌得血本无归", "亏损太大心灰意冷", "今年亏了一半", "亏怕了", "套牢亏惨了", "账户亏损严重",
    ],
    "reason_relocation": [
        "我要搬家了", "搬到市北去住", "调到外地工作", "搬家离这远", "要去上海定居", "家搬走了不方便", "工作调动去北京", "住得太远了",
    ],
    "next_step": [
        "下一步", "接着说", "继续", "往下走", "下一条", "接下来呢", "继续讲", "然后呢",
    ],
    "client_is_angry": [
        "她生气了", "客户发火了", "他拍桌子了", "他骂人了", "客户很生气", "他火气很大", "她气坏了", "客户吼起来了",
    ],
}  # fmt: skip
TWO = [
    "别家佣金便宜，再说也亏太多了", "亏了七成，人家佣金还低", "佣金低的多的是，我又亏损太大",
    "亏惨了，那边佣金低一半", "亏怕了，别的券商费率低", "对方给万1的佣金，我这还亏了一半",
]  # fmt: skip


def example(text: str, intent: str, secondary: str | None = None) -> Message:
    data: dict[str, Any] = {"text": text, "intent": intent}
    if secondary:
        data["metadata"] = {"example": {"secondary": secondary}}
    return Message(data)


def examples(*intents: str) -> list[Message]:
    return [example(text, intent) for intent in intents or SENTENCES for text in SENTENCES[intent]]


def trained(folder: Path, data: list[Message], config: dict[str, Any] | None = None) -> ReasonClassifier:
    """Trained in one component, loaded into another."""
    folder.mkdir(exist_ok=True)
    storage, resource = LocalModelStorage.create(folder), Resource("classifier")
    fresh = ReasonClassifier.create(config or {}, storage, resource, CONTEXT)
    assert fresh.train(TrainingData(data)) == resource
    return ReasonClassifier.load(config or {}, storage, resource, CONTEXT)


def parse(classifier: ReasonClassifier, text: str) -> dict[str, Any]:
    message = Message({"text": text})
    classifier.process([message])
    found: dict[str, Any] = message.as_dict(only_output_properties=True)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("classifier")


@pytest.fixture(scope="module")
def classifier(folder: Path) -> ReasonClassifier:
    both = [example(text, "reason_commission_competition", "heavy_loss") for text in TWO]
    return trained(folder, examples() + both)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("别家佣金便宜多了", "reason_commission_competition"),
        ("亏了七成不做了", "reason_heavy_loss"),
        ("我要搬家到北京", "reason_relocation"),
        ("继续 下一步", "next_step"),
        ("客户生气了", "client_is_angry"),
    ],
)
def test_it_tells_the_intents_apart(classifier: ReasonClassifier, text: str, intent: str) -> None:
    found = parse(classifier, text)
    assert found["intent"]["name"] == intent
    assert found["intent"] == found["intent_ranking"][0]
    reasons = [reason["id"] for reason in found["reasons"]]
    assert reasons[:1] == ([intent.removeprefix("reason_")] if intent.startswith("reason_") else [])
    json.dumps(found)


def test_the_ranking_is_sorted_and_adds_up(classifier: ReasonClassifier) -> None:
    ranking = parse(classifier, "亏了七成")["intent_ranking"]
    shown = [row["confidence"] for row in ranking]
    assert shown == sorted(shown, reverse=True)
    assert sum(shown) == pytest.approx(1)
    assert {row["name"] for row in ranking} == set(SENTENCES)
    assert all(set(row) == {"name", "confidence"} for row in ranking)


def test_a_short_ranking_still_holds_three_reasons(tmp_path: Path) -> None:
    short = trained(tmp_path / "short", examples(), {"ranking_length": 1})
    names = [row["name"] for row in parse(short, "下一步")["intent_ranking"]]
    assert names[0] == "next_step"
    assert sum(name.startswith("reason_") for name in names) == 3
    assert len(names) == 4


def test_two_reasons_are_both_found_each_with_its_words(classifier: ReasonClassifier) -> None:
    text = "亏了七成，那边佣金低一半"
    reasons = {reason["id"]: reason for reason in parse(classifier, text)["reasons"]}
    assert reasons.keys() == {"heavy_loss", "commission_competition"}
    shown = {name: text[slice(*reason["evidence"])] for name, reason in reasons.items()}
    assert shown == {"heavy_loss": "亏了七成", "commission_competition": "那边佣金低一半"}


def test_a_clause_of_its_own_states_a_second_reason(tmp_path: Path) -> None:
    by_itself = {"second": 1.1, "second_at_all": 0.0, "second_in_clause": 0.6}
    reader = trained(tmp_path / "clauses", examples(), by_itself)
    text = "亏了七成，真是亏怕了，又要搬家离这远"
    first, second = parse(reader, text)["reasons"]
    assert (first["id"], second["id"]) == ("heavy_loss", "relocation")
    assert text[slice(*second["evidence"])] == "又要搬家离这远"
    assert second["probability"] <= first["probability"]
    assert len(parse(reader, "亏了七成，真是亏怕了")["reasons"]) == 1
    never = trained(tmp_path / "never", examples(), {**by_itself, "second_in_clause": 1.1})
    assert len(parse(never, text)["reasons"]) == 1


@pytest.mark.parametrize(
    "text", ["亏 了 七 成，想 走", "KH说那边YJ低一半", "ＹＪ太高　别家拥金便宜", "斤女士 尾号3021 亏了七成"]
)
def test_evidence_slices_the_text_as_typed(classifier: ReasonClassifier, text: str) -> None:
    for reason in parse(classifier, text)["reasons"]:
        start, end = reason["evidence"]
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip()
        assert 0 <= reason["probability"] <= 1


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_sound_answer(any_classifier: ReasonClassifier, text: str) -> None:
    found = parse(any_classifier, text)
    probabilities = [reason["probability"] for reason in found["reasons"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert len({reason["id"] for reason in found["reasons"]}) == len(probabilities) <= 2
    for reason in found["reasons"]:
        start, end = reason["evidence"]
        assert 0 <= start < end <= len(text)


@pytest.fixture(scope="module")
def any_classifier(classifier: ReasonClassifier) -> ReasonClassifier:
    return classifier


def test_loading_gives_the_same_answers(folder: Path, classifier: ReasonClassifier) -> None:
    again = ReasonClassifier.load({}, LocalModelStorage(folder), Resource("classifier"), CONTEXT)
    for text in ("亏了七成", "下一步", "这个那个"):
        assert parse(again, text) == parse(classifier, text)


def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    one, two = (trained(tmp_path / name, examples()) for name in ("one", "two"))
    assert parse(one, "亏了七成") == parse(two, "亏了七成")


def test_the_stored_arrays_hold_no_pickle(folder: Path, classifier: ReasonClassifier) -> None:
    stored = list(folder.rglob("*.npz"))
    assert [path.name for path in stored] == ["classifier.npz"]
    with np.load(stored[0], allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["classifier.npz"]


def test_a_file_with_a_pickle_is_refused(tmp_path: Path) -> None:
    trained(tmp_path / "model", examples())
    (stored,) = (tmp_path / "model").rglob("*.npz")
    with np.load(stored) as arrays:
        contents = {name: arrays[name] for name in arrays.files}
    np.savez(stored, **{**contents, "labels": np.array([{"evil": 1}], dtype=object)})
    with pytest.raises(ValueError, match="pickle"):
        ReasonClassifier.load({}, LocalModelStorage(tmp_path / "model"), Resource("classifier"), CONTEXT)


def test_two_intents_are_enough(tmp_path: Path) -> None:
    loaded = trained(tmp_path / "two", examples("next_step", "client_is_angry"))
    found = parse(loaded, "接着说")
    assert found["intent"]["name"] == "next_step"
    assert len(found["intent_ranking"]) == 2
    assert found["reasons"] == []
    assert parse(loaded, "客户发火了")["intent"]["name"] == "client_is_angry"


@pytest.mark.parametrize("data", [[], ["next_step"]])
def test_fewer_than_two_intents_raise(tmp_path: Path, data: list[str]) -> None:
    with pytest.raises(ValueError, match="two intents"):
        trained(tmp_path / "one", examples(*data) if data else [])


def test_a_single_reason_can_be_stated(tmp_path: Path) -> None:
    loaded = trained(tmp_path / "single", examples("reason_heavy_loss", "next_step"))
    assert [reason["id"] for reason in parse(loaded, "亏了七成")["reasons"]] == ["heavy_loss"]


def test_one_example_an_intent_can_be_learnt(tmp_path: Path) -> None:
    data = [example(texts[0], intent) for intent, texts in SENTENCES.items()]
    assert parse(trained(tmp_path / "few", data), "下一步")["intent"]["name"] == "next_step"


def test_a_second_reason_named_only_once_can_be_learnt(tmp_path: Path) -> None:
    data = [
        *examples("reason_heavy_loss", "next_step"),
        example("亏了，还给别家送米面", "reason_heavy_loss", "small_gifts"),
    ]
    assert parse(trained(tmp_path / "rare", data), "下一步")["intent"]["name"] == "next_step"


def test_examples_without_text_or_intent_are_passed_over(tmp_path: Path) -> None:
    odd = [
        Message({"text": "无意图"}),
        Message({"intent": "next_step"}),
        Message({"text": "", "intent": "next_step"}),
    ]
    assert parse(trained(tmp_path / "odd", examples() + odd), "下一步")["intent"]["name"] == "next_step"


@pytest.mark.parametrize("text", ["", None])
def test_a_message_without_text_is_left_alone(classifier: ReasonClassifier, text: str | None) -> None:
    message = Message({"text": text})
    classifier.process([message])
    assert message.get("intent") is None
    assert message.get("reasons") is None


@pytest.mark.parametrize("payload", ["/next_step", '/record_outcome{"outcome": "kept"}'])
def test_a_button_s_payload_reads_as_rasa_reads_it(classifier: ReasonClassifier, payload: str) -> None:
    """Rasa puts its own reading of a payload on the message after the pipeline; it must win."""
    message = Message({"text": payload})
    classifier.process([message])
    unpacked = YAMLStoryReader.unpack_regex_message(message, domain=DOMAIN)
    assert unpacked.get("intent")["name"] == payload[1:].partition("{")[0]
    assert unpacked.get("intent")["confidence"] == 1.0


def test_the_name_of_the_client_is_not_read() -> None:
    assert readable("斤女士 尾号3021 亏了七成").text == readable("王先生 尾号0517 亏了七成").text
    assert readable("20030418").text == readable("20040517").text == "※"
    assert "0.0%" in readable("给我0.2%").text


def test_the_cache_key_is_of_the_code_and_the_table() -> None:
    key = ReasonClassifier.fingerprint_addon({})
    assert key == ReasonClassifier.fingerprint_addon({"strength": 2})
    assert key
