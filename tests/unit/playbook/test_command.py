"""`python -m bot.playbook` refuses a sentence that breaks the law and says where it stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import bot.playbook.__main__ as command
from bot.playbook.book import PLAYBOOK_DIR


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A playbook of one's own that the command reads."""
    folder = Path(shutil.copytree(PLAYBOOK_DIR, tmp_path / "playbook"))
    monkeypatch.setattr(command, "PLAYBOOK_DIR", folder)
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        (
            "cases/heavy_loss.yml",
            "当时是怎么一步步走到这儿的？",
            "我保证您回本。",
            "cases/heavy_loss.yml 第1步",
        ),
        ("objections.yml", "没有别的钱。", "他们家系统老崩。", "objections.yml closing_fee"),
        ("exit.yml", "不让您白跑一趟。", "您改天再来。", "exit.yml"),
        ("outcomes.yml", "答应过客户的事，请按时做到。", "给您返佣。", "outcomes.yml kept"),
        ("reactions.yml", "换谁都要掂量掂量。", "您转过去早晚后悔。", "reactions.yml hesitates"),
    ],
)
def test_a_violation_is_named_with_its_place(
    copy: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, place: str
) -> None:
    file = copy / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert command.main() == 1
    said = capsys.readouterr()
    assert place in said.err and "可改为" in said.err and not said.out


def test_a_broken_file_is_one_chinese_line(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "names.yml").unlink()
    assert command.main() == 1
    assert capsys.readouterr().err == "✗ 剧本文件缺失：names.yml\n"
