"""The screen over what an advisor says: recall and precision on spoken sentences, spans, speed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compliance.rules import VIOLATIONS, RulesError, load_violations
from bot.compliance.screen import find_violations
from tests.unit.growth import grows_linearly

SPOKEN: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("spoken.yml").read_text(encoding="utf-8")
)
FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from([s for rows in SPOKEN.values() for kind in rows.values() for s in kind]),
        st.text(max_size=20),
        st.sampled_from(["保证", "ＡＢＣ", "１００％", "华泰", "\ue000", "\ue001", "密码", "\n"]),
    ),
    max_size=6,
).map("".join)


def test_every_kind_has_enough_sentences() -> None:
    assert set(SPOKEN) == set(VIOLATIONS)
    for kind, rows in SPOKEN.items():
        assert len(set(rows["says"])) >= 12, kind
        assert len(set(rows["clean"])) >= 12, kind


@pytest.mark.parametrize("kind", VIOLATIONS)
def test_recall_of_what_is_forbidden(kind: str) -> None:
    says = SPOKEN[kind]["says"]
    missed = [text for text in says if kind not in {found.id for found in find_violations(text)}]
    print(f"{kind}: recall {1 - len(missed) / len(says):.0%} of {len(says)}")
    assert not missed


@pytest.mark.parametrize("kind", VIOLATIONS)
def test_near_misses_are_clean(kind: str) -> None:
    clean = SPOKEN[kind]["clean"]
    wrong = [(text, [f.id for f in find_violations(text)]) for text in clean if find_violations(text)]
    print(f"{kind}: {len(wrong)} of {len(clean)} near misses flagged")
    assert not wrong


def test_precision_and_recall_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    hits = misses = false = 0
    for kind, rows in SPOKEN.items():
        for text in rows["says"]:
            hit = kind in {found.id for found in find_violations(text)}
            hits, misses = hits + hit, misses + (not hit)
        false += sum(bool(find_violations(text)) for text in rows["clean"])
    with capsys.disabled():
        print(
            f"\n违规筛查:召回 {hits / (hits + misses):.1%},精确 {hits / (hits + false):.1%}({hits + misses} 句)"
        )
    assert hits / (hits + misses) >= 0.95 and hits / (hits + false) >= 0.95


def test_sentences_never_tuned_on_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Rules find what they have words for: recall here is reported, not promised; false alarms must stay rare."""
    unseen = yaml.safe_load(Path(__file__).with_name("unseen.yml").read_text(encoding="utf-8"))
    says = [(kind, text) for kind, rows in unseen.items() for text in rows["says"]]
    clean = [text for rows in unseen.values() for text in rows["clean"]]
    hits = sum(kind in {found.id for found in find_violations(text)} for kind, text in says)
    false = sum(bool(find_violations(text)) for text in clean)
    with capsys.disabled():
        print(f"\n没见过的句子：违规 {len(says)} 句认出 {hits} 句；合规 {len(clean)} 句误报 {false} 句")
    assert false <= len(clean) * 0.1


@settings(deadline=None, max_examples=150)
@given(FRAGMENTS)
def test_spans_slice_back(text: str) -> None:
    known = set(VIOLATIONS)
    last = (-1, -1)
    for found in find_violations(text):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text
        assert found.id in known and found.rule and found.instead
        assert last <= (found.start, found.end)
        last = (found.start, found.end)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SPOKEN["trade_for_client"]["says"]), st.sampled_from(["好的。", "您稍等!", "嗯?"]))
def test_a_violation_is_found_wherever_it_stands(text: str, before: str) -> None:
    alone = [(f.id, f.text) for f in find_violations(text)]
    assert [(f.id, f.text) for f in find_violations(before + text)] == alone


@pytest.mark.parametrize(
    "piece", ["保证赚", "我给您", "不", "他说保证收益", "密码给", "王阿姨", "华泰", "您说", "1", "销户"]
)
def test_long_text_stays_linear(piece: str) -> None:
    assert grows_linearly(find_violations, piece, 0.005)


def test_wordings_to_say_instead_are_lawful_and_of_length() -> None:
    for kind, _ in load_violations():
        assert 20 <= len(kind.instead) <= 80, kind.id
        assert not find_violations(kind.instead), kind.id


def test_other_brokers_are_named_neutrally_or_not() -> None:
    assert not find_violations("华泰给您的是万一，咱们照着算一算。")
    assert [f.id for f in find_violations("华泰的系统老是崩。")] == ["denigrate_competitor"]
    assert not find_violations("我们国泰海通的系统去年也崩过，我不推脱。")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- id: [", "读不懂"),
        ("id: x", "应是列表"),
        ("- {id: x, title: a, rule: b, instead: c, patterns: ['(']}", "正则"),
        ("- {id: x, title: a, rule: b, instead: c, patterns: ['〔天〕']}", "不认识的简写"),
        ("- {id: x, title: a, rule: b, instead: c, patterns: ['a'], extra: 1}", "不合规范"),
        ("- {id: x, title: a, rule: b, instead: c, patterns: ['a']}", "应恰有"),
    ],
)
def test_errors_name_the_file_in_chinese(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "violations.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=words) as caught:
        load_violations(file)
    assert "violations.yml" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"缺失.*gone\.yml"):
        load_violations(tmp_path / "gone.yml")
