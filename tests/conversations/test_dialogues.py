"""Every dialogue of this folder, through Rasa, the action server and the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.playbook.schema import REASONS
from tests.conversations import schema
from tests.conversations.playing import Player
from tests.conversations.records import Records
from tests.stack import Stack

FEWEST = 48


@pytest.mark.parametrize("path", schema.files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_dialogue(path: Path, stack: Stack, records: Records) -> None:
    records.fill_queue()
    Player(stack, records, path, schema.load(path)).play()


def test_every_behaviour_has_its_dialogues() -> None:
    paths = schema.files()
    assert len(paths) >= FEWEST
    assert {path.parent.name for path in paths} == set(schema.FOLDERS)


def test_every_reason_has_a_happy_path() -> None:
    stems = {path.stem for path in (schema.FOLDER / "happy_paths").glob("*.yml")}
    assert stems == {*REASONS, "trial_week"}


@pytest.mark.parametrize(
    "turn",
    [
        {"say": "下一步", "expct": []},
        {"say": "下一步", "press": "下一步"},
        {"expect": [{"card": "step"}]},
        {"say": "下一步", "expect": [{"card": "stepp"}]},
        {"kill": "postgres"},
    ],
    ids=["unknown key", "two acts", "no act", "unknown card", "unknown server"],
)
def test_a_wrong_file_is_refused(turn: dict[str, object]) -> None:
    fine = {"say": "下一步", "expect": [{"card": "step"}]}
    schema.Dialogue.parse_obj({"name": "x", "turns": [fine]})
    with pytest.raises(ValidationError):
        schema.Dialogue.parse_obj({"name": "x", "turns": [fine, turn]})
