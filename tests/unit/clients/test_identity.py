"""Signing in."""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from bot.clients import identity
from bot.clients.identity import LONGEST_PASSWORD, check_password, hash_password, sign_in, viewer_of
from bot.db.models import Branch, Staff
from bot.db.session import Viewer, system_session

WORD = "这是口令-1"


@pytest.fixture(autouse=True)
def _staff(empty_database_url: str) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(WORD)
    with system_session() as session:
        session.add(Branch(id=1, name="营业部", city="青岛市", district="市南区", address="-", phone="-"))
        session.flush()
        for number, (name, hashed, active) in enumerate(
            [
                ("one", hash_password(WORD), True),
                ("gone", hash_password(WORD), False),
                ("old", weak, True),
                ("broken", "no hash", True),
            ],
            start=1,
        ):
            session.add(
                Staff(
                    id=number,
                    username=name,
                    password_hash=hashed,
                    name="甲",
                    role="agent",
                    branch_id=1,
                    active=active,
                )
            )


def test_sign_in() -> None:
    assert sign_in("one", WORD) == Viewer(1, "one", "甲", "agent", 1)
    assert sign_in(" one ", WORD) is not None
    assert viewer_of("one") == Viewer(1, "one", "甲", "agent", 1)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("one", "wrong"), ("one", ""), ("nobody", WORD), ("", WORD), ("gone", WORD), ("broken", "no hash"),
        ("one", "x" * (LONGEST_PASSWORD + 1)), ("one' OR 1=1 --", WORD),
    ],
)  # fmt: skip
def test_refused(username: str, password: str) -> None:
    assert sign_in(username, password) is None


def test_viewer_of_nobody_and_of_the_inactive() -> None:
    assert viewer_of("nobody") is None
    assert viewer_of("gone") is None


def test_unknown_names_take_as_long_as_known_ones() -> None:
    identity._nobody()

    def seconds(username: str) -> float:
        taken = []
        for _ in range(5):
            began = time.perf_counter()
            sign_in(username, "wrong")
            taken.append(time.perf_counter() - began)
        return sorted(taken)[1]

    known, unknown, inactive = seconds("one"), seconds("nobody"), seconds("gone")
    assert 0.4 < unknown / known < 2.5
    assert 0.4 < inactive / known < 2.5


def test_a_weak_hash_is_renewed() -> None:
    assert sign_in("old", WORD) is not None
    with system_session() as session:
        renewed = session.get(Staff, 3).password_hash
    assert not PasswordHasher().check_needs_rehash(renewed)
    assert check_password(renewed, WORD)


def test_hashes_are_salted_and_checked() -> None:
    assert hash_password(WORD) != hash_password(WORD)
    assert WORD not in hash_password(WORD)
    for wrong in ("", "x" * (LONGEST_PASSWORD + 1)):
        with pytest.raises(ValueError):
            hash_password(wrong)
