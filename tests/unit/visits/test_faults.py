"""What goes wrong: no log-in, a locked or broken database, a failing service, too long a text."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import func, select, update

from bot.db.models import FollowUp, Staff, Visit, VisitEvent
from bot.db.session import reset_engine, system_session
from bot.playbook.book import PLAYBOOK_DIR, Playbook, load_playbook
from bot.visits import desk, record
from bot.visits.desk import MAX_TEXT, attend
from bot.visits.talk import Talk, Turn
from bot.visits.walking import walk_case
from tests.conftest import DEMO_ANCHOR, use_database
from tests.unit.visits.conftest import Counter, cards_of, events_of, only, texts, visits_of

COMMISSION = ("commission_competition", 0.91)


def counted() -> tuple[int, ...]:
    with system_session() as session:
        return tuple(
            session.execute(select(func.count(model.id))).scalar_one()
            for model in (Visit, VisitEvent, FollowUp)
        )


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program writes and does not let go."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


@pytest.fixture
def impatient(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """A counter whose database does not wait long for another writer."""
    monkeypatch.setenv("LIUKE_DB_BUSY_MS", "40")
    reset_engine()
    return counter


def test_a_locked_database_is_said_and_nothing_is_written(
    impatient: Counter, demo_copy_url: str, book: Playbook
) -> None:
    before = counted()
    with locked(demo_copy_url):
        messages = impatient.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    assert [m.card for m in messages] == [
        {"type": "alert", "kind": "error", "text": book.messages["database_down"]}
    ]
    assert impatient.slots == {}
    assert counted() == before
    assert only(impatient.hear("斤女士 尾号3021 说别家便宜", COMMISSION), "step")["step"] == 1


def test_a_lock_in_mid_visit_keeps_the_place(impatient: Counter, demo_copy_url: str) -> None:
    impatient.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    before, state = counted(), dict(visits_of(impatient.sender)[0].state)
    with locked(demo_copy_url):
        assert not cards_of(impatient.press("/next_step"), "step")
        assert not cards_of(impatient.press('/record_outcome{"outcome":"left"}'), "outcome")
    assert counted() == before
    assert visits_of(impatient.sender)[0].state == state
    assert only(impatient.press("/next_step"), "step")["step"] == 2


def test_a_short_lock_is_waited_for(
    counter: Counter, demo_copy_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    monkeypatch.setenv("LIUKE_DB_BUSY_MS", "5000")
    reset_engine()
    held = locked(demo_copy_url)
    connection_open = threading.Event()

    def hold() -> None:
        with held:
            connection_open.set()
            threading.Event().wait(0.2)

    writer = threading.Thread(target=hold)
    writer.start()
    connection_open.wait(5)
    assert cards_of(counter.hear("别家便宜", COMMISSION), "step")
    writer.join()


def test_a_file_that_is_no_database_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Playbook
) -> None:
    (tmp_path / "broken.db").write_bytes(b"not a database at all" * 100)
    use_database(monkeypatch, f"sqlite:///{tmp_path / 'broken.db'}")
    assert texts(Counter().press("/next_step")) == book.messages["database_down"]
    reset_engine()


def test_a_database_without_tables_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, book: Playbook
) -> None:
    use_database(monkeypatch, f"sqlite:///{tmp_path / 'bare.db'}")
    assert texts(Counter().press("/next_step")) == book.messages["database_down"]
    reset_engine()


def failing(talk: Talk) -> None:
    """Writes a good deal before it fails."""
    talk.state.reason = talk.state.case = "other"
    talk.state.step = 1
    talk.visit.purpose = "half"
    record.append(talk.session, talk.visit, "note", {"text": "half"})
    record.close(talk.session, talk.visit, "left", DEMO_ANCHOR, "half")
    raise RuntimeError("the service broke")


def test_a_failing_service_leaves_nothing_half_written(
    counter: Counter, book: Playbook, caplog: pytest.LogCaptureFixture
) -> None:
    counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)
    before, visit = counted(), visits_of(counter.sender)[0]
    with caplog.at_level(logging.ERROR):
        messages = counter.type("下一步", "next_step", service=failing)
    assert texts(messages) == book.messages["internal_error"]
    assert counter.slots == {}
    assert "the service broke" in caplog.text
    assert counted() == before
    now = visits_of(counter.sender)[0]
    assert (now.state, now.status, now.purpose) == (visit.state, "open", visit.purpose)
    assert only(counter.press("/next_step"), "step")["step"] == 2


def test_a_failing_first_turn_opens_no_visit(counter: Counter) -> None:
    before = counted()
    counter.type("下一步", "next_step", service=failing)
    assert counted() == before


def test_an_intent_without_a_move_is_an_internal_error(counter: Counter, book: Playbook) -> None:
    assert texts(counter.type("嗯", "greet", service=walk_case)) == book.messages["internal_error"]


def test_a_broken_playbook_is_named(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copytree(PLAYBOOK_DIR, tmp_path / "playbook")
    (tmp_path / "playbook" / "cases" / "other.yml").unlink()
    monkeypatch.setattr(desk, "playbook", lambda: load_playbook(tmp_path / "playbook"))
    before = counted()
    messages = counter.press("/next_step")
    assert "剧本文件" in texts(messages)
    assert "other.yml" in texts(messages)
    assert counted() == before


def test_a_plain_channel_without_demo_and_advisor_is_not_signed_in(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, book: Playbook
) -> None:
    monkeypatch.delenv("LIUKE_PLAIN_ADVISOR", raising=False)
    counter = Counter()
    assert texts(counter.hear("斤女士 尾号3021 说别家便宜", COMMISSION)) == book.messages["not_signed_in"]
    assert counter.slots == {}
    assert counted() == (0, 0, 0)


@pytest.mark.parametrize("name", ["nobody", "advisor1"])
def test_a_plain_advisor_must_exist_and_be_active(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, book: Playbook, name: str
) -> None:
    monkeypatch.setenv("LIUKE_PLAIN_ADVISOR", name)
    with system_session() as session:
        session.execute(update(Staff).where(Staff.username == "advisor1").values(active=False))
    assert texts(counter.press("/next_step")) == book.messages["not_signed_in"]


def test_an_advisor_barred_in_mid_visit_is_served_no_more(counter: Counter, book: Playbook) -> None:
    counter.hear("别家便宜", COMMISSION)
    with system_session() as session:
        session.execute(update(Staff).where(Staff.username == "advisor1").values(active=False))
    assert texts(counter.type("查客户 20030418", "look_up_client")) == book.messages["not_signed_in"]


def test_the_conversation_of_a_waiting_visit_takes_it(counter: Counter) -> None:
    with system_session() as session:
        visit = session.execute(
            select(Visit).where(Visit.status == "waiting", Visit.client_id == 2)
        ).scalar_one()
        visit.advisor_id = 1
        sender = visit.sender_id
    there = Counter(sender)
    there.hear("别家便宜", COMMISSION)
    assert cards_of(there.press('/record_outcome{"outcome":"left"}'), "outcome")


@pytest.mark.parametrize("length", [MAX_TEXT + 1, 20_000])
def test_a_long_text_is_cut_and_that_is_said(counter: Counter, length: int) -> None:
    messages = counter.hear("别家便宜" + "啊" * (length - 4), COMMISSION)
    assert f"这段话太长（{length} 字），只看了前 {MAX_TEXT} 字" in messages[0].text
    assert only(messages, "step")["step"] == 1
    heard = events_of(visits_of(counter.sender)[0].id)[0].payload["text"]
    assert heard == "别家便宜" + "啊" * (MAX_TEXT - 4)


def test_a_text_at_the_limit_is_whole(counter: Counter) -> None:
    messages = counter.hear("别" * MAX_TEXT, COMMISSION)
    assert "太长" not in texts(messages)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3000"])
def test_no_text_is_said_to_be_none(counter: Counter, book: Playbook, text: str) -> None:
    assert texts(counter.type(text, "out_of_scope")) == book.messages["empty"]


@pytest.mark.parametrize(
    "text", ["{称呼}", "{0}", "%s %d", "'; DROP TABLE visit;--", "😀🙂‍↔️", "\x00\x07", "\u202e斤"]
)
def test_odd_texts_are_kept_as_they_are(counter: Counter, text: str) -> None:
    messages = counter.hear(text, ("relocation", 0.9))
    assert only(messages, "step")["case"] == "relocation"
    counter.press("/next_step")
    assert events_of(visits_of(counter.sender)[0].id)[0].payload["text"] == text


def test_attend_never_raises_for_a_strange_turn(counter: Counter) -> None:
    turn = Turn(
        "s", "x", "no_such_intent", float("nan"), date(2026, 11, 20), (), (), [{"entity": "client_no"}]
    )
    assert attend(turn, walk_case).messages
