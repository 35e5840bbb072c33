"""Names as they are said at the counter."""

from __future__ import annotations

import pytest

from bot.clients.finding import read_search
from bot.clients.names import parse_spoken, salutation_of, surname_of


@pytest.mark.parametrize(
    ("name", "gender", "salutation"),
    [
        ("斤秋荷", "F", "斤女士"),
        ("王腰", "M", "王先生"),
        ("欧阳娜", "F", "欧阳女士"),
        ("司徒", "M", "司徒先生"),
    ],
)
def test_salutation(name: str, gender: str, salutation: str) -> None:
    assert salutation_of(name, gender) == salutation


def test_surname() -> None:
    assert (surname_of("诸葛伟"), surname_of("诸伟"), surname_of("王")) == ("诸葛", "诸", "王")


@pytest.mark.parametrize(
    ("said", "name", "gender", "surname_only"),
    [
        ("斤女士", "斤", "F", True),
        ("王先生", "王", "M", True),
        ("欧阳小姐", "欧阳", "F", True),
        ("陈总", "陈", None, True),
        ("李固女士", "李固", "F", False),
        ("王 腰", "王腰", None, False),
        ("先生", "先生", None, False),
        ("斤", "斤", None, True),
        ("张大姐", "张", "F", True),
    ],
)
def test_titles_are_taken_off(said: str, name: str, gender: str | None, surname_only: bool) -> None:
    spoken = parse_spoken(said)
    assert (spoken.name, spoken.gender, spoken.is_surname_only) == (name, gender, surname_only)


@pytest.mark.parametrize(
    ("text", "name", "digits"),
    [
        ("斤女士 尾号3021", "斤女士", "3021"),
        ("尾号3021 斤女士", "斤女士", "3021"),
        ("20030418", "", "20030418"),
        ("客户号20030418", "", "20030418"),
        ("斤女士,3021", "斤女士", "3021"),
        ("王腰", "王腰", ""),
        ("  ", "", ""),
        ("12", "12", ""),
    ],
)
def test_search_text_is_split(text: str, name: str, digits: str) -> None:
    wanted = read_search(text)
    assert (wanted.name, wanted.digits) == (name, digits)
