"""Reasons heard, offered, switched and kept; unsure words; hints; the way out."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bot.db.models import Account, Branch, Reading
from bot.db.session import system_session
from bot.playbook.book import Playbook
from bot.playbook.schema import apologises
from bot.visits.talk import Turn
from tests.unit.visits.conftest import Counter, cards_of, only, texts, visits_of

COMMISSION = ("commission_competition", 0.91)
LOSS = ("heavy_loss", 0.9)


def state_of(counter: Counter) -> dict[str, object]:
    return dict(visits_of(counter.sender)[-1].state)


def test_unsure_shows_the_three_likeliest_as_buttons(counter: Counter, book: Playbook) -> None:
    messages = counter.hear(
        "就是不太想做了",
        ("heavy_loss", 0.4),
        rivals=[("service_dissatisfaction", 0.35), ("other", 0.1)],
    )
    card = only(messages, "choices")
    assert [option["probability"] for option in card["options"]] == [0.4, 0.35, 0.1]
    assert [option["payload"] for option in card["options"]] == [
        '/choose_reason{"reason": "heavy_loss"}',
        '/choose_reason{"reason": "service_dissatisfaction"}',
        '/choose_reason{"reason": "other"}',
    ]
    assert state_of(counter)["options"] == [option["payload"] for option in card["options"]]
    assert card["question"].startswith(book.messages["unsure_reason"])
    assert not cards_of(messages, "step")
    assert visits_of(counter.sender)[0].reason is None
    step = only(counter.press('/choose_reason{"reason": "service_dissatisfaction"}'), "step")
    assert step["case"] == "service_dissatisfaction"
    assert visits_of(counter.sender)[0].reason == "service_dissatisfaction"


@pytest.mark.parametrize(
    ("text", "case"),
    [("第一个", "heavy_loss"), ("选2", "service_dissatisfaction"), ("是大额亏损", "heavy_loss")],
)
def test_the_choice_may_be_typed(counter: Counter, text: str, case: str) -> None:
    counter.hear("就是不太想做了", rivals=[("heavy_loss", 0.4), ("service_dissatisfaction", 0.35)])
    assert only(counter.type(text, "choose_reason"), "step")["case"] == case


@pytest.mark.parametrize("payload", ["/choose_reason", '/choose_reason{"reason":"trial_week"}'])
def test_a_choice_of_nothing_asks_again(counter: Counter, book: Playbook, payload: str) -> None:
    messages = counter.press(payload)
    assert texts(messages) == book.messages["ask_reason"]
    assert [b.payload for b in messages[0].buttons] == ["/process_closing"]


@pytest.mark.parametrize(
    ("stated", "rival", "sure"),
    [(0.49, 0.1, False), (0.5, 0.35, True), (0.5, 0.36, False), (0.9, 0.05, True), (0.55, 0.45, False)],
)
def test_the_thresholds_of_a_reason(counter: Counter, stated: float, rival: float, sure: bool) -> None:
    messages = counter.hear("唉", ("heavy_loss", stated), rivals=[("relocation", rival)])
    assert bool(cards_of(messages, "step")) is sure
    assert bool(cards_of(messages, "choices")) is not sure


def test_two_close_reasons_that_are_both_stated_are_both_heard(counter: Counter) -> None:
    messages = counter.hear("别家便宜,再说也亏了七成", ("commission_competition", 0.52), ("heavy_loss", 0.4))
    assert [r["id"] for r in only(messages, "reasons")["reasons"]] == ["commission_competition", "heavy_loss"]
    assert only(messages, "step")["case"] == "commission_competition"
    assert only(messages, "choices")["kind"] == "switch"
    assert state_of(counter)["offered"] == "heavy_loss"
    assert state_of(counter)["heard"] == {"commission_competition": 0.52, "heavy_loss": 0.4}


def test_a_second_reason_is_offered_switched_to_and_left_again(counter: Counter) -> None:
    counter.hear("别家便宜", COMMISSION)
    counter.press("/next_step")
    counter.press("/next_step")
    messages = counter.hear("说到底是亏得太多", LOSS)
    card = only(messages, "choices")
    assert [option["payload"] for option in card["options"]] == ["/switch_reason", "/keep_reason"]
    assert (visits_of(counter.sender)[0].case, visits_of(counter.sender)[0].step) == (COMMISSION[0], 3)

    step = only(counter.press("/switch_reason"), "step")
    assert (step["case"], step["step"], step["parked"][0]["reason"]) == ("heavy_loss", 1, COMMISSION[0])
    assert visits_of(counter.sender)[0].reason_probability == 0.9
    step = only(counter.press("/resume_first"), "step")
    assert (step["case"], step["step"]) == (COMMISSION[0], 3)
    assert visits_of(counter.sender)[0].reason == COMMISSION[0]


def test_an_offer_may_be_declined(counter: Counter, book: Playbook) -> None:
    counter.hear("别家便宜", COMMISSION)
    counter.hear("说到底是亏得太多", LOSS)
    step = only(counter.press("/keep_reason"), "step")
    assert (step["case"], step["step"]) == (COMMISSION[0], 1)
    assert texts(counter.press("/switch_reason")) == book.messages["no_switch"]


def test_yes_and_no_answer_the_offer_or_else_move_the_walk(counter: Counter) -> None:
    counter.hear("别家便宜", COMMISSION)
    assert only(counter.type("好的", "affirm"), "step")["step"] == 2
    assert only(counter.type("不行", "deny"), "step")["step"] == 3
    counter.hear("说到底是亏得太多", LOSS)
    assert only(counter.type("好的", "affirm"), "step")["case"] == "heavy_loss"
    counter.hear("还是别家便宜", COMMISSION)
    assert only(counter.type("不用", "deny"), "step")["case"] == "heavy_loss"


def test_an_offer_lapses_with_the_next_move(counter: Counter, book: Playbook) -> None:
    counter.hear("别家便宜", COMMISSION)
    counter.hear("说到底是亏得太多", LOSS)
    counter.press("/next_step")
    step = only(counter.type("好的", "affirm"), "step")
    assert (step["case"], step["step"]) == (COMMISSION[0], 3)


def test_nothing_parked_is_said(counter: Counter, book: Playbook) -> None:
    counter.hear("别家便宜", COMMISSION)
    assert texts(counter.press("/resume_first")) == book.messages["no_parked"]


def test_the_same_reason_again_goes_on_with_a_bridge(counter: Counter, book: Playbook) -> None:
    counter.hear("我要搬家了", ("relocation", 0.9))
    step = only(counter.hear("就是搬家嘛", ("relocation", 0.9)), "step")
    assert step["step"] == 2
    assert any(step["say"].startswith(bridge) for bridge in book.reactions["hesitates"].bridges)


def test_insisting_before_any_reason_asks_once_and_then_processes(counter: Counter, book: Playbook) -> None:
    messages = counter.type("我要销户", "client_insists")
    assert texts(messages) == book.messages["ask_reason"]
    assert [b.payload for b in messages[0].buttons] == ["/process_closing"]
    assert only(counter.type("就是要销户", "client_insists"), "outcome")["state"] == "processing"


def test_insisting_twice_leads_through_the_trial_week_out(counter: Counter, book: Playbook) -> None:
    counter.hear("我要搬家了", ("relocation", 0.9))
    step = only(counter.press("/client_insists"), "step")
    assert step["case"] == "trial_week"
    assert any(step["say"].startswith(bridge) for bridge in book.reactions["insists"].bridges)
    assert only(counter.press("/client_insists"), "outcome")["state"] == "processing"


def test_a_client_who_must_leave_is_never_persuaded(counter: Counter, book: Playbook) -> None:
    counter.hear("我进证券公司上班了", ("identity", 0.95))
    for payload in ("/client_accepts", "/client_insists"):
        card = only(counter.press(payload), "outcome")
        assert card["state"] == "processing"
        assert "这是规定的要求" in card["say"]
    counter.press("/keep_reason")
    counter.press("/next_step")
    assert only(counter.press("/next_step"), "outcome")["state"] == "processing"
    assert visits_of(counter.sender)[0].case == "identity"


def test_back_from_the_trial_week_and_at_the_first_step(counter: Counter, book: Playbook) -> None:
    counter.hear("我要搬家了", ("relocation", 0.9))
    messages = counter.press("/previous_step")
    assert messages[0].text == book.messages["first_step"]
    assert only(messages, "step")["step"] == 1
    counter.press("/next_step")
    counter.press("/client_insists")
    step = only(counter.press("/previous_step"), "step")
    assert (step["case"], step["step"]) == ("relocation", 2)


@pytest.mark.parametrize(
    "payload", ["/next_step", "/previous_step", "/client_hesitates", "/client_accepts", "/keep_reason"]
)
def test_without_a_case_reactions_ask_for_the_reason(counter: Counter, book: Playbook, payload: str) -> None:
    assert texts(counter.press(payload)) == book.messages["ask_reason"]


@pytest.mark.parametrize("payload", ["/another_wording", "/why_this_step"])
def test_without_a_case_there_is_no_step_to_speak_of(counter: Counter, book: Playbook, payload: str) -> None:
    assert texts(counter.press(payload)) == book.messages["no_case"]


def test_anger_is_met_first_and_the_walk_stays(counter: Counter, book: Playbook) -> None:
    counter.hear("我要搬家了", ("relocation", 0.9))
    said = [only(counter.press("/client_is_angry"), "reaction")["say"] for _ in range(3)]
    assert said == book.reactions["angry"].bridges[:3]
    assert visits_of(counter.sender)[0].step == 1


def test_the_trial_week_hesitated_at_is_undecided(counter: Counter) -> None:
    counter.hear("我要搬家了", ("relocation", 0.9))
    counter.press("/client_insists")
    card = only(counter.press("/client_hesitates"), "outcome")
    assert (card["state"], card["outcome"], card["say"]) == ("proposed", "undecided", "")


def test_why_this_step(counter: Counter) -> None:
    counter.hear("别家便宜", COMMISSION)
    counter.press("/next_step")
    messages = counter.press("/why_this_step")
    assert "原则五" in messages[0].text
    assert "出处" in messages[0].text
    assert "与原指引的不同" in messages[0].text
    assert len(cards_of(messages, "research")) == 1
    assert visits_of(counter.sender)[0].step == 2


# --- unsure commands ---


def test_a_weak_command_is_asked_back_in_a_case(counter: Counter, book: Playbook) -> None:
    counter.hear("我要搬家了", ("relocation", 0.9))
    messages = counter.type("那个下", "next_step", confidence=0.2)
    assert texts(messages).startswith(book.messages["unsure_command"])
    assert messages[0].card["kind"] == "unsure"
    assert messages[0].buttons[0].payload == "/next_step"
    assert visits_of(counter.sender)[0].step == 1


@pytest.mark.parametrize(("confidence", "obeyed"), [(0.34, False), (0.35, True)])
def test_the_threshold_of_a_command(counter: Counter, confidence: float, obeyed: bool) -> None:
    counter.hear("我要搬家了", ("relocation", 0.9))
    assert bool(cards_of(counter.type("下一步", "next_step", confidence), "step")) is obeyed


def test_a_weak_reaction_before_any_case_is_taken_for_a_reason(counter: Counter) -> None:
    ranking = [("heavy_loss", 0.3), ("other", 0.2), ("relocation", 0.04)]
    messages = counter.type("唉 都这样了", "client_hesitates", 0.45, ranking)
    card = only(messages, "choices")
    assert [option["probability"] for option in card["options"]] == [0.3, 0.2, 0.04]


def test_a_name_in_weak_words_still_opens_the_client(counter: Counter) -> None:
    messages = counter.type("斤女士 尾号3021 呃", "next_step", confidence=0.2)
    assert [m.card["type"] for m in messages] == ["client"]
    assert counter.slots["client_no"] == "20030418"


def test_buttons_are_never_doubted(counter: Counter) -> None:
    turn = Turn(counter.sender, "/show_queue", "show_queue", 0.0, counter.today)
    assert only(counter.turn(turn), "choices")["kind"] == "queue"


# --- hints, apologies ---


def test_a_hint_is_given_once_a_visit(counter: Counter, book: Playbook) -> None:
    counter.type("查客户 20040517", "look_up_client")
    first = counter.hear("别家便宜", COMMISSION)
    (hint,) = [m for m in first if m.card.get("kind") == "hint"]
    assert "415 天没有我们主动联系" in hint.text
    later = counter.press('/choose_reason{"reason":"relocation"}')
    assert not [m for m in later if m.card.get("kind") == "hint"]


def test_a_reason_already_heard_is_no_hint(counter: Counter) -> None:
    counter.type("查客户 20040517", "look_up_client")
    messages = counter.hear("没人管,亏了这么多", ("service_dissatisfaction", 0.6), ("heavy_loss", 0.3))
    assert not [m for m in messages if m.card.get("kind") == "hint"]


@pytest.mark.parametrize("number", ["20060618", "20070719", "20091020"])
def test_a_client_without_signs_gets_no_hint(counter: Counter, number: str) -> None:
    counter.type(f"查客户 {number}", "look_up_client")
    messages = counter.hear("别家便宜", COMMISSION)
    assert not [m for m in messages if m.card.get("kind") == "hint"]


def test_no_hint_without_a_client_and_none_for_one_who_must_leave(counter: Counter) -> None:
    assert not [m for m in counter.hear("别家便宜", COMMISSION) if m.card.get("kind") == "hint"]
    other = Counter("counter-2")
    other.type("查客户 20040517", "look_up_client")
    assert not [m for m in other.hear("我进了证券公司", ("identity", 0.9)) if m.card.get("kind") == "hint"]


def test_a_hint_is_given_when_the_client_is_found_later(counter: Counter) -> None:
    counter.hear("别家便宜", COMMISSION)
    messages = counter.type("查客户 20040517", "look_up_client")
    messages += counter.press("/next_step")
    assert [m for m in messages if m.card.get("kind") == "hint"]


def test_the_apology_is_spent_once_over_two_cases(counter: Counter) -> None:
    said = [only(counter.hear("没人管我", ("service_dissatisfaction", 0.9)), "step")["say"]]
    counter.press("/next_step")
    said.append(only(counter.press('/choose_reason{"reason":"heavy_loss"}'), "step")["say"])
    said += [only(counter.press("/next_step"), "step")["say"] for _ in range(3)]
    said += [only(counter.press("/another_wording"), "step")["say"] for _ in range(3)]
    assert [apologises(say) for say in said] == [True] + [False] * 7


# --- what the client's own figures narrow ---


@pytest.mark.parametrize(
    ("number", "holds"),
    [("20091128", "floor_binds"), ("20030418", "floor_free")],
)
def test_the_minimum_decides_the_words(counter: Counter, book: Playbook, number: str, holds: str) -> None:
    counter.type(f"查客户 {number}", "look_up_client")
    counter.hear("把佣金降到万1", ("commission_cut_demand", 0.9))
    step = only(counter.press("/next_step"), "step")
    wording = (
        book.cases["commission_cut_demand"]
        .steps[1]
        .wordings[visits_of(counter.sender)[0].state["wordings"]["commission_cut_demand:2"]]
    )
    assert step["technique"] == "commission_math"
    assert wording.when == holds


def test_a_large_account_hears_its_own_words(counter: Counter, book: Playbook) -> None:
    with system_session() as session:
        session.execute(update(Account).where(Account.client_id == 2).values(cash_balance=600_000))
    counter.type("查客户 20030418", "look_up_client")
    step = only(counter.hear("别家便宜", COMMISSION), "step")
    assert step["say"].startswith("您账户里的钱不是小数目")


def test_relocation_names_the_branch_near_the_new_home(counter: Counter) -> None:
    counter.hear("我搬到市北区去住了", ("relocation", 0.9))
    for _ in range(2):
        counter.press("/next_step")
    step = only(counter.press("/next_step"), "step")
    assert visits_of(counter.sender)[0].state["whereabouts"] == "我搬到市北区去住了"
    with system_session() as session:
        near = session.execute(select(Branch.name).where(Branch.district.startswith("市北"))).scalar_one()
    assert near in step["say"]


# --- picking by number ---


@pytest.mark.parametrize(("typed", "place"), [("2", 1), ("选第三个", 2), ("最后那个", 2), ("前一个", 0)])
def test_a_reason_is_picked_by_its_number(counter: Counter, typed: str, place: int) -> None:
    rivals = [("service_dissatisfaction", 0.35), ("other", 0.1)]
    counter.hear("就是不太想做了", ("heavy_loss", 0.4), rivals=rivals)
    step = only(counter.type(typed, "choose_reason"), "step")
    assert step["case"] == ["heavy_loss", "service_dissatisfaction", "other"][place]


def test_a_client_is_picked_by_number(counter: Counter) -> None:
    listed = only(counter.type("谁在等", "show_queue"), "choices")["options"]
    client = only(counter.type("2", "choose_reason"), "client")
    assert client["client_no"] == "20030418"
    assert "斤秋荷" in listed[1]["title"]


def test_a_number_without_a_list_moves_nothing(counter: Counter, book: Playbook) -> None:
    counter.hear("亏了七成", LOSS)
    assert texts(counter.type("2", "choose_reason")) == book.messages["nothing_offered"]
    assert visits_of(counter.sender)[0].step == 1


def test_an_offence_the_advisor_thinks_of_is_answered_with_the_law(counter: Counter) -> None:
    counter.hear("亏了七成", LOSS)
    turn = Turn(
        counter.sender, "跟她说保证一年赚10%", "client_hesitates", 0.9, counter.today,
        violations=["guaranteed_return"],
    )  # fmt: skip
    card = only(counter.turn(turn), "alert")
    assert card["kind"] == "law"
    assert "135" in card["text"]
    assert visits_of(counter.sender)[0].step == 1


def readings() -> list[Reading]:
    with system_session() as session:
        return list(session.execute(select(Reading).order_by(Reading.id)).scalars())


def test_a_text_the_assistant_was_unsure_of_is_kept_masked_with_what_the_advisor_clicked(
    counter: Counter,
) -> None:
    counter.hear("斤女士 尾号3021 说想换换风水", ("heavy_loss", 0.3), rivals=[("other", 0.28)])
    counter.press('/choose_reason{"reason": "other"}')
    (kept,) = readings()
    assert (kept.kind, kept.suggested, kept.status) == ("unsure", "other", "open")
    assert "换换风水" in kept.text and "斤" not in kept.text and "3021" not in kept.text


def test_a_reading_that_the_advisor_corrects_is_kept(counter: Counter) -> None:
    counter.hear("对面天天打电话给我", ("small_gifts", 0.93))
    counter.press('/choose_reason{"reason": "competitor_solicitation"}')
    (kept,) = readings()
    assert (kept.kind, kept.suggested) == ("corrected", "competitor_solicitation")
    assert kept.read[0][0] == "small_gifts"


def test_a_reading_that_is_right_is_not_kept(counter: Counter) -> None:
    counter.hear("亏了七成", ("heavy_loss", 0.95))
    counter.press("/next_step")
    assert readings() == []
