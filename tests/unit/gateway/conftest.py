"""The API alone, on a copy of the demo, with a Rasa that is a function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.db.session import system_session
from bot.gateway import attempts
from bot.gateway.api import router
from bot.gateway.rasa import RasaClient
from bot.gateway.settings import Settings
from bot.visits import record

Answerer = Callable[[httpx.Request], httpx.Response]


class FakeRasa:
    """Remembers what it was sent; answers what it was told to."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.answer: Answerer = _served

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(json.loads(request.content))
        return self.answer(request)


def _served(request: httpx.Request) -> httpx.Response:
    """Write the turn down, as the desk does, and answer."""
    turn = json.loads(request.content)
    with system_session() as session:
        visit = record.visit_of_sender(session, turn["sender"])
        assert visit is not None
        record.append(session, visit, "advisor_text", {"text": turn["message"]})
    return httpx.Response(200, json=[{"text": "好"}])


@pytest.fixture
def settings() -> Settings:
    """No server listens on these ports."""
    return Settings(rasa_port=1, actions_port=1, secret="a-secret-for-tests-only")


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
def api(settings: Settings, rasa: FakeRasa, demo_copy_url: str) -> Iterator[TestClient]:
    """The JSON API."""
    app = FastAPI()
    app.state.settings = settings
    app.state.rasa = RasaClient(settings, httpx.MockTransport(rasa))
    app.include_router(router)
    attempts.attempts._failures.clear()
    with TestClient(app) as client:
        yield client
    attempts.attempts._failures.clear()


@pytest.fixture
def sign_in(api: TestClient, demo_password: str) -> Callable[[str], dict[str, str]]:
    """The headers of a demo user."""

    def headers(username: str) -> dict[str, str]:
        answer = api.post("/api/login", json={"username": username, "password": demo_password})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    return headers
