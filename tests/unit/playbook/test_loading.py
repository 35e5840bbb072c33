"""What the loader refuses, and that it says so in Chinese with the file's name."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.playbook.book import PLAYBOOK_DIR, PlaybookError, load_playbook

Change = Callable[[Any], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A playbook of one's own to break."""
    return Path(shutil.copytree(PLAYBOOK_DIR, tmp_path / "playbook"))


def _edit(file: Path, change: Change) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def test_the_copy_loads(copy: Path) -> None:
    assert load_playbook(copy).cases


@pytest.mark.parametrize(
    "name", ["names.yml", "reasons.yml", "cases/identity.yml", "exit.yml", "toolbox.yml", "messages.yml"]
)
def test_a_missing_file(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(PlaybookError, match=f"缺失.*{Path(name).name}"):
        load_playbook(copy)


@pytest.mark.parametrize("name", ["names.yml", "cases/relocation.yml", "outcomes.yml"])
def test_broken_yaml(copy: Path, name: str) -> None:
    (copy / name).write_text("a: [1", encoding="utf-8")
    with pytest.raises(PlaybookError, match=f"读不懂.*{Path(name).name}"):
        load_playbook(copy)


def _unknown_key(case: Any) -> None:
    case["steps"][0]["sorce"] = "x"


def _too_short(case: Any) -> None:
    case["steps"][0]["wordings"][0]["say"] = "您好。"


def _too_long(case: Any) -> None:
    case["steps"][0]["wordings"][0]["say"] = "您好。" * 80


def _unknown_placeholder(case: Any) -> None:
    case["steps"][0]["wordings"][0]["say"] += "{身高}"


def _only_apologies(case: Any) -> None:
    say = "您说的这些换了我也会生气，该有人回您的时候没人回，这是我们做得不对，我向您道歉，请您再讲讲。"
    case["steps"][0]["wordings"] = [{"say": say}] * 3


def _only_figures(case: Any) -> None:
    say = "{称呼}，您这一年做了{成交笔数}笔，一共{成交额}元，我陪您一笔一笔看，看完怎么定都听您的，好吗？"
    case["steps"][0]["wordings"] = [{"say": say}] * 3


def _two_apologies(case: Any) -> None:
    case["steps"].append(case["steps"][0])


def _unknown_technique(case: Any) -> None:
    case["steps"][0]["technique"] = "magic"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_unknown_key, "sorce"),
        (_too_short, "话术应为"),
        (_too_long, "话术应为"),
        (_unknown_placeholder, "不认识的占位符"),
        (_only_apologies, "不道歉"),
        (_only_figures, "不用客户数据"),
        (_two_apologies, "最多一个道歉步骤"),
        (_unknown_technique, "technique"),
    ],
)
def test_a_case_that_breaks_the_schema(copy: Path, change: Change, words: str) -> None:
    _edit(copy / "cases" / "service_dissatisfaction.yml", change)
    with pytest.raises(PlaybookError, match=words) as caught:
        load_playbook(copy)
    assert "剧本文件" in str(caught.value) and "service_dissatisfaction.yml" in str(caught.value)


def test_names_must_be_complete(copy: Path) -> None:
    _edit(copy / "names.yml", lambda names: names.pop("热线"))
    with pytest.raises(PlaybookError, match=r"names\.yml.*热线"):
        load_playbook(copy)


def test_eleven_reasons_and_five_principles(copy: Path) -> None:
    _edit(copy / "principles.yml", lambda rows: rows.pop())
    with pytest.raises(PlaybookError, match=r"principles\.yml.*五条"):
        load_playbook(copy)
    shutil.copy(PLAYBOOK_DIR / "principles.yml", copy)
    _edit(copy / "reasons.yml", lambda rows: rows.pop())
    with pytest.raises(PlaybookError, match=r"reasons\.yml.*十一"):
        load_playbook(copy)


def test_a_list_where_pairs_are_due(copy: Path) -> None:
    (copy / "exit.yml").write_text("- a", encoding="utf-8")
    with pytest.raises(PlaybookError, match=r"exit\.yml.*键值对"):
        load_playbook(copy)
