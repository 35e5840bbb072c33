"""Slows down who guesses passwords: failures are counted per user and address, and per address alone."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from bot.clients.identity import sign_in
from bot.db.session import Viewer

WINDOW_SECONDS = 300.0
MOST_OF_USER = 5
MOST_OF_ADDRESS = 40
"""A whole branch may sit behind one address."""
_MOST_KEYS = 10_000

WRONG = "用户名或密码不对，请再试一次。"


class TooManyAttempts(Exception):  # noqa: N818 - named for what happened
    """This user at this address has to wait; `str()` is a Chinese sentence."""


class Attempts:
    """Failed attempts of the last minutes, in this process's memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start with nobody counted."""
        self._clock = clock
        self._failures: dict[tuple[str, ...], deque[float]] = {}
        self._lock = threading.Lock()

    def begin(self, username: str, address: str) -> None:
        """Count an attempt before it is checked, so that many at once cannot slip through.

        Raises:
            TooManyAttempts: when the limit is reached.
        """
        now = self._clock()
        with self._lock:
            if len(self._failures) > _MOST_KEYS:
                self._forget(now)
            for key, most in ((self._key(username, address), MOST_OF_USER), ((address,), MOST_OF_ADDRESS)):
                failures = self._failures.setdefault(key, deque())
                while failures and failures[0] <= now - WINDOW_SECONDS:
                    failures.popleft()
                if len(failures) >= most:
                    minutes = max(1, math.ceil((failures[0] + WINDOW_SECONDS - now) / 60))
                    raise TooManyAttempts(f"试的次数太多了，请过 {minutes} 分钟再试。忘了密码请找管理员。")
            self._failures[self._key(username, address)].append(now)
            self._failures[(address,)].append(now)

    def succeeded(self, username: str, address: str) -> None:
        """A right password: this user's count starts anew, and the attempt was no failure."""
        with self._lock:
            self._failures.pop(self._key(username, address), None)
            of_address = self._failures.get((address,))
            if of_address:
                of_address.pop()

    def _forget(self, now: float) -> None:
        old = [key for key, times in self._failures.items() if not times or times[-1] <= now - WINDOW_SECONDS]
        for key in old:
            del self._failures[key]

    @staticmethod
    def _key(username: str, address: str) -> tuple[str, str]:
        return username.strip().lower()[:100], address


attempts = Attempts()
"""The counts of this process, shared by the page and the API."""


def try_sign_in(username: str, password: str, address: str) -> Viewer | None:
    """Check name and password unless too many attempts failed.

    Raises:
        TooManyAttempts: when this user at this address has to wait.
    """
    attempts.begin(username, address)
    viewer = sign_in(username, password)
    if viewer is not None:
        attempts.succeeded(username, address)
    return viewer
