"""Bearer tokens of the API: who, until when, signed. Nothing is kept on the server."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time

LIFETIME_SECONDS = 12 * 60 * 60
_LONGEST = 1024


def _signature(body: str, secret: str) -> str:
    # The label keeps a token from ever passing for another thing signed with the same secret.
    key = hashlib.sha256(b"liuke-api-token:" + secret.encode()).digest()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def issue(username: str, secret: str, now: float | None = None) -> tuple[str, int]:
    """Make a token for a signed-in person.

    Returns:
        The token, and the second (Unix time) when it ends.
    """
    until = int(now if now is not None else time.time()) + LIFETIME_SECONDS
    content = json.dumps({"user": username, "until": until}, ensure_ascii=False).encode()
    body = base64.urlsafe_b64encode(content).decode().rstrip("=")
    return f"{body}.{_signature(body, secret)}", until


def username_of(token: str, secret: str, now: float | None = None) -> str | None:
    """Whose token it is; None when it is forged, damaged or has ended."""
    body, _, signature = token.partition(".")
    if len(token) > _LONGEST or not token.isascii():
        return None
    if not hmac.compare_digest(signature, _signature(body, secret)):
        return None
    try:
        content = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        username, until = str(content["user"]), float(content["until"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    return username if until > (now if now is not None else time.time()) else None
