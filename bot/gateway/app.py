"""Puts the API, the log-in and the pages on one FastAPI app."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.console import mount
from bot.gateway.api import router
from bot.gateway.rasa import RasaClient
from bot.gateway.settings import Settings, load_settings

log = logging.getLogger(__name__)

SESSION_SECONDS = 12 * 60 * 60


def create_app(settings: Settings | None = None, rasa: RasaClient | None = None) -> FastAPI:
    """Build the gateway.

    Args:
        settings: Ports and secrets; read from the environment if absent.
        rasa: Replaces the connection to Rasa in tests.
    """
    settings = settings or load_settings()
    client = rasa or RasaClient(settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await client.close()

    # Swagger's page loads scripts from a foreign host: only the description itself is served.
    app = FastAPI(
        title="留客 API",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.secret,
        session_cookie=settings.session_cookie,
        max_age=SESSION_SECONDS,
        same_site="lax",
    )

    @app.middleware("http")
    async def harden(request: Request, handle: RequestResponseEndpoint) -> Response:
        """No page of ours belongs into a foreign frame, and no address of ours into a foreign log."""
        response = await handle(request)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response

    @app.exception_handler(SQLAlchemyError)
    async def database_down(_request: Request, error: Exception) -> JSONResponse:
        """The API's callers are told to come again, not that the program is broken."""
        log.error("database not available: %s", error)
        return JSONResponse({"detail": "数据库暂时用不了，请过几秒再试"}, 503, headers={"Retry-After": "5"})

    app.state.settings, app.state.rasa = settings, client
    app.include_router(router)
    mount(app, settings, client)
    return app
