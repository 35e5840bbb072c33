"""Reading the training texts: the quick way gives what Rasa's own reader gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.importer import PlainTextImporter, plain_messages
from bot.nlu.segment import PROJECT_ROOT
from bot.nlu.teaching import CONFIRMED

NLU = PROJECT_ROOT / "data" / "nlu"
HEAD = 'version: "3.1"\nnlu:\n'


def told(messages: list[Message]) -> list[tuple[object, ...]]:
    return [(m.get("text"), m.get("intent"), m.get("metadata"), m.get("entities")) for m in messages]


@pytest.mark.parametrize("name", ["greet", "figures_contrasts", "advisor_violations"])
def test_files_of_the_project_are_read_as_rasa_reads_them(tmp_path: Path, name: str) -> None:
    path = tmp_path / "some.yml"
    lines = (NLU / f"{name}.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    items = [number for number, line in enumerate(lines) if line.lstrip().startswith("- ")]
    path.write_text("".join(lines[: items[min(40, len(items) - 1)]]), encoding="utf-8")
    quick = plain_messages(path)
    assert quick and told(quick) == told(load_data(str(path), "zh").training_examples)


def test_every_file_of_the_project_takes_the_quick_way() -> None:
    assert not [p.name for p in NLU.glob("*.yml") if p.name != CONFIRMED and plain_messages(p) is None]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "- intent: a\n  examples: |\n    - 找[华泰](broker)去\n",
        HEAD + "- intent: a\n  examples: |\n    - 费用 ${PRICE}\n",
        HEAD + "- synonym: 国泰\n  examples: |\n    - 国泰海通\n",
        HEAD + "- intent: a\n  metadata: {x: 1}\n  examples: |\n    - 好\n",
        HEAD + "- intent: a\n  examples: |\n    好\n",
        HEAD + "- intent: a\n  examples: [3]\n",
        HEAD + "- intent: a\n  examples:\n",
        HEAD + "- intent: a\n  examples: |\n    - 好\n  examples: |\n    - 行\n",
        HEAD + "- intent: yes\n  examples: |\n    - 好\n",
        HEAD + "- intent: 3\n  examples: |\n    - 好\n",
        HEAD + "- intent: a\n  examples:\n  - text: 好\n    metadata: {n: 010}\n",
        'version: "9.0"\nnlu:\n- intent: a\n  examples: |\n    - 好\n',
        "- a",
        "nlu: [",
    ],
    ids=[
        "entity",
        "variable",
        "synonym",
        "intent's metadata",
        "no item",
        "number",
        "nothing",
        "a key twice",
        "truth",
        "intent of digits",
        "octal",
        "version",
        "list",
        "broken",
    ],
)
def test_anything_else_is_left_to_rasa(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one.yml"
    path.write_text(text, encoding="utf-8")
    assert plain_messages(path) is None


def test_the_configuration_names_it_and_both_ways_come_together(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "plain.yml").write_text(HEAD + "- intent: a\n  examples: |\n    - 好的\n", encoding="utf-8")
    marked = (
        HEAD
        + "- intent: b\n  examples: |\n    - 找[华泰](broker)去\n- synonym: 国泰\n  examples: |\n    - 君安\n"
    )
    (folder / "marked.yml").write_text(marked, encoding="utf-8")
    importer = TrainingDataImporter.load_from_config(str(PROJECT_ROOT / "config.yml"), None, [str(folder)])
    found = importer.get_nlu_data()
    assert {(m.get("text"), m.get("intent")) for m in found.training_examples if m.get("intent")} == {
        ("好的", "a"),
        ("找华泰去", "b"),
    }
    assert found.entity_synonyms == {"君安": "国泰"}
    direct = PlainTextImporter(str(PROJECT_ROOT / "config.yml"), None, [str(folder)])
    assert len(direct.get_nlu_data().training_examples) == 2
