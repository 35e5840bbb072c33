"""The way out, and what a client asks on the way."""

from __future__ import annotations

from datetime import date

import pytest

from bot.playbook.book import Playbook
from tests.unit.visits.conftest import Counter, cards_of, only, texts, visits_of
from tests.unit.visits.test_reactions import COMMISSION

# --- the way out ---


@pytest.mark.parametrize("steps", [0, 1, 3, 6])
def test_processing_is_one_click_away_at_every_step(counter: Counter, steps: int) -> None:
    counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    for _ in range(steps):
        counter.press("/next_step")
    message = counter.press("/process_closing")[0]
    card = message.card
    assert (card["state"], card["filed_on"], card["due_on"]) == ("processing", "2026-11-20", "2026-11-24")
    assert [b.payload for b in message.buttons][-1] == "/keep_reason"
    place = visits_of(counter.sender)[0].state["step"]
    assert only(counter.press("/keep_reason"), "step")["step"] == place


def test_the_checklist_knows_what_the_database_knows(counter: Counter) -> None:
    counter.type("查客户 20030418", "look_up_client")
    items = {i["id"]: i for i in only(counter.press("/process_closing"), "outcome")["checklist"]}
    assert {name: item["done"] for name, item in items.items()} == {
        "id_doc": True, "open_orders": None, "cash": False, "positions": False, "designation": False,
    }  # fmt: skip
    assert "元余额需转出" in items["cash"]["text"]
    assert "{" not in "".join(item["text"] for item in items.values())


def test_the_checklist_of_an_unknown_client_is_whole_and_open(counter: Counter, book: Playbook) -> None:
    messages = counter.press("/process_closing")
    items = only(messages, "outcome")["checklist"]
    assert [item["id"] for item in items] == [item.id for item in book.exit.checklist]
    assert {item["done"] for item in items} == {None}
    assert "/keep_reason" not in [b.payload for b in messages[0].buttons]


def test_the_deadline_goes_over_the_october_holiday(counter: Counter) -> None:
    counter.today = date(2026, 9, 30)
    card = only(counter.press("/process_closing"), "outcome")
    assert (card["filed_on"], card["due_on"]) == ("2026-09-30", "2026-10-09")
    assert "10月9日" in card["say"]


# --- questions ---


def test_a_question_gets_its_card_and_the_walk_stays(counter: Counter) -> None:
    counter.hear("别家便宜", COMMISSION)
    card = only(counter.type("网上都说你们贵", "client_asks"), "objection")
    assert card["id"] == "said_expensive"
    assert visits_of(counter.sender)[0].step == 1


def test_a_question_nobody_foresaw_is_noted(counter: Counter, book: Playbook) -> None:
    counter.hear("别家便宜", COMMISSION)
    assert texts(counter.type("月亮上能炒股吗", "client_asks")) == book.messages["question_noted"]


def test_a_big_loss_named_in_another_case_is_offered_as_the_reason(counter: Counter) -> None:
    assert not cards_of(counter.type("她去年亏了七成", "business_question"), "choices")
    counter.hear("别家便宜", COMMISSION)
    assert not cards_of(counter.type("她去年亏了一成", "business_question"), "choices")
    card = only(counter.type("她说其实去年亏了七成", "business_question"), "choices")
    assert card["kind"] == "switch" and "大额亏损" in card["question"]
    assert only(counter.type("好的", "affirm"), "step")["case"] == "heavy_loss"
    assert not cards_of(counter.type("她去年亏了七成", "business_question"), "choices")


@pytest.mark.parametrize(
    ("text", "tool"),
    [("怎么介绍君弘俱乐部", "club"), ("线上能办哪些业务", "remote_services"), ("短信服务是什么", "sms")],
)
def test_the_toolbox_answers(counter: Counter, text: str, tool: str) -> None:
    cards = cards_of(counter.type(text, "show_toolbox"), "toolbox")
    assert cards[0]["id"] == tool
    for claim in (*cards[0]["say"], *cards[0]["history"]):
        assert claim["source"]
        assert claim["as_of"] <= "2026-11-22"


def test_the_whole_toolbox_is_listed(counter: Counter, book: Playbook) -> None:
    card = only(counter.type("工具箱", "show_toolbox"), "choices")
    assert len(card["options"]) == len(book.toolbox)
    for option in card["options"][:4]:
        assert len(cards_of(counter.press(option["payload"]), "toolbox")) == 1


def test_the_research_is_a_card_of_its_own(counter: Counter, book: Playbook) -> None:
    messages = counter.type(book.research.ask[0], "show_toolbox")
    assert messages[0].card["type"] == "research"


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "help", "out_of_scope"])
def test_small_talk_has_one_sentence_each(counter: Counter, book: Playbook, intent: str) -> None:
    assert texts(counter.type("嗯", intent)) == book.messages[intent]


def test_counter_business_is_no_leaving(counter: Counter, book: Playbook) -> None:
    assert texts(counter.type("重置一下密码", "business_question")) == book.messages["ask_reason"]
    assert visits_of(counter.sender)[0].reason is None
    messages = counter.type("斤女士 尾号3021 问线上能办什么", "business_question")
    assert [m.card["type"] for m in messages] == ["client", "toolbox"]
