"""Finding clients in the demo, and their profiles, against sums worked out apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clients.book import MOST_FOUND, ClientBook, UnknownClientError
from bot.clients.profile import FlagThresholds
from bot.db.models import Account, Client, Complaint, Contact, Position, Trade, Visit
from bot.db.session import Viewer, session_scope, system_session
from bot.demo.characters import CHARACTERS

pytestmark = pytest.mark.usefixtures("demo_database")


@pytest.fixture
def session(advisor1: Viewer) -> Iterator[Session]:
    with session_scope(advisor1) as opened:
        yield opened


@pytest.fixture
def book(session: Session, demo_anchor: date) -> ClientBook:
    return ClientBook(session, demo_anchor)


def foreign_client() -> Client:
    with system_session() as session:
        return session.execute(select(Client).where(Client.branch_id == 2).limit(1)).scalar_one()


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda c: c.key)
def test_each_character_is_found_in_every_way(book: ClientBook, character) -> None:
    brief = book.by_number(character.client_no)
    assert brief is not None and brief.name == character.name
    assert brief.phone_tail == character.phone_tail
    assert book.by_tail(character.phone_tail) == [brief]
    for said in (brief.salutation, character.name, character.name[0], character.name + brief.salutation[1:]):
        assert book.by_name_and_tail(said, character.phone_tail) == [brief]
    for text in (character.client_no, character.name, f"{brief.salutation} 尾号{character.phone_tail}"):
        assert brief in book.search(text)


def test_a_nickname_with_a_tail_is_understood(book: ClientBook) -> None:
    assert [c.name for c in book.by_name_and_tail("斤斤计较小姐", "3021")] == ["斤秋荷"]


def test_gender_and_tail_must_fit(book: ClientBook) -> None:
    assert book.by_name_and_tail("斤先生", "3021") == []
    assert book.by_name_and_tail("斤女士", "3022") == []
    assert book.by_name_and_tail("王女士", "3021") == []


@pytest.mark.parametrize("tail", ["", "21", "abcd", "%%%%", "30 21", "٣٠٢١x"])
def test_what_is_no_tail_finds_nobody(book: ClientBook, tail: str) -> None:
    assert book.by_tail(tail) == []
    assert book.by_name_and_tail("斤女士", tail) == []


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "%女士", "' OR 1=1 --"])
def test_odd_searches_find_nobody(book: ClientBook, text: str) -> None:
    assert book.search(text) == []


def test_searches_are_bounded(book: ClientBook) -> None:
    assert 0 < len(book.search("王")) <= MOST_FOUND
    assert len(book.search("200")) <= MOST_FOUND
    assert all(c.name.startswith("王") and c.gender == "F" for c in book.search("王女士"))
    assert [c.name for c in book.search("秋荷")] == ["斤秋荷"]


def test_other_branches_are_out_of_reach(book: ClientBook) -> None:
    other = foreign_client()
    assert book.by_number(other.client_no) is None
    assert other.id not in [c.client_id for c in book.by_tail(other.phone[-4:])]
    assert other.id not in [c.client_id for c in book.search(other.client_no)]
    assert book.trade_amounts(other.id) == ()
    for client_id in (other.id, 10**6):
        with pytest.raises(UnknownClientError):
            book.profile(client_id)


def test_profile_of_the_commission_case(book: ClientBook, demo_anchor: date) -> None:
    brief = book.by_number("20030418")
    assert brief is not None
    profile = book.profile(brief.client_id)
    assert profile.salutation == "斤女士"
    assert profile.phone_tail == "3021"
    assert profile.tenure_years == 6
    assert profile.assets == Decimal("38200.00")
    assert profile.cash == Decimal("8.20")
    assert (profile.turnover_12m, profile.trades_12m) == (Decimal("100000.00"), 8)
    assert profile.commission_12m == Decimal("250.00")
    assert (profile.commission_rate, profile.min_fee) == (Decimal("0.0025"), Decimal(5))
    assert profile.days_since_contact == 143
    assert profile.last_contact_on == demo_anchor - timedelta(days=143)
    assert [flag.id for flag in profile.flags] == ["no_contact", "rate_above_branch"]
    assert profile.id_doc_valid and profile.designated and not profile.margin
    assert sum(book.trade_amounts(brief.client_id)) == Decimal(100000)
    assert min(book.trade_amounts(brief.client_id)) >= 2500


def test_profile_of_the_loss_case(book: ClientBook) -> None:
    brief = book.by_number("20040517")
    assert brief is not None
    profile = book.profile(brief.client_id)
    assert profile.loss_12m == Decimal("140000.00")
    assert profile.loss_ratio_12m == Decimal("0.7")
    assert "heavy_loss" in [flag.id for flag in profile.flags]


def test_profile_of_the_service_case(book: ClientBook) -> None:
    brief = book.by_number("20050315")
    assert brief is not None
    profile = book.profile(brief.client_id)
    assert profile.open_complaints == 1
    assert profile.flags[0].id == "open_complaint"
    assert profile.days_since_contact == 402  # his own calls do not count as being looked after


def test_thresholds_come_from_outside(session: Session, demo_anchor: date) -> None:
    patient = FlagThresholds(
        no_contact_days=143, heavy_loss_ratio=Decimal("0.71"), rate_above_branch=Decimal(9)
    )
    book = ClientBook(session, demo_anchor, patient)
    assert book.profile(2).flags == ()
    assert "heavy_loss" not in [flag.id for flag in book.profile(3).flags]


@pytest.mark.parametrize("offset", range(0, 40, 4))
def test_profiles_add_up(session: Session, book: ClientBook, demo_anchor: date, offset: int) -> None:
    """The same sums, worked out in Python from all rows."""
    client = session.execute(select(Client).order_by(Client.id).offset(offset).limit(1)).scalar_one()
    profile = book.profile(client.id)
    trades = session.execute(select(Trade).where(Trade.client_id == client.id)).scalars().all()
    recent = [t for t in trades if demo_anchor.replace(year=2025) < t.traded_at.date() <= demo_anchor]
    assert profile.turnover_12m == sum((t.amount for t in recent), Decimal(0))
    assert profile.trades_12m == len(recent)
    assert profile.commission_12m == sum((t.commission for t in recent), Decimal(0))
    assert sorted(book.trade_amounts(client.id)) == sorted(t.amount for t in recent)
    accounts = session.execute(select(Account).where(Account.client_id == client.id)).scalars().all()
    positions = session.execute(select(Position).where(Position.client_id == client.id)).scalars().all()
    assert profile.cash == sum((a.cash_balance for a in accounts), Decimal(0))
    assert profile.assets == profile.cash + sum((p.market_value for p in positions), Decimal(0))
    contacts = session.execute(select(Contact).where(Contact.client_id == client.id)).scalars().all()
    last = max((c.at.date() for c in contacts if c.direction == "out"), default=None)
    assert profile.last_contact_on == last
    complaints = session.execute(select(Complaint).where(Complaint.client_id == client.id)).scalars().all()
    assert profile.open_complaints == sum(1 for c in complaints if c.resolved_at is None)
    assert profile.loss_12m >= 0


def test_shorter_windows(book: ClientBook) -> None:
    amounts = book.trade_amounts(2, months=3)
    assert 0 < len(amounts) < 8
    assert book.trade_amounts(2)[-len(amounts) :] == amounts


def test_the_queue_is_the_decks_cases_in_order(book: ClientBook) -> None:
    queue = book.queue()
    assert [entry.client.name for entry in queue if entry.client] == [c.name for c in CHARACTERS]
    assert [entry.queue_no for entry in queue] == list(range(1, 9))
    assert queue[5].purpose == "销户"


def test_queues_of_others(advisor3: Viewer, demo_anchor: date) -> None:
    with session_scope(advisor3) as session:
        assert len(ClientBook(session, demo_anchor).queue()) == 3
        assert ClientBook(session, demo_anchor + timedelta(days=1)).queue() == []
    with session_scope(Viewer(12, "admin1", "蒋宁", "admin", 1)) as session:
        assert len(ClientBook(session, demo_anchor).queue()) == 8
    with system_session() as session:
        assert len(ClientBook(session, demo_anchor).queue()) == 14


def test_a_visitor_from_another_branch_waits_without_his_file(
    demo_copy_url: str, advisor1: Viewer, demo_anchor: date
) -> None:
    other = foreign_client()
    with system_session() as session:
        session.get(Visit, 1).client_id = other.id
    with session_scope(advisor1) as session:
        queue = ClientBook(session, demo_anchor).queue()
    assert len(queue) == 8
    assert [entry.client is None for entry in queue].count(True) == 1


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("搬到市北住了", "市北区"), ("市北区延吉路", "市北区"), ("静安", None), ("搬到上海去了", "黄浦区"),
        ("青岛", "市南区"), ("", None), ("北京", None),
    ],
)  # fmt: skip
def test_nearest_branch(book: ClientBook, text: str, district: str | None) -> None:
    found = book.nearest_branch(text)
    assert (found.district if found else None) == district


def test_a_client_without_anything(demo_copy_url: str, advisor1: Viewer, demo_anchor: date) -> None:
    with system_session() as session:
        session.add(
            Client(
                id=9001, client_no="29990001", name="欧阳新", gender="M", phone="10099990001",
                birth_date=date(1990, 1, 1), id_doc_valid_until=demo_anchor - timedelta(days=1), branch_id=1,
                segment="retail", opened_on=demo_anchor,
            )
        )  # fmt: skip
    with session_scope(advisor1) as session:
        profile = ClientBook(session, demo_anchor).profile(9001)
    assert profile.salutation == "欧阳先生"
    assert (profile.assets, profile.turnover_12m, profile.trades_12m) == (0, 0, 0)
    assert profile.loss_ratio_12m is None and profile.last_contact_on is None
    assert not profile.id_doc_valid
    assert [flag.id for flag in profile.flags] == ["no_contact", "no_position", "id_doc_expired"]
