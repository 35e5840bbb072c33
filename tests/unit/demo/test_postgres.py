"""The demo on PostgreSQL: the ids given by the generator must not collide with later ones."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.db import models as m
from bot.db.migrate import upgrade
from bot.db.session import reset_engine, system_session
from bot.demo.generate import generate
from bot.demo.queue import refresh_queue
from tests.conftest import use_database


def test_demo_on_postgresql(postgres_url: str, monkeypatch: pytest.MonkeyPatch, demo_password: str) -> None:
    use_database(monkeypatch, postgres_url)
    upgrade()
    day = date(2026, 11, 20)
    with system_session() as session:
        generate(session, day, demo_password, clients=40)
        assert refresh_queue(session, day) == 14
    with system_session() as session:
        branch = m.Branch(name="新", city="青岛市", district="李沧区", address="-", phone="-")
        session.add(branch)
        session.flush()
        assert branch.id == 4
        assert session.execute(select(m.Trade.amount).limit(1)).scalar_one() > 0
    reset_engine()
