"""Pytest fixtures of the whole assistant; registered by `pytest_plugins` in `tests/conftest.py`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.training import ensure_model
from tests.stack import Stack, make_template


@dataclass(frozen=True)
class DemoTemplate:
    """A demo database to copy, with its password."""

    file: Path
    password: str


@pytest.fixture(scope="session")
def stack_template(tmp_path_factory: pytest.TempPathFactory) -> DemoTemplate:
    """Today's demo, generated once per session."""
    password = secrets.token_urlsafe(9)
    file = make_template(tmp_path_factory.mktemp("template") / "demo.db", password)
    return DemoTemplate(file, password)


@pytest.fixture(scope="session")
def make_stack(
    stack_template: DemoTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Stack]]:
    """Makes further stacks, ready to use, for tests that need one to themselves."""
    made: list[Stack] = []

    def make(**environment: str) -> Stack:
        folder = tmp_path_factory.mktemp("stack")
        model = ensure_model()
        stack = Stack(folder, stack_template.file, stack_template.password, model, environment)
        made.append(stack)
        stack.start()
        stack.wait_ready()
        return stack

    try:
        yield make
    finally:
        for stack in made:
            stack.close()


@pytest.fixture(scope="session")
def stack(make_stack: Callable[..., Stack]) -> Stack:
    """The session's assistant. A test that stops a part starts it again."""
    return make_stack()
