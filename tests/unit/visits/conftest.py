"""A counter for tests: types, presses buttons, and reads what the real desk wrote into a copy of the demo."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot.clients.book import ClientBook
from bot.clients.profile import ClientProfile
from bot.db.models import (
    Account,
    Complaint,
    Contact,
    FeeRequest,
    FollowUp,
    MonthlyActivity,
    Position,
    Trade,
    Transfer,
    Visit,
    VisitEvent,
)
from bot.db.session import reset_engine, system_session
from bot.nlu.figures import find_figures
from bot.playbook.book import Playbook, playbook
from bot.visits.answering import show_toolbox, why_this_step
from bot.visits.desk import Service, attend
from bot.visits.lawful import check_words
from bot.visits.messages import Message, Reply
from bot.visits.opening import business_question, look_up_client, new_visit, show_queue, small_talk
from bot.visits.outcome import record_outcome
from bot.visits.talk import Turn
from bot.visits.walking import walk_case
from bot.visits.working_out import work_out_commission
from tests.conftest import DEMO_ANCHOR, use_database

SERVICES: dict[str, Service] = {
    "action_walk": walk_case,
    "action_look_up_client": look_up_client,
    "action_work_out_commission": work_out_commission,
    "action_show_toolbox": show_toolbox,
    "action_why_this_step": why_this_step,
    "action_record_outcome": record_outcome,
    "action_new_visit": new_visit,
    "action_show_queue": show_queue,
    "action_answer_business": business_question,
    "action_check_words": check_words,
    "action_small_talk": small_talk,
}
_RULES = Path(__file__).parents[3] / "data" / "stories" / "rules.yml"


def _service_of() -> dict[str, Service]:
    rules = yaml.safe_load(_RULES.read_text(encoding="utf-8"))["rules"]
    return {rule["steps"][0]["intent"]: SERVICES[rule["steps"][1]["action"]] for rule in rules}


SERVICE_OF = _service_of()
REASON_RANKING = [("other", 0.04), ("heavy_loss", 0.03), ("relocation", 0.02)]


def entities_in(text: str, today: date) -> list[dict[str, Any]]:
    """What Rasa's extractor would hand on: figures as floats, names as text."""
    return [
        {
            "entity": figure.entity,
            "value": float(figure.value) if isinstance(figure.value, Decimal) else figure.value,
            "role": figure.role,
        }
        for figure in find_figures(text, today)
    ]


@dataclass
class Counter:
    """One conversation with the real desk, on the configured database."""

    sender: str = "counter-1"
    today: date = DEMO_ANCHOR
    replies: list[Reply] = field(default_factory=list)

    def turn(self, turn: Turn, service: Service | None = None) -> list[Message]:
        """Serve one turn; answers its messages."""
        reply = attend(turn, service or SERVICE_OF[turn.intent])
        self.replies.append(reply)
        return reply.messages

    def type(
        self,
        text: str,
        intent: str,
        confidence: float = 0.95,
        ranking: Sequence[tuple[str, float]] = (),
        service: Service | None = None,
    ) -> list[Message]:
        """Type a command or a reaction."""
        entities = entities_in(text, self.today)
        return self.turn(
            Turn(self.sender, text, intent, confidence, self.today, (), ranking, entities), service
        )

    def hear(
        self, text: str, *reasons: tuple[str, float], rivals: Sequence[tuple[str, float]] = ()
    ) -> list[Message]:
        """Relay client speech that states reasons, best first; `rivals` are likely but not stated."""
        named = [name for name, _ in (*reasons, *rivals)]
        ranking = [*reasons, *rivals, *(pair for pair in REASON_RANKING if pair[0] not in named)]
        return self.turn(
            Turn(
                self.sender,
                text,
                f"reason_{ranking[0][0]}",
                ranking[0][1],
                self.today,
                [(name, probability, text[:6]) for name, probability in reasons],
                ranking,
                entities_in(text, self.today),
            )
        )

    def press(self, payload: str) -> list[Message]:
        """Press a button: its payload is what Rasa gets."""
        intent, brace, rest = payload.removeprefix("/").partition("{")
        values = json.loads(brace + rest) if brace else {}
        entities = [{"entity": name, "value": value} for name, value in values.items()]
        return self.turn(Turn(self.sender, payload, intent, 1.0, self.today, (), (), entities))

    @property
    def slots(self) -> dict[str, Any]:
        """The slots of the last reply."""
        return self.replies[-1].slots


