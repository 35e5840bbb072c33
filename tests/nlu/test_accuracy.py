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
    "macro_f1": (0.92, 0.95),
    "top_three": (0.99, 0.985),
    "two_reasons_exact": (0.76, 0.84),
    "numbers_f1": (0.935, 0.955),
    "techniques_micro_f1": (0.915, 0.925),
    "violations_recall": (0.81, 0.77),
    "violations_precision": (0.88, 0.89),
}
AT_MOST = {
    "none_with_reason": (0.03, 0.08),
    "second_reason_added": (0.08, 0.07),
    "calibration_error": (0.05, 0.05),
}
#: Client speech, notes, transcripts: macro-F1 over the eleven reasons.
BY_KIND = {"speech": (0.93, 0.935), "note": (0.885, 0.96), "transcript": (0.95, 0.96)}
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
@pytest.mark.parametrize("kind", BY_KIND)
def test_every_kind_of_text_is_read(report: dict[str, Any], kind: str, of: str) -> None:
    assert report[of]["by_kind"][kind] >= BY_KIND[kind][SETS.index(of)]


@pytest.mark.parametrize("of", SETS)
def test_no_reason_is_neglected(report: dict[str, Any], of: str) -> None:
    least = (0.86, 0.9)[SETS.index(of)]
    assert min(report[of]["by_label"].values()) >= least, report[of]["by_label"]


def test_commands_are_understood(report: dict[str, Any]) -> None:
    assert report["dev"]["commands"] >= 0.87
