"""Opens a page: says so when it takes long, and says what is wrong when the database does not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from nicegui import ui
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.notices import PATIENCE_SECONDS
from bot.console.session import SignedIn, guard
from bot.console.theme import stylesheet
from bot.db.session import Viewer

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
_DOWN = (
    "<main class=missing><h1>数据库暂时用不了</h1><p>已登记的内容都在。这个页面每 5 秒自动再试一次。"
    "客户急着走，可先按手册办理。</p><a class='btn primary' href=''>现在再试</a></main>"
)


def database_down() -> HTMLResponse:
    """The page shown in place of one that cannot be read now; it asks again by itself."""
    html = f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>稍等 · 留客</title>
<meta http-equiv="refresh" content="{RETRY_SECONDS}">{stylesheet()}</head><body>{_DOWN}</body></html>"""
    return HTMLResponse(html, 503, headers={"Cache-Control": "no-store", "Retry-After": str(RETRY_SECONDS)})


async def open_page(request: Request, draw: Callable[[SignedIn, Viewer], Awaitable[None]]) -> Response | None:
    """Let a signed-in person see a page; anybody else goes to the log-in.

    Args:
        request: what the browser asked for.
        draw: builds the page. When it takes longer than a second, the browser gets the page at once with a
            line that says what is waited for, and the rest when it is there.
    """
    try:
        found = await guard(request)
    except SQLAlchemyError:
        log.exception("database not available")
        return database_down()
    if isinstance(found, Response):
        return found
    signed_in, viewer = found
    content = ui.element("div").classes("page")

    async def build() -> None:
        with content:
            await draw(signed_in, viewer)

    building = asyncio.create_task(build())
    done, _ = await asyncio.wait({building}, timeout=PATIENCE_SECONDS)
    line = None
    if not done:
        ui.add_head_html(stylesheet())
        line = ui.label("正在打开，资料读取得比平时慢…").classes("waiting-line").props("role=status")
        try:
            await ui.context.client.connected(timeout=30.0)
            await asyncio.wait({building})
        finally:
            building.cancel()  # whoever closed the page waits for nothing; a finished task takes no harm
    error = building.exception()
    if line is not None and not isinstance(error, SQLAlchemyError):
        line.delete()
    if error is None:
        return None
    if not isinstance(error, SQLAlchemyError):
        raise error
    log.error("page not drawn: %s", error)
    if line is None:
        return database_down()
    line.set_text(f"数据库暂时用不了，{RETRY_SECONDS} 秒后自动再试…")
    ui.timer(RETRY_SECONDS, ui.navigate.reload, once=True)
    return None
