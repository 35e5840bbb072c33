"""Hangs the pages on the gateway's app."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import Client, ui
from nicegui import app as pages
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from bot.console import home, login, playbook_page, review_page, visit
from bot.console.missing import missing
from bot.console.theme import PREFIX, STATIC
from bot.gateway.rasa import RasaClient
from bot.gateway.settings import Settings, var_dir


def mount(app: FastAPI, settings: Settings, rasa: RasaClient) -> None:
    """Add log-in, static files and all pages; call it last, the pages take every path that is left."""
    app.mount(PREFIX, StaticFiles(directory=STATIC))
    app.include_router(login.router)
    pages.storage.path = var_dir() / "nicegui"
    home.register(settings)
    playbook_page.register()
    review_page.register()
    visit.register(settings, rasa)
    pages.exception_handler(404)(_not_found)
    ui.run_with(
        app,
        title="留客",
        language="zh-CN",
        tailwind=False,
        storage_secret=settings.secret,
        show_welcome_message=False,
        reconnect_timeout=10.0,
    )


async def _not_found(request: Request, _error: Exception) -> Response:
    with Client(ui.page(""), request=request) as client:
        missing()
    return client.build_response(request, 404)
