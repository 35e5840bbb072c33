"""Fixtures of the dialogues. The servers are those of `tests/stack_fixtures.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conversations.records import Records
from tests.stack import Stack


@pytest.fixture(scope="session")
def records(stack: Stack) -> Iterator[Records]:
    """The servers' database, opened once."""
    opened = Records(stack.database_url)
    yield opened
    opened.close()