def cards_of(messages: Sequence[Message], kind: str) -> list[dict[str, Any]]:
    """The cards of one type."""
    return [message.card for message in messages if message.card["type"] == kind]


def only(messages: Sequence[Message], kind: str) -> dict[str, Any]:
    """The one card of a type."""
    (card,) = cards_of(messages, kind)
    return card


def texts(messages: Sequence[Message]) -> str:
    """All words of a reply, one message a line."""
    return "\n".join(message.text for message in messages)


def visits_of(sender: str) -> list[Visit]:
    """A conversation's visits, oldest first."""
    with system_session() as session:
        rows = session.execute(select(Visit).order_by(Visit.id)).scalars()
        return [v for v in rows if v.sender_id == sender or v.sender_id.startswith(f"{sender}#")]


def events_of(visit_id: int) -> list[VisitEvent]:
    """A visit's events in the order of their numbers."""
    with system_session() as session:
        statement = select(VisitEvent).where(VisitEvent.visit_id == visit_id).order_by(VisitEvent.seq)
        return list(session.execute(statement).scalars())


def follow_ups_of(visit_id: int) -> list[FollowUp]:
    """A visit's follow-up tasks."""
    with system_session() as session:
        statement = select(FollowUp).where(FollowUp.visit_id == visit_id).order_by(FollowUp.id)
        return list(session.execute(statement).scalars())


def profile(client_no: str, today: date = DEMO_ANCHOR) -> ClientProfile:
    """A client's profile from the configured database."""
    with system_session() as session:
        book = ClientBook(session, today)
        brief = book.by_number(client_no)
        assert brief is not None
        return book.profile(brief.client_id)


def trades(client_no: str, today: date = DEMO_ANCHOR) -> tuple[Decimal, ...]:
    """A client's trades of the twelve months that end on a day."""
    with system_session() as session:
        book = ClientBook(session, today)
        brief = book.by_number(client_no)
        assert brief is not None
        return book.trade_amounts(brief.client_id)


@pytest.fixture
def book() -> Playbook:
    """The installation's playbook."""
    return playbook()


KEPT_CLIENTS = 250


@pytest.fixture(scope="session")
def small_demo(demo_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with the first clients of its crowd only: two hundred copies of the whole would fill a disk."""
    file = tmp_path_factory.mktemp("small") / "demo.db"
    source = sqlite3.connect(demo_database_url.removeprefix("sqlite:///"))
    target = sqlite3.connect(file, isolation_level=None)
    try:
        source.backup(target)
        kept = f"SELECT id FROM client WHERE id <= {KEPT_CLIENTS} UNION SELECT client_id FROM visit"
        target.execute(f"CREATE TEMP TABLE kept AS {kept}")
        target.execute("BEGIN")
        for model in (Account, Trade, MonthlyActivity, Transfer, Position, Contact, Complaint, FeeRequest):
            table = model.__tablename__
            target.execute(f"DELETE FROM {table} WHERE client_id NOT IN (SELECT id FROM kept)")
        target.execute("DELETE FROM client WHERE id NOT IN (SELECT id FROM kept)")
        target.execute("COMMIT")
        target.execute("VACUUM")
    finally:
        source.close()
        target.close()
    return file


@pytest.fixture
def demo_copy_url(small_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """As the common fixture of this name, of the small demo; removed after the test."""
    copy = tmp_path / "copy.db"
    shutil.copy(small_demo, copy)
    url = use_database(monkeypatch, f"sqlite:///{copy}")
    yield url
    reset_engine()
    copy.unlink()


@pytest.fixture
def counter(demo_copy_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """A conversation of a plain channel on a demo of its own: served by advisor1."""
    monkeypatch.delenv("LIUKE_PLAIN_ADVISOR", raising=False)
    yield Counter()
