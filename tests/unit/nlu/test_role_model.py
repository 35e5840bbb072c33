"""What an amount is about, learnt from a handful of texts; trained, stored and loaded inside its component."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.amounts import NO_SUM
from bot.nlu.entities import FigureExtractor
from bot.nlu.figures import find_figures
from bot.nlu.role_model import RoleModel, known_roles

SUMS = (120, 230, 340, 450, 560, 670, 780, 890, 910, 135, 246, 357)


def examples() -> list[tuple[str, list[dict[str, Any]]]]:
    found = []
    for one in SUMS:
        found += [
            (
                f"年量{one}万 佣{one + 7}",
                [
                    {"entity": "amount", "words": f"{one}万", "value": one * 10_000, "role": "volume_year"},
                    {"entity": "amount", "words": f"佣{one + 7}"[1:], "value": one + 7, "role": "fee"},
                ],
            ),
            (f"工号{one}的柜员", []),
        ]
    return found


def rows() -> list[Any]:
    return [
        row
        for text, named in examples()
        for row in known_roles(text, find_figures(text, doubtful=True), named)
    ]


def settled(model: RoleModel, text: str) -> list[tuple[str | None, int]]:
    figures = model.settle(text, find_figures(text, doubtful=True))
    return [(figure.role, int(figure.value)) for figure in figures if figure.entity == "amount"]


@pytest.fixture(scope="module")
def model() -> RoleModel:
    model = RoleModel()
    model.fit(rows())
    return model


def test_what_no_word_makes_money_is_doubtful_and_by_default_left_out() -> None:
    assert [f.role for f in find_figures("年量800万 佣900", doubtful=True)] == ["volume_year", NO_SUM]
    assert [f.role for f in find_figures("年量800万 佣900")] == ["volume_year"]


def test_every_amount_of_an_example_gets_its_role_or_none() -> None:
    assert {row[3] for row in rows()} == {"volume_year", "fee", NO_SUM}


def test_bare_numbers_are_read_as_the_examples_have_it(model: RoleModel) -> None:
    assert settled(model, "年量650万 佣820") == [("volume_year", 6_500_000), ("fee", 820)]
    assert settled(model, "工号648的柜员") == []


def test_untrained_it_keeps_the_rules_answer_and_drops_the_doubtful() -> None:
    assert settled(RoleModel(), "年量650万 佣820") == [("volume_year", 6_500_000)]


def test_one_role_alone_teaches_nothing() -> None:
    model = RoleModel()
    model.fit([row for row in rows() if row[3] == "fee"])
    assert model.arrays() == {}


def test_it_travels_with_the_model(tmp_path: Path, model: RoleModel) -> None:
    storage, resource = LocalModelStorage.create(tmp_path), Resource("figures")
    context = ExecutionContext(GraphSchema({}))
    data = TrainingData(
        [
            Message(
                {"text": text, "intent": "business_question", "metadata": {"example": {"figures": named}}}
            )
            for text, named in examples()
        ]
    )
    FigureExtractor.create({}, storage, resource, context).train(data)
    loaded = FigureExtractor.load({}, storage, resource, context)
    entities = [one for one in loaded.extract("年量650万 佣820") if one["entity"] == "amount"]
    assert [(one["role"], one["value"]) for one in entities] == [("volume_year", 6_500_000.0), ("fee", 820.0)]
    assert loaded._roles.arrays()["labels"].tolist() == model.arrays()["labels"].tolist()
