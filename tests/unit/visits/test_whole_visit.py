"""A whole visit through the desk, and the rows it leaves: state, events, outcome, follow-up."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from bot.db.models import FollowUp, Visit, VisitEvent
from bot.db.session import system_session
from bot.playbook.book import Playbook
from bot.visits.talk import Turn
from tests.conftest import DEMO_ANCHOR
from tests.unit.visits.conftest import (
    Counter,
    cards_of,
    events_of,
    follow_ups_of,
    only,
    texts,
    visits_of,
)

COMMISSION = ("commission_competition", 0.91)


def open_case_two(counter: Counter) -> None:
    counter.hear("斤女士 尾号3021 说别家给0.2% 要撤指定", COMMISSION)


def test_ms_jin_from_the_first_word_to_the_trial_week(counter: Counter, book: Playbook) -> None:
    messages = counter.hear("斤女士 尾号3021 说别家给0.2% 要撤指定", COMMISSION)
    assert [m.card["type"] for m in messages] == ["client", "reasons", "step", "alert"]
    assert only(messages, "client")["client_no"] == "20030418"
    heard = only(messages, "reasons")["reasons"]
    assert [(r["id"], r["probability"], r["evidence"]) for r in heard] == [
        ("commission_competition", 0.91, "斤女士 尾号")
    ]
    step = only(messages, "step")
    assert (step["case"], step["reason"], step["step"], step["of"], step["technique"]) == (
        "commission_competition", "commission_competition", 1, 6, "empathy",
    )  # fmt: skip
    assert step["say"].startswith("斤女士，您在这儿6年了")
    (visit,) = visits_of(counter.sender)
    assert (visit.client_id, visit.advisor_id, visit.branch_id, visit.status) == (2, 1, 1, "open")
    assert (visit.reason, visit.reason_probability, visit.case, visit.step) == (
        "commission_competition", 0.91, "commission_competition", 1,
    )  # fmt: skip
    assert counter.slots == {
        "visit_id": visit.id,
        "client_no": "20030418",
        "reason": "commission_competition",
        "case": "commission_competition",
        "step": 1.0,
        "outcome": None,
    }

    messages = counter.press("/next_step")
    step, table = only(messages, "step"), only(messages, "commission")
    assert "一共10万元" in step["say"]
    assert "按0.25%付250元，按对方的0.2%付200元，一年差50元，一个月4.17元" in step["say"]
    assert (table["basis"], table["trades"], table["yearly_difference"], table["match_cost"]) == (
        "trades", 8, "50.00", "50.00",
    )  # fmt: skip
    assert table["rows"] == [["一年", "250.00", "200.00", "50.00"], ["一个月", "20.83", "16.67", "4.17"]]

    shown = [only(counter.press("/next_step"), "step")["technique"] for _ in range(4)]
    assert shown == ["brand", "service_product", "standard_commission", "bundle_referral"]
    step = only(counter.press("/next_step"), "step")
    assert (step["case"], step["reason"], step["step"], step["of"]) == (
        "trial_week", "commission_competition", 1, 1,
    )  # fmt: skip
    assert "11月20日受理" in step["say"]
    assert "11月24日" in step["say"]
    proposed = only(counter.press("/client_accepts"), "outcome")
    assert (proposed["state"], proposed["outcome"], proposed["follow_up_on"]) == (
        "proposed", "trial_week", "2026-11-27",
    )  # fmt: skip
    assert visits_of(counter.sender)[0].status == "open"
    recorded = only(counter.press('/record_outcome{"outcome":"trial_week"}'), "outcome")
    assert (recorded["state"], recorded["outcome"], recorded["reason"]) == (
        "recorded", "trial_week", "commission_competition",
    )  # fmt: skip
    (visit,) = visits_of(counter.sender)
    assert (visit.status, visit.outcome, visit.case, visit.step) == ("closed", "trial_week", "trial_week", 1)
    assert visit.closed_at is not None
    assert visit.opened_at is not None
    assert visit.opened_at <= visit.closed_at
    assert counter.slots["outcome"] == "trial_week"
    (task,) = follow_ups_of(visit.id)
    assert (task.due_on, task.topic, task.client_id, task.staff_id, task.branch_id, task.done_at) == (
        date(2026, 11, 27), book.outcomes["trial_week"].follow_up_topic, 2, 1, 1, None,
    )  # fmt: skip


def test_each_turn_is_written_as_it_happens(counter: Counter) -> None:
    open_case_two(counter)
    counter.press("/next_step")
    visit = visits_of(counter.sender)[0]
    events = events_of(visit.id)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.kind for event in events] == ["advisor_text", *["card"] * 4, "advisor_text", "card", "card"]
    assert events[0].payload == {
        "text": "斤女士 尾号3021 说别家给0.2% 要撤指定",
        "intent": "reason_commission_competition",
        "confidence": 0.91,
        "reasons": [["commission_competition", 0.91]],
    }
    assert events[5].payload == {
        "text": "/next_step",
        "intent": "next_step",
        "confidence": 1.0,
        "reasons": [],
    }
    sent = [message.to_json() for reply in counter.replies for message in reply.messages]
    assert [event.payload for event in events if event.kind == "card"] == sent
    assert all(a.at <= b.at for a, b in pairwise(events))


def test_each_step_says_all_its_parts_in_the_text_alone(counter: Counter) -> None:
    open_case_two(counter)
    for _ in range(6):
        message = next(m for m in counter.press("/next_step") if m.card["type"] == "step")
        card = message.card
        assert {"type", "case", "reason", "step", "of", "technique", "say", "tip", "source"} <= card.keys()
        assert card["say"] in message.text
        assert card["tip"] in message.text
        assert f"第 {card['step']}/{card['of']} 步" in message.text
        assert "{" not in message.text
        payloads = [button.payload for button in message.buttons]
        assert "/process_closing" in payloads
        assert len(payloads) == len(set(payloads))


@pytest.mark.parametrize(
    ("outcome", "days"), [("kept", 7), ("trial_week", 7), ("undecided", 3), ("left", 90)]
)
def test_each_outcome_makes_its_follow_up(counter: Counter, book: Playbook, outcome: str, days: int) -> None:
    open_case_two(counter)
    counter.press(f'/record_outcome{{"outcome":"{outcome}"}}')
    (visit,) = visits_of(counter.sender)
    (task,) = follow_ups_of(visit.id)
    assert (visit.outcome, task.due_on) == (outcome, DEMO_ANCHOR + timedelta(days=days))
    assert task.topic == book.outcomes[outcome].follow_up_topic


def test_the_day_the_advisor_names_is_kept(counter: Counter) -> None:
    open_case_two(counter)
    counter.type("登记未定,12月2日回访", "record_outcome")
    (task,) = follow_ups_of(visits_of(counter.sender)[0].id)
    assert task.due_on == date(2026, 12, 2)


def test_a_day_that_is_past_is_not_promised(counter: Counter) -> None:
    open_case_two(counter)
    entities = [{"entity": "date", "value": "2026-11-20"}, {"entity": "outcome", "value": "undecided"}]
    counter.turn(Turn(counter.sender, "登记未定", "record_outcome", 0.95, counter.today, (), (), entities))
    (task,) = follow_ups_of(visits_of(counter.sender)[0].id)
    assert task.due_on == DEMO_ANCHOR + timedelta(days=3)


def test_a_corrected_outcome_replaces_the_follow_up(counter: Counter) -> None:
    open_case_two(counter)
    counter.press('/record_outcome{"outcome":"kept"}')
    counter.press('/record_outcome{"outcome":"left"}')
    (visit,) = visits_of(counter.sender)
    (task,) = follow_ups_of(visit.id)
    assert (visit.outcome, task.due_on) == ("left", DEMO_ANCHOR + timedelta(days=90))


def test_a_follow_up_already_done_is_history_and_stays(counter: Counter) -> None:
    open_case_two(counter)
    counter.press('/record_outcome{"outcome":"kept"}')
    visit = visits_of(counter.sender)[0]
    with system_session() as session:
        task = session.execute(select(FollowUp).where(FollowUp.visit_id == visit.id)).scalar_one()
        task.done_at = visit.closed_at
    counter.press('/record_outcome{"outcome":"left"}')
    assert [bool(task.done_at) for task in follow_ups_of(visit.id)] == [True, False]


def test_a_correction_does_not_lengthen_the_visit(counter: Counter) -> None:
    open_case_two(counter)
    counter.press('/record_outcome{"outcome":"kept"}')
    closed_at = visits_of(counter.sender)[0].closed_at
    counter.press('/record_outcome{"outcome":"left"}')
    assert visits_of(counter.sender)[0].closed_at == closed_at


def test_without_an_outcome_named_it_asks_which(counter: Counter, book: Playbook) -> None:
    open_case_two(counter)
    messages = counter.type("登记一下", "record_outcome")
    options = only(messages, "choices")["options"]
    assert [option["title"] for option in options] == [o.title for o in book.outcomes.values()]
    assert visits_of(counter.sender)[0].status == "open"
    assert follow_ups_of(visits_of(counter.sender)[0].id) == []


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("登记留下", "kept"),
        ("客户不走了", "kept"),
        ("没留住,登记一下", "left"),
        ("登记离开", "left"),
        ("同意再试一周", "trial_week"),
        ("登记未定,他回去商量", "undecided"),
        pytest.param(
            "没留下,登记一下", "left",
        ),
        pytest.param(
            "没有留住客户,登记", "left",
        ),
    ],
)  # fmt: skip
def test_the_outcome_is_read_from_the_words(counter: Counter, text: str, outcome: str) -> None:
    open_case_two(counter)
    counter.type(text, "record_outcome")
    assert visits_of(counter.sender)[0].outcome == outcome


def test_after_closing_the_next_words_open_visit_number_two(counter: Counter) -> None:
    open_case_two(counter)
    counter.press('/record_outcome{"outcome":"kept"}')
    counter.hear("亏太多了,不想做了", ("heavy_loss", 0.9))
    counter.press('/record_outcome{"outcome":"left"}')
    counter.hear("我要搬家了", ("relocation", 0.9))
    visits = visits_of(counter.sender)
    assert [visit.sender_id for visit in visits] == ["counter-1", "counter-1#2", "counter-1#3"]
    assert [visit.reason for visit in visits] == ["commission_competition", "heavy_loss", "relocation"]
    assert [visit.client_id for visit in visits] == [2, None, None]
    assert counter.slots["visit_id"] == visits[2].id


def test_thanks_after_closing_stay_with_the_closed_visit(counter: Counter, book: Playbook) -> None:
    open_case_two(counter)
    counter.press('/record_outcome{"outcome":"kept"}')
    assert texts(counter.type("谢谢", "thank")) == book.messages["thank"]
    (visit,) = visits_of(counter.sender)
    assert events_of(visit.id)[-1].payload["text"] == book.messages["thank"]


def test_a_new_visit_ends_the_open_one_as_undecided(counter: Counter, book: Playbook) -> None:
    open_case_two(counter)
    messages = counter.press("/new_visit")
    assert texts(messages) == f"{book.messages['previous_undecided']}\n{book.messages['new_visit']}"
    first, second = visits_of(counter.sender)
    assert (first.status, first.outcome, second.status) == ("closed", "undecided", "open")
    assert (second.client_id, second.reason, second.step) == (None, None, None)
    assert counter.slots["client_no"] is None


def test_a_visit_left_undecided_is_followed_up_too(counter: Counter) -> None:
    open_case_two(counter)
    counter.press("/new_visit")
    assert len(follow_ups_of(visits_of(counter.sender)[0].id)) == 1


def test_a_new_visit_on_an_empty_one_stays_in_it(counter: Counter) -> None:
    counter.type("你好", "greet")
    counter.press("/new_visit")
    assert len(visits_of(counter.sender)) == 1


def test_the_visit_goes_on_where_a_crash_left_it(counter: Counter) -> None:
    open_case_two(counter)
    counter.press("/next_step")
    said = only(counter.press("/another_wording"), "step")
    again = Counter(counter.sender)
    assert only(again.press("/keep_reason"), "step")["say"] == said["say"]
    assert only(again.press("/next_step"), "step")["step"] == 3


def test_two_conversations_do_not_meet(counter: Counter) -> None:
    other = Counter("counter-2")
    open_case_two(counter)
    other.hear("我要搬家了", ("relocation", 0.9))
    counter.press("/next_step")
    assert [v.reason for v in visits_of("counter-1")] == ["commission_competition"]
    assert [(v.reason, v.step) for v in visits_of("counter-2")] == [("relocation", 1)]


@pytest.mark.parametrize("name", ["a%b", "a_b", "a\\b", "客户 1", "x" * 78])
def test_conversations_may_have_any_name(counter: Counter, name: str) -> None:
    Counter(f"{name.replace('%', 'xx').replace('_', 'x')}x#2").type("你好", "greet")
    one = Counter(name)
    one.type("你好", "greet")
    one.press('/record_outcome{"outcome":"kept"}')
    one.type("我们下一位", "new_visit")
    assert [v.sender_id for v in visits_of(name)] == [name, f"{name}#2"]


def test_names_that_differ_in_case_are_two_conversations(counter: Counter) -> None:
    upper, lower = Counter("WEB-A"), Counter("web-a")
    upper.hear("亏太多了", ("heavy_loss", 0.9))
    upper.press('/record_outcome{"outcome":"kept"}')
    upper.hear("我要搬家了", ("relocation", 0.9))
    lower.type("你好", "greet")
    assert lower.slots["reason"] is None


def test_a_name_with_a_hash_can_have_a_second_visit(counter: Counter) -> None:
    one = Counter("room#west")
    one.type("你好", "greet")
    one.press('/record_outcome{"outcome":"kept"}')
    one.hear("我要搬家了", ("relocation", 0.9))
    assert one.slots.get("reason") == "relocation"


def test_all_twelve_cases_can_be_walked_to_the_end(counter: Counter, book: Playbook) -> None:
    for number, reason in enumerate(book.reasons):
        one = Counter(f"case-{number}")
        messages = one.press(f"/reason_{reason}")
        seen = [only(messages, "step")["step"]]
        while cards_of(messages := one.press("/next_step"), "step"):
            card = only(messages, "step")
            assert "{" not in card["say"]
            seen.append(card["step"] if card["case"] == reason else card["case"])
        assert len(seen) == len(book.cases[reason].steps) + (reason != "identity")
        end = only(messages, "outcome")
        assert end["state"] == ("processing" if reason == "identity" else "proposed")


def test_an_unnumbered_database_write_leaves_no_gap(counter: Counter) -> None:
    open_case_two(counter)
    for _ in range(5):
        counter.press("/another_wording")
    with system_session() as session:
        count, last = session.execute(
            select(func.count(VisitEvent.id), func.max(VisitEvent.seq))
            .join(Visit, Visit.id == VisitEvent.visit_id)
            .where(Visit.sender_id == counter.sender)
        ).one()
    assert count == last
