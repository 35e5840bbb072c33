"""The browser session: a signed cookie that names a person, who is looked up anew on every page."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse

from bot.clients.identity import viewer_of
from bot.db.session import Viewer

LIFETIME_SECONDS = 12 * 60 * 60
_MOST_ENDED = 100_000

_ended: dict[str, float] = {}
"""Sessions signed out in this process: a copied cookie must not outlive the sign-out."""


def begin(request: Request, viewer: Viewer) -> None:
    """Sign a person in; the session gets a new name, so that one planted before is worth nothing."""
    request.session.clear()
    request.session.update(user=viewer.username, key=secrets.token_urlsafe(12), since=int(time.time()))


def end(request: Request) -> None:
    """Sign out."""
    key = request.session.get("key")
    if key:
        if len(_ended) > _MOST_ENDED:
            limit = time.time() - LIFETIME_SECONDS
            for old in [name for name, at in _ended.items() if at < limit]:
                del _ended[old]
        _ended[str(key)] = time.time()
    request.session.clear()


class SignedIn:
    """A page's session, asked again before everything it does."""

    def __init__(self, session: dict[str, Any]) -> None:
        """Remember what the cookie said."""
        self._user = str(session.get("user") or "")
        self._key = str(session.get("key") or "")
        self._since = float(session.get("since") or 0)

    def viewer(self) -> Viewer | None:
        """Who it is; None after sign-out, after twelve hours, or for a person who left."""
        if not self._user or self._key in _ended or time.time() - self._since > LIFETIME_SECONDS:
            return None
        return viewer_of(self._user)


async def guard(request: Request) -> tuple[SignedIn, Viewer] | RedirectResponse:
    """Who opens this page, or the way to the log-in."""
    signed_in = SignedIn(dict(request.session))
    viewer = await asyncio.to_thread(signed_in.viewer)
    if viewer is not None:
        return signed_in, viewer
    return RedirectResponse(f"/login?next={quote(safe_path(request.url.path))}", status_code=303)


def safe_path(path: str | None) -> str:
    """A path on this server; anything that would lead elsewhere becomes the home page."""
    text = path or "/"
    if not text.startswith("/") or text.startswith(("//", "/\\")) or any(ord(sign) < 32 for sign in text):
        return "/"
    return "/" if text.startswith(("/login", "/logout")) else text
