"""Gates on the report: a change that makes the model read worse does not land.

The gates stand a little below what was measured when they were set (docs/nlu.md); raise them with the model.
"""

from __future__ import annotations

from typing import Any

import pytest

from bot.training import model_path
from tests.nlu.report import measure

AT_LEAST = {
    "macro_f1": 0.85,
    "top_three": 0.975,
    "two_reasons_exact": 0.5,
    "commands": 0.6,
}
AT_MOST = {
    "none_with_reason": 0.17,
    "second_reason_added": 0.12,
    "calibration_error": 0.06,
}


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    path = model_path()
    assert path.exists(), "no trained model: run `make train` first"
    return measure(path)


@pytest.mark.parametrize("figure", AT_LEAST)
def test_is_at_least(report: dict[str, Any], figure: str) -> None:
    assert report[figure] >= AT_LEAST[figure]


@pytest.mark.parametrize("figure", AT_MOST)
def test_is_at_most(report: dict[str, Any], figure: str) -> None:
    assert report[figure] <= AT_MOST[figure]


@pytest.mark.parametrize("kind", ["speech", "note", "transcript"])
def test_every_kind_of_text_is_read(report: dict[str, Any], kind: str) -> None:
    assert report["by_kind"][kind] >= 0.8


def test_no_reason_is_neglected(report: dict[str, Any]) -> None:
    assert min(report["by_label"].values()) >= 0.75, report["by_label"]
