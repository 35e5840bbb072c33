"""What is kept for learning: masked, once, decided by a reviewer, taken out as training data."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clients.identity import viewer_of
from bot.console.review_page import title_of
from bot.db.models import Reading
from bot.db.session import Viewer, session_scope, system_session
from bot.learning import __main__ as command
from bot.learning import reviewing
from bot.learning.masking import masked
from bot.learning.noting import LONGEST, note, suggest
from bot.learning.reviewing import ReviewError
from bot.playbook.schema import REASONS

READ = [("heavy_loss", 0.41), ("other", 0.33), ("quick_profit", 0.1), ("identity", 0.05)]


def person(username: str) -> Viewer:
    found = viewer_of(username)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def _demo(demo_copy_url: str) -> None:
    """Each test changes its own copy."""


def keep(text: str, username: str = "advisor1", kind: str = "unsure") -> int:
    viewer = person(username)
    with session_scope(viewer) as session:
        return note(session, viewer, kind, text, READ)


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("斤女士 尾号3021 说别家给0.2%", ["斤", "3021"], ["别家给0.2%"]),
        ("查客户 20030418 他要走", ["20030418"], ["他要走"]),
        ("我手机13800138000，身份证310101199001011234", ["13800138000", "310101199001011234"], ["我手机"]),
        ("号码是138 0013 8000", ["0013"], ["号码是"]),
        ("一年做200万，万1.5", [], ["一年做200万，万1.5"]),
        ("发我邮箱 wang.li@qq.com", ["wang.li"], ["发我邮箱"]),
        ("我亏了七成发我邮箱wang.li@qq.com我要走", ["wang"], ["我亏了七成", "我要走"]),
        ("尾号三零二一 说别家便宜", ["三零二一"], ["说别家便宜"]),
        ("身份证尾号1234 银行卡后四位5678 要走", ["1234", "5678"], ["要走"]),
        ("他爱人王秀英在华泰", ["王秀英"], ["在华泰"]),
        ("138.0013.8000 嫌贵", ["0013"], ["嫌贵"]),
        ("138－0013－8000 嫌贵", ["0013"], ["嫌贵"]),
        ("电话幺三八零零幺三八零零零 嫌贵", ["幺三八"], ["嫌贵"]),
        ("微信号wxid_abc123 加她了", ["abc123"], ["加她了"]),
    ],
)
def test_who_the_client_is_is_taken_out(text: str, gone: list[str], left: list[str]) -> None:
    kept = masked(text)
    assert not any(part in kept for part in gone), kept
    assert all(part in kept for part in left), kept


def test_what_the_visit_knows_of_the_client_goes_too() -> None:
    assert masked("王建国还是觉得贵，王建国说了两遍", ["王建国", "20040517"]) == "某还是觉得贵，某说了两遍"


@pytest.mark.parametrize(
    "text",
    [
        "佣金0.25 0.2 差多少",
        "手续费12345.67",
        "从2020-2023亏了",
        "朋友都说要走",
        "经理和我说",
        "儿子时常去",
        "万1.5 2.5",
    ],
)
def test_what_the_text_is_about_stays(text: str) -> None:
    assert masked(text) == text


def test_the_tail_of_the_client_s_phone_goes_where_it_stands_alone() -> None:
    known = ["斤秋荷", "20030418", "3021"]
    assert masked("3021这个号的客户想走，成交13021.5元", known) == "＊这个号的客户想走，成交13021.5元"


@given(st.text(max_size=60), st.integers(min_value=10**6, max_value=10**17))
def test_no_long_number_stays(text: str, number: int) -> None:
    assert not re.search(r"\d{7,}", masked(f"{text} {number} {text}"))


def test_a_text_is_kept_once_while_it_waits() -> None:
    first = keep("我想换换风水")
    assert keep("我想换换风水") == first
    reviewing.decide(person("trainer1"), first, None)
    assert keep("我想换换风水") != first


def test_a_long_text_is_cut() -> None:
    keep("亏" * 5_000)
    with system_session() as session:
        assert len(session.execute(select(Reading.text)).scalar_one()) == LONGEST


def test_the_advisors_click_is_the_proposal() -> None:
    number = keep("我想换换风水")
    with session_scope(person("advisor1")) as session:
        suggest(session, number, "other")
    kept, total = reviewing.waiting(person("trainer1"))
    assert (total, kept[0].suggested, kept[0].proposal) == (1, "other", "other")
    assert kept[0].read == (("heavy_loss", 0.41), ("other", 0.33), ("quick_profit", 0.1))


def test_corrected_ones_come_first() -> None:
    keep("甲", kind="unsure")
    keep("乙", kind="corrected")
    kept, _ = reviewing.waiting(person("trainer1"))
    assert [one.text for one in kept] == ["乙", "甲"]


@pytest.mark.parametrize("username", ["advisor1", "agent1", "trainee1"])
def test_only_reviewers_review(username: str) -> None:
    number = keep("我想换换风水")
    with pytest.raises(ReviewError):
        reviewing.waiting(person(username))
    with pytest.raises(ReviewError):
        reviewing.decide(person(username), number, "other")


def test_another_branch_is_not_seen_by_a_trainer_but_by_compliance() -> None:
    number = keep("我想换换风水", "advisor3")
    assert reviewing.waiting(person("trainer1")) == ([], 0)
    with pytest.raises(ReviewError, match="已经有人处理"):
        reviewing.decide(person("trainer1"), number, "other")
    assert reviewing.waiting(person("compliance1"))[1] == 1


def test_a_text_is_decided_once_and_under_a_known_label() -> None:
    number = keep("我想换换风水")
    with pytest.raises(ReviewError, match="没有这个原因"):
        reviewing.decide(person("trainer1"), number, "weather")
    reviewing.decide(person("trainer1"), number, "heavy_loss")
    with pytest.raises(ReviewError, match="已经有人处理"):
        reviewing.decide(person("admin1"), number, None)
    with system_session() as session:
        row = session.execute(select(Reading)).scalar_one()
        assert (row.status, row.label, row.reviewed_by) == (
            "confirmed",
            "heavy_loss",
            person("trainer1").staff_id,
        )


def test_a_text_is_kept_as_one_printable_line() -> None:
    keep("亏了七成\n- 佣金太高\x07\u2028走")
    with system_session() as session:
        assert session.execute(select(Reading.text)).scalar_one() == "亏了七成 - 佣金太高 走"


def test_a_correction_outranks_a_doubt_about_the_same_words() -> None:
    assert keep("我想换换风水") == keep("我想换换风水", kind="corrected")
    assert [one.kind for one in reviewing.waiting(person("trainer1"))[0]] == ["corrected"]


def test_a_trainer_takes_out_the_texts_of_his_branch_only() -> None:
    for text, username in (("这边的话", "advisor1"), ("那边的话", "advisor3")):
        reviewing.decide(person("admin1"), keep(text, username), "other")
    assert reviewing.confirmed(person("trainer1")) == [("other", "这边的话")]
    assert len(reviewing.confirmed(person("compliance1"))) == 2
    with pytest.raises(ReviewError):
        reviewing.confirmed(person("advisor1"))


def test_disputed_and_empty_texts_are_left_out() -> None:
    for text, label, username in (
        ("争", "other", "advisor1"),
        ("争。", "heavy_loss", "advisor3"),
        ("，。", "other", "advisor1"),
    ):
        reviewing.decide(person("admin1"), keep(text, username), label)
    assert reviewing.confirmed(person("admin1")) == []


def test_confirmed_texts_become_training_data() -> None:
    rows = [("heavy_loss", "换换[风水]"), ("none", "问问开户")]
    data = yaml.safe_load(reviewing.as_training_data(rows))
    assert data == {
        "version": "3.1",
        "nlu": [
            {"intent": "business_question", "examples": "- 问问开户\n"},
            {"intent": "reason_heavy_loss", "examples": "- 换换【风水】\n"},
        ],
    }


def test_the_command_writes_what_is_new(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(command, "NLU_FOLDER", tmp_path)
    assert command.main() == 0
    assert "没有写文件" in capsys.readouterr().out
    for text, label in (("我家祖坟不旺你们这块地", "heavy_loss"), ("随便问一句而已啦", "none")):
        reviewing.decide(person("admin1"), keep(text), label)
    assert command.main() == 0
    assert "2 条" in capsys.readouterr().out
    written = yaml.safe_load((tmp_path / "confirmed.yml").read_text(encoding="utf-8"))
    assert [block["intent"] for block in written["nlu"]] == ["business_question", "reason_heavy_loss"]
    with system_session() as session:
        session.query(Reading).delete()
    assert command.main() == 0
    assert not (tmp_path / "confirmed.yml").exists()


def test_every_label_has_words() -> None:
    titles = [title_of(label) for label in reviewing.LABELS]
    assert len(set(titles)) == len(REASONS) + 1 and all(re.search("[一-鿿]{2,}", title) for title in titles)
