"""Techniques by patterns: measured on the guideline's own tracks and on a few spoken lines."""

from __future__ import annotations

import pytest

from bot.compliance.rules import load_techniques
from bot.compliance.techniques import find_techniques
from bot.playbook.book import playbook
from bot.playbook.schema import TECHNIQUES


def test_all_nineteen_have_patterns() -> None:
    assert {technique.id for technique, _ in load_techniques()} == set(TECHNIQUES)


def test_tracks_show_their_technique(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        (step.technique, w)
        for case in playbook().cases.values()
        for step in case.steps
        for w in step.wordings
        if step.technique != "apology" or w.apologises
    ]
    missed = [(technique, w.say) for technique, w in rows if technique not in find_techniques(w.say)]
    with capsys.disabled():
        print(f"\n方法辨认:{len(rows)} 条话术,认出本步的方法 {1 - len(missed) / len(rows):.1%}")
    assert len(missed) <= len(rows) * 0.12, missed


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("这件事我向您道歉。", {"apology"}),
        ("恭喜您搬新家。", {"empathy"}),
        ("一年差五十块钱，费率0.25%和0.2%就差这些，一年差50元。", {"commission_math"}),
        ("我替您申请，批不批由公司定。", {"standard_commission"}),
        ("谁也不能保证收益。", {"risk_disclosure"}),
        ("不少客户会先定一个仓位上限。", {"client_case"}),
        ("平时多请他吃顿饭，情分照样在。", {"favour_redirect"}),
        ("手续我现在就办，再给我们一周。", {"trial_week"}),
    ],
)
def test_spoken_lines(text: str, ids: set[str]) -> None:
    assert ids <= set(find_techniques(text))


@pytest.mark.parametrize("text", ["", "嗯", "好的", "您不用道歉", "明天降温", "\n\n"])
def test_nothing_where_nothing_is_done(text: str) -> None:
    assert find_techniques(text) == []
