"""Who sits there: known, unknown, ambiguous, of another branch, from the queue; and his commission."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, func, select, update

from bot.clients.book import ClientBook
from bot.clients.finding import QueueEntry
from bot.db.models import Account, Client, Trade, Visit
from bot.db.session import system_session
from bot.demo.queue import refresh_queue
from bot.playbook.book import Playbook
from tests.conftest import DEMO_ANCHOR
from tests.unit.visits.conftest import Counter, cards_of, only, texts, visits_of

COMMISSION = ("commission_competition", 0.91)


def elsewhere() -> Client:
    """A client of branch 2."""
    with system_session() as session:
        statement = select(Client).where(Client.branch_id == 2).order_by(Client.id).limit(1)
        return session.execute(statement).scalar_one()


@pytest.mark.parametrize("text", ["查客户 20030418", "斤女士 尾号3021", "尾号3021 斤女士"])
def test_a_client_is_found(counter: Counter, text: str) -> None:
    card = only(counter.type(text, "look_up_client"), "client")
    assert (card["client_no"], card["salutation"], card["only_look"]) == ("20030418", "斤女士", False)
    assert card["turnover_12m"] == "100000.00"
    assert [flag["id"] for flag in card["flags"]] == ["no_contact", "rate_above_branch"]
    assert visits_of(counter.sender)[0].client_id == 2


@pytest.mark.parametrize("text", ["查客户 99999999", "斤女士 尾号9999"])
def test_an_unknown_client_is_said_to_be_unknown_and_the_talk_goes_on(
    counter: Counter, book: Playbook, text: str
) -> None:
    messages = counter.hear(f"{text} 说别家便宜", COMMISSION)
    assert messages[0].text == book.messages["client_unknown"]
    step = only(messages, "step")
    assert step["step"] == 1
    assert visits_of(counter.sender)[0].client_id is None
    for _ in range(6):
        assert not any(sign in texts(counter.press("/next_step")) for sign in ("斤女士", "{", "成交100"))


def test_a_client_of_another_branch_does_not_exist_here(counter: Counter, book: Playbook) -> None:
    client = elsewhere()
    by_number = counter.type(f"查客户 {client.client_no}", "look_up_client")
    by_tail = counter.type(f"{client.name} 尾号{client.phone[-4:]}", "look_up_client")
    for messages in (by_number, by_tail):
        assert client.name not in texts(messages)
        assert not cards_of(messages, "client")
    assert texts(by_number) == book.messages["client_unknown"]
    assert visits_of(counter.sender)[0].client_id is None


def test_his_own_advisor_finds_him(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIUKE_PLAIN_ADVISOR", "advisor3")
    client = elsewhere()
    there = Counter("counter-3")
    assert only(there.type(f"查客户 {client.client_no}", "look_up_client"), "client")["name"] == client.name
    assert visits_of("counter-3")[0].branch_id == 2
    assert not cards_of(there.type("查客户 20030418", "look_up_client"), "client")


def test_an_ambiguous_tail_makes_a_list_to_click(counter: Counter, book: Playbook) -> None:
    with system_session() as session:
        session.execute(update(Client).where(Client.id == 1).values(phone="10099993021"))
    messages = counter.type("尾号3021", "look_up_client")
    card = only(messages, "choices")
    assert (card["kind"], card["question"]) == ("client", book.messages["client_many"])
    assert {option["title"] for option in card["options"]} >= {
        "斤秋荷 尾号3021 · 20030418",
        "发劳 尾号3021 · 20050315",
    }
    assert visits_of(counter.sender)[0].client_id is None
    payload = next(o["payload"] for o in card["options"] if "20050315" in o["payload"])
    assert only(counter.press(payload), "client")["client_no"] == "20050315"


def test_a_bare_name_is_a_search_only_when_looking_up(counter: Counter) -> None:
    messages = counter.hear("赵先生说别家便宜", COMMISSION)
    assert [m.card["type"] for m in messages] == ["reasons", "step"]
    card = only(counter.type("查一下王先生", "look_up_client"), "choices")
    assert 2 <= len(card["options"]) <= 6


def test_another_client_may_be_looked_at_without_changing_the_visit(counter: Counter) -> None:
    counter.type("查客户 20030418", "look_up_client")
    messages = counter.type("查客户 20040517", "look_up_client")
    assert "当前接待的是斤女士" in messages[0].text
    card = only(messages, "client")
    assert card["only_look"] is True
    assert visits_of(counter.sender)[0].client_id == 2
    message = next(m for m in messages if m.card["type"] == "client")
    counter.press(message.buttons[0].payload)
    assert [visit.client_id for visit in visits_of(counter.sender)] == [2, 3]


def test_looking_up_nobody_asks_who(counter: Counter, book: Playbook) -> None:
    assert texts(counter.type("查客户", "look_up_client")) == book.messages["client_needed"]
    counter.type("查客户 20030418", "look_up_client")
    assert only(counter.type("查客户", "look_up_client"), "client")["client_no"] == "20030418"


def test_a_client_found_in_a_case_fills_the_steps_after(counter: Counter) -> None:
    counter.hear("别家给0.2%", COMMISSION)
    messages = counter.type("查客户 20030418", "look_up_client")
    assert [m.card["type"] for m in messages] == ["client", "step", "alert"]
    assert "一年差50元" in only(counter.press("/next_step"), "step")["say"]


def test_a_rate_heard_at_the_commission_step_is_worked_into_its_words(counter: Counter) -> None:
    counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    assert "差50元" not in only(counter.press("/next_step"), "step")["say"]
    assert "一年差50元" in only(counter.hear("对方给0.2%", COMMISSION), "step")["say"]


def test_a_client_who_is_moved_to_another_branch_does_not_break_the_visit(counter: Counter) -> None:
    counter.hear("斤女士 尾号3021 要搬走", ("relocation", 0.9))
    with system_session() as session:
        session.execute(update(Client).where(Client.id == 2).values(branch_id=2))
    assert cards_of(counter.press("/next_step"), "step")


def test_a_client_who_pays_no_commission_can_be_served(counter: Counter) -> None:
    with system_session() as session:
        session.execute(update(Account).where(Account.client_id == 2).values(commission_rate=0))
    assert cards_of(counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION), "step")


# --- the queue ---


@pytest.mark.parametrize(
    ("spoken", "number"),
    [("斤小姐", "20030418"), ("斤女士", "20030418"), ("张热晴", "20060618"), ("张热情", "20060618")],
)
def test_a_name_that_waits_in_the_queue_is_offered_once(
    counter: Counter, book: Playbook, spoken: str, number: str
) -> None:
    counter.hear("别家便宜", COMMISSION)
    card = only(counter.hear(f"客户叫{spoken} 别家给0.2%", COMMISSION), "choices")
    assert (card["kind"], card["question"]) == ("waiting", book.messages["client_waiting"])
    (option,) = card["options"]
    assert visits_of(counter.sender)[0].client_id is None
    assert not cards_of(counter.hear(f"客户叫{spoken} 别家给0.19%", COMMISSION), "choices")
    assert only(counter.press(option["payload"]), "client")["client_no"] == number
    assert not cards_of(counter.hear(f"{spoken}说别家0.1%", COMMISSION), "choices")


@pytest.mark.parametrize("spoken", ["斤先生", "赵女士", "客户叫张建军", "客户叫陈建"])
def test_a_name_that_nobody_in_the_queue_bears_is_left_alone(counter: Counter, spoken: str) -> None:
    assert not cards_of(counter.hear(f"{spoken} 说别家便宜", COMMISSION), "choices")


def test_who_is_named_by_tail_waits_no_longer(counter: Counter) -> None:
    counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    (visit,) = visits_of(counter.sender)
    assert (visit.client_id, visit.queue_no, visit.purpose) == (2, 2, "撤销指定交易")
    titles = [o["title"] for o in only(counter.type("谁在等", "show_queue"), "choices")["options"]]
    assert len(titles) == 7 and not any("斤" in title for title in titles)


def test_who_is_only_looked_up_goes_on_waiting(counter: Counter) -> None:
    counter.type("查客户 20030418", "look_up_client")
    assert len(only(counter.type("谁在等", "show_queue"), "choices")["options"]) == 8
    counter.hear("别家便宜", COMMISSION)
    assert len(only(counter.type("谁在等", "show_queue"), "choices")["options"]) == 7


def test_of_two_who_call_the_same_client_one_is_told(
    counter: Counter, book: Playbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = only(counter.type("谁在等", "show_queue"), "choices")["options"][1]["payload"]
    real = ClientBook.queue

    def called_meanwhile(self: ClientBook) -> list[QueueEntry]:
        found = real(self)
        self._session.execute(update(Visit).where(Visit.client_id == 2).values(status="open"))
        return found

    monkeypatch.setattr(ClientBook, "queue", called_meanwhile)
    assert book.messages["queue_taken"] in texts(counter.press(payload))
    assert visits_of(counter.sender)[0].client_id is None


def test_whom_a_colleague_has_called_stays_with_the_colleague(counter: Counter) -> None:
    with system_session() as session:
        session.execute(update(Visit).where(Visit.client_id == 2).values(status="open"))
    counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    (visit,) = visits_of(counter.sender)
    assert (visit.client_id, visit.queue_no) == (2, None)


def test_the_queue_lists_this_branch_and_each_is_one_click_away(counter: Counter) -> None:
    card = only(counter.type("今天有谁在等", "show_queue"), "choices")
    assert [option["title"].split()[1] for option in card["options"]] == [
        "发劳", "斤秋荷", "王腰", "张热晴", "乔迁", "李固", "镜中花", "陈聪",
    ]  # fmt: skip
    messages = counter.press(card["options"][1]["payload"])
    assert only(messages, "client")["client_no"] == "20030418"
    (visit,) = visits_of(counter.sender)
    assert (visit.client_id, visit.queue_no, visit.purpose, visit.status) == (2, 2, "撤销指定交易", "open")
    assert visit.queued_at is not None
    left = only(counter.type("还有谁", "show_queue"), "choices")["options"]
    assert len(left) == 7


def test_a_client_already_taken_is_gone(counter: Counter, book: Playbook) -> None:
    payload = only(counter.type("谁在等", "show_queue"), "choices")["options"][0]["payload"]
    Counter("counter-2").press(payload)
    assert book.messages["queue_taken"] in texts(counter.press(payload))
    assert visits_of(counter.sender)[0].client_id is None


def test_another_branch_s_queue_cannot_be_taken_from(counter: Counter) -> None:
    with system_session() as session:
        waiting = select(Visit.id).where(Visit.branch_id == 2, Visit.status == "waiting").limit(1)
        visit_id = session.execute(waiting).scalar_one()
    messages = counter.press(f'/new_visit{{"visit":"{visit_id}"}}')
    assert not cards_of(messages, "client")
    with system_session() as session:
        assert session.get(Visit, visit_id).status == "waiting"


def test_an_empty_queue_is_said_to_be_empty(counter: Counter, book: Playbook) -> None:
    counter.today = DEMO_ANCHOR + timedelta(days=1)
    assert texts(counter.type("谁在等", "show_queue")) == book.messages["queue_empty"]


def test_a_client_served_does_not_wait_again_after_a_restart(counter: Counter) -> None:
    payload = only(counter.type("谁在等", "show_queue"), "choices")["options"][1]["payload"]
    counter.press(payload)
    with system_session() as session:
        refresh_queue(session, DEMO_ANCHOR)
    assert len(only(counter.type("谁在等", "show_queue"), "choices")["options"]) == 7


def test_a_payload_with_a_bad_number_is_no_fault_of_ours(counter: Counter, book: Playbook) -> None:
    assert book.messages["internal_error"] not in texts(counter.press('/new_visit{"visit":"x"}'))


# --- commission ---


def test_the_rate_is_asked_for_then_the_turnover(counter: Counter, book: Playbook) -> None:
    assert texts(counter.type("算佣金", "work_out_commission")) == book.messages["rate_needed"]
    assert texts(counter.type("算佣金 万1.5", "work_out_commission")) == book.messages["turnover_needed"]
    card = only(counter.type("斤女士 尾号3021 算佣金", "work_out_commission"), "commission")
    assert card["theirs"]["rate"] == "0.00015"


def test_no_commission_at_all_asks_for_the_rate(counter: Counter, book: Playbook) -> None:
    counter.type("查客户 20030418", "look_up_client")
    assert texts(counter.type("算佣金", "work_out_commission")) == book.messages["rate_needed"]


def test_commission_from_the_turnover_alone_says_so(counter: Counter) -> None:
    messages = counter.type("我们千2,对方万2,一年做200万", "work_out_commission")
    card = only(messages, "commission")
    assert (card["basis"], card["trades"]) == ("turnover", None)
    assert Decimal(card["yearly_difference"]) == Decimal(3600)
    assert "只按成交总额" in messages[0].text


def test_a_client_without_trades_is_worked_out_from_what_he_says(counter: Counter) -> None:
    with system_session() as session:
        session.execute(delete(Trade).where(Trade.client_id == 2))
    counter.type("查客户 20030418", "look_up_client")
    card = only(counter.type("对方万2.5,一年做100万", "work_out_commission"), "commission")
    assert (card["basis"], Decimal(card["yearly_difference"])) == ("turnover", Decimal(2250))


def test_the_minimum_binds_and_is_told(counter: Counter) -> None:
    counter.type("查客户 20091128", "look_up_client")
    card = only(counter.type("对方万1", "work_out_commission"), "commission")
    assert card["yearly_difference"] == "0.00"
    assert card["ours"]["floor_trades"] == 12
    free = only(counter.type("对方万1免五", "work_out_commission"), "commission")
    assert (free["theirs"]["min_fee"], free["theirs"]["floor_trades"]) == ("0.0", 0)
    assert Decimal(free["yearly_difference"]) > 50


def test_an_absurd_rate_is_refused_and_the_words_stay_true(counter: Counter) -> None:
    counter.type("查客户 20030418", "look_up_client")
    messages = counter.type("对方千五", "work_out_commission")
    assert not cards_of(messages, "commission")
    assert "没有拿来算" in texts(messages)
    counter.hear("别家便宜", COMMISSION)
    step = only(counter.press("/next_step"), "step")
    assert "0.5%" not in step["say"]
    assert "您这一年成交10万元" in step["say"]


def test_a_refused_rate_does_not_push_out_the_one_before(counter: Counter) -> None:
    counter.type("查客户 20030418", "look_up_client")
    counter.type("对方万2", "work_out_commission")
    counter.type("对方千五", "work_out_commission")
    counter.hear("别家便宜", COMMISSION)
    assert cards_of(counter.press("/next_step"), "commission")


def test_his_own_rate_alone_is_no_offer(counter: Counter) -> None:
    counter.type("查客户 20030418", "look_up_client")
    counter.hear("她说我们收0.25%太高", COMMISSION)
    assert visits_of(counter.sender)[0].state["offered_rate"] is None


@pytest.mark.parametrize("text", ["我们0.25%,那边给0.2%", "那边给0.2%,我们0.25%"])
def test_of_two_rates_his_own_is_ours(counter: Counter, text: str) -> None:
    counter.type("查客户 20030418", "look_up_client")
    counter.hear(text, COMMISSION)
    assert Decimal(visits_of(counter.sender)[0].state["offered_rate"]) == Decimal("0.002")


def test_new_figures_show_the_step_again_instead_of_going_on(counter: Counter) -> None:
    counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    counter.press("/next_step")
    messages = counter.hear("对方给0.2%", COMMISSION)
    assert only(messages, "step")["step"] == 2
    assert only(messages, "commission")["yearly_difference"] == "50.00"


def test_new_figures_are_in_the_words_at_once(counter: Counter) -> None:
    counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    counter.press("/next_step")
    assert "一年差50元" in only(counter.hear("对方给0.2%", COMMISSION), "step")["say"]


def test_a_dearer_offer_names_no_saving(counter: Counter) -> None:
    counter.type("查客户 20030418", "look_up_client")
    counter.hear("对方千三", COMMISSION)
    messages = counter.press("/next_step")
    assert "一年差" not in only(messages, "step")["say"]
    assert Decimal(only(messages, "commission")["yearly_difference"]) < 0
    assert only(messages, "commission")["match_cost"] == "0"


def test_nothing_of_a_visit_changes_the_client_s_rows(counter: Counter) -> None:
    def rows() -> list[object]:
        with system_session() as session:
            return [
                session.execute(select(func.count(Trade.id), func.sum(Trade.amount))).one(),
                session.execute(select(func.count(Account.id), func.sum(Account.commission_rate))).one(),
            ]

    before = rows()
    counter.hear("斤女士 尾号3021 说别家给0.2%", COMMISSION)
    for _ in range(7):
        counter.press("/next_step")
    counter.press('/record_outcome{"outcome":"left"}')
    assert rows() == before


def test_a_turnover_named_beside_the_one_on_file_is_not_dropped_in_silence(
    counter: Counter, book: Playbook
) -> None:
    counter.type("查客户 20030418", "look_up_client")
    said = texts(counter.hear("对方万1，我一年做200万", COMMISSION))
    assert book.messages["turnover_on_file"].format(成交额="10万") in said


def test_a_rate_named_as_ours_beside_the_one_on_file_is_not_dropped_in_silence(
    counter: Counter, book: Playbook
) -> None:
    counter.type("查客户 20030418", "look_up_client")  # his rate: 0.25%
    said = texts(counter.hear("你们万3，别家万1", COMMISSION))
    assert "系统里这位客户在我们这里的费率是" in said
    assert "系统里" not in texts(counter.hear("我们0.25%，别家万1.2", COMMISSION))


def test_a_rate_once_told_is_not_asked_for_again(counter: Counter) -> None:
    """Also without a client: the sum cannot be worked out, but the rate has been said."""
    counter.hear("别家给我万1", COMMISSION)
    for _ in range(4):
        assert "报的是多少" not in texts(counter.press("/another_wording"))
