"""The log-in page: plain HTML, so that it works before anything else does."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console import session
from bot.console.markup import esc
from bot.console.notices import DATABASE_BUSY
from bot.console.theme import stylesheet
from bot.gateway.attempts import WRONG, TooManyAttempts, try_sign_in

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)


def page(next_path: str, username: str = "", fault: str = "", status: int = 200) -> HTMLResponse:
    """The form, with what went wrong the last time."""
    focus = ("", " autofocus") if username else (" autofocus", "")
    alert = f'<p class="fault" role="alert">{esc(fault)}</p>' if fault else ""
    html = f"""<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>登录 · 留客</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{stylesheet()}</head>
<body class="login-page"><main class="login"><h1>留客</h1><p class="muted">客户要走的时候，说好每一句话</p>
<form method="post" action="/login?next={quote(next_path)}">{alert}
<label>用户名<input name="username" autocomplete="username" required maxlength="60" value="{esc(username)}"{focus[0]}>
</label><label>密码<input name="password" type="password" autocomplete="current-password" required
maxlength="1024"{focus[1]}></label><button class="btn primary" type="submit">登录</button></form>
<p class="muted small">忘了密码请找本营业部管理员。</p></main></body></html>"""
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})


@router.get("/login")
async def show(request: Request) -> HTMLResponse:
    """Ask for name and password."""
    return page(session.safe_path(request.query_params.get("next")))


@router.post("/login", response_model=None)
async def sign_in(
    request: Request, username: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    """Check name and password, and go where the person wanted to go."""
    next_path = session.safe_path(request.query_params.get("next"))
    address = request.client.host if request.client else ""
    try:
        viewer = await asyncio.to_thread(try_sign_in, username, password, address)
    except TooManyAttempts as error:
        return page(next_path, username, str(error), 429)
    except SQLAlchemyError:
        log.exception("nobody can sign in")
        return page(next_path, username, DATABASE_BUSY, 503)
    if viewer is None:
        return page(next_path, username, WRONG, 401)
    session.begin(request, viewer)
    return RedirectResponse(next_path, status_code=303)


@router.post("/logout")
async def sign_out(request: Request) -> RedirectResponse:
    """End the session."""
    session.end(request)
    return RedirectResponse("/login", status_code=303)
