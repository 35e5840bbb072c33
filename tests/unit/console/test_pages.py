"""The pages as a person meets them, without a browser: a busy database, slow answers, a changed person."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_simulation import user_simulation
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import Response

from bot.clients.identity import viewer_of
from bot.console import home, loading, login, notices, visit
from bot.console.aside import MOVED
from bot.console.session import SignedIn
from bot.db.models import Branch, Client, Visit
from bot.db.session import Viewer, system_session
from bot.gateway import reception
from bot.gateway.rasa import RasaClient
from bot.gateway.settings import Settings
from bot.playbook.book import playbook

CLIENT = "20030418"
SETTINGS = Settings(rasa_port=1, actions_port=1, secret="a-secret-for-tests-only")


class Someone(SignedIn):
    """Signed in without a cookie."""

    def __init__(self, username: str = "advisor1") -> None:
        super().__init__({"user": username, "key": "k", "since": time.time()})


def locked(*_args: object, **_more: object) -> None:
    raise OperationalError("update", {}, Exception("database is locked"))


def home_page() -> home.HomePage:
    viewer = viewer_of("advisor1")
    assert viewer is not None
    return home.HomePage(SETTINGS, Someone(), viewer)


def visit_page(number: int) -> visit.VisitPage:
    viewer = viewer_of("advisor1")
    assert viewer is not None
    rasa = RasaClient(SETTINGS, httpx.MockTransport(lambda _request: httpx.Response(200, json=[])))
    return visit.VisitPage(SETTINGS, rasa, Someone(), viewer, reception.view(viewer, number))


def begin(client_no: str | None = None) -> int:
    viewer = viewer_of("advisor1")
    assert viewer is not None
    return reception.start(viewer, client_no)


def move_client() -> None:
    with system_session() as session:
        client = session.execute(select(Client).where(Client.client_no == CLIENT)).scalar_one()
        other = select(Branch.id).where(Branch.id != client.branch_id).limit(1)
        client.branch_id = session.execute(other).scalar_one()


async def shown(user: User, page: home.HomePage | visit.VisitPage) -> None:
    @ui.page("/shown")
    async def build() -> None:
        await page.build()

    await user.open("/shown")


@pytest.fixture(autouse=True)
def _demo(demo_copy_url: str) -> None:
    """Each test changes its own copy."""


async def test_a_busy_database_is_said_on_the_home_page(monkeypatch) -> None:
    async with user_simulation() as user:
        page = home_page()
        await shown(user, page)
        monkeypatch.setattr(reception, "search", locked)
        await page._go(locked)
        await user.should_see(notices.DATABASE_BUSY)
        user.notify.messages.clear()
        page._search.set_value("金")
        await user.should_see(notices.DATABASE_BUSY)
        monkeypatch.setattr("bot.gateway.day.queue", locked)
        await page._refresh()
        assert page._banner.visible and "数据库" in page._banner.text
        monkeypatch.undo()


async def test_the_home_page_names_the_parts_that_are_down() -> None:
    async with user_simulation() as user:
        page = home_page()
        await shown(user, page)
        page._ticks = home.HEALTH_EVERY - 1
        await page._follow()
        assert page._banner.visible and "Rasa" in page._banner.text


async def test_who_waits_is_told_what_for(monkeypatch) -> None:
    monkeypatch.setattr(notices, "PATIENCE_SECONDS", 0.05)
    async with user_simulation() as user:
        page = home_page()
        await shown(user, page)
        started: list[int] = []

        def slow(_viewer: object) -> int:
            started.append(1)
            time.sleep(0.6)
            raise reception.Refused("晚了")

        first = asyncio.create_task(page._go(slow))
        await user.should_see("正在打开接待…")
        await page._go(slow)
        await first
        assert len(started) == 1
        await user.should_not_see("正在打开接待…")
        await user.should_see("晚了")


async def test_outcomes_are_named_by_the_playbook(monkeypatch) -> None:
    book = playbook()
    renamed = book.outcomes["kept"].copy(update={"title": "改了名"})
    book = replace(book, outcomes={**book.outcomes, "kept": renamed})
    monkeypatch.setattr("bot.gateway.reception.playbook", lambda: book)
    number = begin()
    with system_session() as session:
        seen = session.get(Visit, number)
        seen.status, seen.outcome, seen.closed_at = "closed", "kept", seen.opened_at
    async with user_simulation() as user:
        await shown(user, home_page())
        assert any("改了名" in html.content for html in user.find(ui.html).elements)


async def test_a_client_who_moved_away_is_no_client() -> None:
    number = begin(CLIENT)
    move_client()
    async with user_simulation() as user:
        page = visit_page(number)
        await shown(user, page)
        assert MOVED in page._client.content


async def test_a_client_that_could_not_be_read_is_drawn_later(monkeypatch) -> None:
    number = begin()
    async with user_simulation() as user:
        page = visit_page(number)
        await shown(user, page)
        with system_session() as session:
            client = session.execute(select(Client).where(Client.client_no == CLIENT)).scalar_one()
            session.get(Visit, number).client_id = client.id
        with monkeypatch.context() as patch:
            patch.setattr(reception, "profile", locked)
            await page._follow()
            assert CLIENT not in page._client.content and page._awaiting_recovery
        await page._follow()
        assert CLIENT in page._client.content


async def test_a_busy_database_is_said_on_the_visit_page() -> None:
    number = begin()
    async with user_simulation() as user:
        page = visit_page(number)
        await shown(user, page)
        await page._go(locked)
        await user.should_see(notices.DATABASE_BUSY)


async def test_a_change_of_role_and_branch_takes_effect_at_once(monkeypatch) -> None:
    number = begin()
    async with user_simulation() as user:
        page = visit_page(number)
        await shown(user, page)
        before = page._viewer
        changed = replace(before, role="supervisor")
        monkeypatch.setattr(page._signed_in, "viewer", lambda: changed)
        await page._follow()
        assert page._viewer == changed
        gone: list[int] = []
        monkeypatch.setattr(page, "_gone", lambda: gone.append(1))
        monkeypatch.setattr(
            page._signed_in, "viewer", lambda: replace(before, branch_id=before.branch_id + 1)
        )
        await page._follow()
        assert gone


def opened_by(user: User, monkeypatch, draw) -> None:
    """A page at /slow that a signed-in advisor opens."""

    async def let_in(_request: Request) -> tuple[SignedIn, Viewer]:
        viewer = viewer_of("advisor1")
        assert viewer is not None
        return Someone(), viewer

    monkeypatch.setattr(loading, "guard", let_in)

    @ui.page("/slow")
    async def page(request: Request) -> Response | None:
        return await loading.open_page(request, draw)


async def test_a_page_that_opens_slowly_says_so_and_then_appears(monkeypatch) -> None:
    monkeypatch.setattr(loading, "PATIENCE_SECONDS", 0.05)
    ready = asyncio.Event()

    async def draw(_signed_in: SignedIn, _viewer: Viewer) -> None:
        await ready.wait()
        ui.label("到了")

    async with user_simulation() as user:
        opened_by(user, monkeypatch, draw)
        await user.open("/slow")
        await user.should_see("正在打开")
        ready.set()
        await user.should_see("到了")
        await user.should_not_see("正在打开")


async def test_a_page_whose_record_cannot_be_read_says_so(monkeypatch) -> None:
    async def draw(_signed_in: SignedIn, _viewer: Viewer) -> None:
        locked()

    async with user_simulation() as user:
        opened_by(user, monkeypatch, draw)
        answer = await user.http_client.get("/slow")
        assert answer.status_code == 503
        assert "数据库暂时用不了" in answer.text and "http-equiv" in answer.text


async def test_nobody_can_be_looked_up_without_the_database(monkeypatch) -> None:
    async with user_simulation() as user:
        opened_by(user, monkeypatch, None)
        monkeypatch.setattr(loading, "guard", locked)
        assert (await user.http_client.get("/slow")).status_code == 503


def test_log_in_says_that_the_database_is_down(monkeypatch) -> None:
    app = FastAPI()
    app.include_router(login.router)
    monkeypatch.setattr(login, "try_sign_in", locked)
    answer = TestClient(app).post("/login", data={"username": "advisor1", "password": "x"})
    assert answer.status_code == 503
    assert notices.DATABASE_BUSY in answer.text
    assert "advisor1" in answer.text  # the name need not be typed again


async def test_who_takes_a_client_from_the_visit_page_is_told_what_is_waited_for(monkeypatch) -> None:
    monkeypatch.setattr(notices, "PATIENCE_SECONDS", 0.05)
    async with user_simulation() as user:
        page = visit_page(begin(CLIENT))
        await shown(user, page)

        def slow(_viewer: object) -> int:
            time.sleep(0.6)
            raise reception.Refused("晚了")

        taking = asyncio.create_task(page._go(slow))
        await user.should_see("正在打开接待…")
        await taking
        await user.should_not_see("正在打开接待…")
