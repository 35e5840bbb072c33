"""Gates on the report: a change that makes the model read worse does not land.

The gates stand a little below what was measured when they were set (docs/nlu.md); raise them with the model.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.training import model_path
from tests.nlu.report import measure

#: Figure: least on the development sets, least on the examination sets.
AT_LEAST = {
    "macro_f1": (0.85, 0.85),
    "top_three": (0.975, 0.975),
    "two_reasons_exact": (0.5, 0.5),
    "numbers_f1": (0.9, 0.9),
    "techniques_micro_f1": (0.75, 0.75),
    "violations_recall": (0.6, 0.6),
    "violations_precision": (0.7, 0.7),
}
AT_MOST = {
    "none_with_reason": (0.1, 0.1),
    "second_reason_added": (0.12, 0.12),
    "calibration_error": (0.06, 0.06),
}
SETS = ("dev", "exam")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    path = model_path()
    assert path.exists(), "no trained model: run `make train` first"
    return measure(path)


@pytest.mark.parametrize("of", SETS)
@pytest.mark.parametrize("figure", AT_LEAST)
def test_is_at_least(report: dict[str, Any], figure: str, of: str) -> None:
    assert report[of][figure] >= AT_LEAST[figure][SETS.index(of)]


@pytest.mark.parametrize("of", SETS)
@pytest.mark.parametrize("figure", AT_MOST)
def test_is_at_most(report: dict[str, Any], figure: str, of: str) -> None:
    assert report[of][figure] <= AT_MOST[figure][SETS.index(of)]


@pytest.mark.parametrize("of", SETS)
@pytest.mark.parametrize("kind", ["speech", "note", "transcript"])
def test_every_kind_of_text_is_read(report: dict[str, Any], kind: str, of: str) -> None:
    assert report[of]["by_kind"][kind] >= 0.8


@pytest.mark.parametrize("of", SETS)
def test_no_reason_is_neglected(report: dict[str, Any], of: str) -> None:
    assert min(report[of]["by_label"].values()) >= 0.75, report[of]["by_label"]


def test_commands_are_understood(report: dict[str, Any]) -> None:
    assert report["dev"]["commands"] >= 0.6
