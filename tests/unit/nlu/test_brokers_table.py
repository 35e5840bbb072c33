from pathlib import Path

import pytest

from bot.nlu.brokers import broker_table, find_brokers, read_brokers
from bot.nlu.text import normalise


def test_every_full_name_is_found_alone() -> None:
    aliases = [(alias, name) for alias, name, kind in broker_table().aliases() if kind == "full"]
    assert len({name for _, name in aliases}) >= 60
    for alias, name in aliases:
        assert [f.value for f in find_brokers(normalise(alias))] == [name]


def test_one_alias_for_two_brokers_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "brokers.yml"
    table.write_text(
        "own_house: []\nbrokers:\n- {name: 甲, full: [甲证券]}\n- {name: 乙, full: [甲证券]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="甲证券"):
        read_brokers(table)
