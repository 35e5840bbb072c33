"""Signing in: passwords are kept as Argon2 hashes, and an unknown user costs as much time as a known one."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.models import Staff
from bot.db.session import Viewer, system_session

LONGEST_PASSWORD = 1024
"""Characters; anything longer is refused before it can keep the hash function busy."""

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """Hash a password for `Staff.password_hash`.

    Raises:
        ValueError: when it is empty or longer than `LONGEST_PASSWORD` characters.
    """
    if not 0 < len(password) <= LONGEST_PASSWORD:
        raise ValueError(f"a password has 1 to {LONGEST_PASSWORD} characters")
    return _hasher.hash(password)


def check_password(password_hash: str, password: str) -> bool:
    """Whether a password belongs to a hash; False as well for a damaged hash."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def sign_in(username: str, password: str) -> Viewer | None:
    """Check a name and a password.

    Returns:
        The viewer, or None for an unknown name, a wrong password or an inactive person; the three take
        about the same time and cannot be told apart.
    """
    if not 0 < len(password) <= LONGEST_PASSWORD:
        return None
    decoy = _nobody()
    with system_session() as session:
        staff = _staff(session, username)
        matches = check_password(staff.password_hash if staff else decoy, password)
        if staff is None or not matches or not staff.active:
            return None
        if _hasher.check_needs_rehash(staff.password_hash):
            staff.password_hash = _hasher.hash(password)
        return _viewer(staff)


def viewer_of(username: str) -> Viewer | None:
    """The viewer of a name that was authenticated before (a browser session); None when inactive."""
    with system_session() as session:
        staff = _staff(session, username)
        return _viewer(staff) if staff is not None and staff.active else None


def _staff(session: Session, username: str) -> Staff | None:
    statement = select(Staff).where(Staff.username == username.strip())
    staff: Staff | None = session.execute(statement).scalar_one_or_none()
    return staff


def _viewer(staff: Staff) -> Viewer:
    return Viewer(staff.id, staff.username, staff.name, staff.role, staff.branch_id)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """A hash that no password of a person opens, made once so that unknown names cost one check."""
    return _hasher.hash("nobody")
