"""Filling of talk tracks: complete or refused, never with a hole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.compliance.screen import find_violations
from bot.playbook.book import playbook
from bot.playbook.placeholders import FIGURES, KNOWN_FIGURES, fill, placeholders_in

SAMPLE = {
    "称呼": "斤女士", "开户年数": "6", "资产": "38,200", "成交额": "10万", "成交笔数": "8", "现费率": "0.25%",
    "现佣金": "250", "对方费率": "万2", "对方佣金": "200", "相差": "50", "月相差": "4.17", "保本笔额": "2,000",
    "最低佣金": "5", "低于起点笔数": "6", "未联系天数": "143", "亏损比例": "70%", "持仓数": "2", "余额": "8.20",
    "持仓": "紫金矿业、万科A", "近处网点": "共和新路营业部", "网点": "江苏路营业部", "顾问": "李明",
    "受理日": "11月22日", "办结日": "11月24日",
}  # fmt: skip
PLAIN = st.text(st.characters(blacklist_characters="{}", blacklist_categories=["Cs"]), max_size=12)
PIECES = st.lists(st.tuples(PLAIN, st.sampled_from(sorted(KNOWN_FIGURES))), max_size=5)


@given(PIECES, st.dictionaries(st.sampled_from(sorted(KNOWN_FIGURES)), PLAIN))
def test_filled_completely_or_refused(pieces: list[tuple[str, str]], figures: dict[str, str]) -> None:
    text = "".join(f"{plain}{{{name}}}" for plain, name in pieces)
    assert placeholders_in(text) == {name for _, name in pieces}
    if placeholders_in(text) <= set(figures):
        assert fill(text, figures) == "".join(plain + figures[name] for plain, name in pieces)
    else:
        with pytest.raises(KeyError):
            fill(text, figures)


@given(PLAIN)
def test_text_without_placeholders_stays(text: str) -> None:
    assert fill(text, {}) == text


@given(PLAIN.filter(bool))
def test_a_filled_value_is_not_filled_again(value: str) -> None:
    assert fill("{称呼}", {"称呼": "{" + value + "}"}) == "{" + value + "}"


def test_every_track_reads_well_when_filled() -> None:
    figures = {**playbook().names, **SAMPLE}
    assert set(SAMPLE) == set(FIGURES)
    for place, text in playbook().sentences():
        filled = fill(text, figures)
        assert "{" not in filled and "}" not in filled, place
        assert not re.search(r"元元|年年|万万|%%|您您|[，。；：、]{2}", filled), (place, filled)
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", filled), (place, filled)
        assert not find_violations(filled), (place, filled)
