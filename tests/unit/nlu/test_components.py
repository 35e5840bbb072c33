"""The two Rasa components: trained, stored, loaded, and applied to a message."""

import json
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entities import FigureExtractor
from bot.nlu.segment import DICTIONARY_FILE, parse_dictionary
from bot.nlu.tokenizer import ChineseTokenizer

CONTEXT = ExecutionContext(GraphSchema({}))


def reloaded(component: Any, folder: Path, config: dict[str, Any] | None = None) -> Any:
    storage, resource = LocalModelStorage.create(folder), Resource("part")
    fresh = component.create(config or {}, storage, resource, CONTEXT)
    fresh.train(TrainingData([]))
    return component.load(config or {}, storage, resource, CONTEXT)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return reloaded(ChineseTokenizer, tmp_path_factory.mktemp("tokenizer"))


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return reloaded(FigureExtractor, tmp_path_factory.mktemp("extractor"))


def tokens(tokenizer: Any, text: str) -> list[Any]:
    message = Message({"text": text})
    tokenizer.process([message])
    found: list[Any] = message.get("text_tokens")
    return found


@pytest.mark.parametrize(
    "text",
    [
        "我要 撤销指定交易，GTJA万2.5😀 两融  可转债\u3000君弘APP\n万一免五🙂‍↔️转托管",
        "OK 好的",
        " 头尾空格 ",
        "ETF和REITs",
    ],
)
def test_offsets_fit_and_no_token_is_blank(tokenizer: Any, text: str) -> None:
    found = tokens(tokenizer, text)
    assert all(text[t.start : t.end] == t.text and t.text.strip() for t in found)
    assert [t.start for t in found] == sorted(t.start for t in found)
    covered = {i for t in found for i in range(t.start, t.end)}
    assert all(c.isspace() or not c.isalnum() or i in covered for i, c in enumerate(text))


@pytest.mark.parametrize(
    "term", ["转托管", "撤销指定交易", "万一免五", "两融", "可转债", "君弘", "佣金宝", "银证转账"]
)
def test_terms_of_the_trade_stay_whole(tokenizer: Any, term: str) -> None:
    assert term in [t.text for t in tokens(tokenizer, f"我想问{term}的事")]


def test_a_blank_message_is_one_token(tokenizer: Any) -> None:
    assert [t.text for t in tokens(tokenizer, "   ")] == ["   "]


def test_training_data_is_tokenized_too(tokenizer: Any) -> None:
    example = Message({"text": "佣金太高", "intent": "reason_commission_cut_demand"})
    tokenizer.process_training_data(TrainingData([example]))
    assert [t.text for t in example.get("text_tokens")] == ["佣金", "太高"]
    assert [t.text for t in example.get("intent_tokens")] == ["reason_commission_cut_demand"]


def test_the_dictionary_travels_with_the_model(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    (tmp_path / "model").mkdir()
    own.write_text("# 注释\n斤斤计较法 20000 talk\n", encoding="utf-8")
    loaded = reloaded(ChineseTokenizer, tmp_path / "model", {"dictionary": str(own)})
    own.unlink()
    assert "斤斤计较法" in [t.text for t in tokens(loaded, "用斤斤计较法算账")]


@pytest.mark.parametrize("component", [ChineseTokenizer, FigureExtractor])
def test_the_cache_key_follows_the_dictionary(component: Any, tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    config = {"dictionary": str(own)}
    own.write_text("转托管 20000 act\n", encoding="utf-8")
    before = component.fingerprint_addon(config)
    assert component.fingerprint_addon(config) == before
    own.write_text("转托管 20000 act\n两融 20000 product\n", encoding="utf-8")
    assert component.fingerprint_addon(config) != before


def test_the_cache_key_follows_the_brokers(tmp_path: Path) -> None:
    own = tmp_path / "brokers.yml"
    own.write_text("brokers: []\n", encoding="utf-8")
    before = FigureExtractor.fingerprint_addon({"brokers": str(own)})
    own.write_text("own_house: []\nbrokers: []\n", encoding="utf-8")
    assert FigureExtractor.fingerprint_addon({"brokers": str(own)}) != before


def test_entities_are_ready_for_json(extractor: Any) -> None:
    text = "华泰证券给我万一免五,我有两融和可转债,账上20万"
    message = Message(
        {"text": text, "entities": [{"entity": "earlier", "start": 0, "end": 1, "value": "华"}]}
    )
    extractor.process([message])
    entities = message.get("entities")
    json.dumps(entities)
    assert entities[0]["entity"] == "earlier"
    assert [(e["entity"], e["text"], e["value"], e.get("role")) for e in entities[1:]] == [
        ("broker", "华泰证券", "华泰", None),
        ("commission_rate", "万一", 0.0001, None),
        ("min_fee", "免五", 0.0, None),
        ("product", "两融", "两融", None),
        ("product", "可转债", "可转债", None),
        ("amount", "20万", 200_000.0, "assets"),
    ]
    assert all(
        text[e["start"] : e["end"]] == e["text"] and e["extractor"] == "FigureExtractor" for e in entities[1:]
    )


def test_dimensions_limit_the_entities(tmp_path: Path) -> None:
    loaded = reloaded(FigureExtractor, tmp_path, {"dimensions": ["min_fee"]})
    message = Message({"text": "国信给我万一免五"})
    loaded.process([message])
    assert [e["entity"] for e in message.get("entities")] == ["min_fee"]


def test_a_message_without_text_is_left_alone(extractor: Any) -> None:
    message = Message({"intent": "next"})
    extractor.process([message])
    assert message.get("entities") is None


def test_the_dictionary_is_sound() -> None:
    words = [entry.word for entry in parse_dictionary(DICTIONARY_FILE.read_text(encoding="utf-8"))]
    assert len(words) == len(set(words)) >= 300


def test_a_broken_line_is_named() -> None:
    with pytest.raises(ValueError, match="第 2 行"):
        parse_dictionary("两融 20000 product\n转托管\n")
