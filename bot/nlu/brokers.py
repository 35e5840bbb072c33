"""Names of other brokers, from `data/playbook/brokers.yml`; our own house is never one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.nlu.figure import Figure
from bot.nlu.text import normalise

BROKERS_FILE = Path(__file__).resolve().parents[2] / "data" / "playbook" / "brokers.yml"

# Beside an ordinary word (平安, 银河) one of these makes it a broker.
_AFTER = re.compile(
    r"^\s?(?:证券|券商|那边|那儿|那里|那家|这边|给|免|开户|开了?户|营业部|佣金|手续费|"
    r"费率|客户经理|经纪人|业务员|销售|投顾|app|软件|只要|只收|才|收[我你万千]|"
    r"万[\d一二三点]|千[\d一二三]|的(?:佣金|手续费|费率|客户经理|经理|经纪人|业务员|人|"
    r"销售|营业部|软件|app|账户|户|活动|投顾|服务|交易)|打电话|拉我|找我|挖我|都(?:给|万|"
    r"千|降|免|才|已经|只)|也|说|送|报|有个|有人|答应|承诺|上班|工作|、)"
)
_BEFORE = re.compile(
    r"(?:转[到去至给]|转|换[到去成]?|去了?|搬到|投奔|比|跟|像|如|券商|别家|人家|对面|隔壁|"
    r"楼下|旁边|同学在|朋友在|亲戚在|(?:女|儿|老|外|表|堂|弟|妹|哥|姐|婿|侄|舅|叔|公|"
    r"婆)[子儿公婆生弟妹哥姐甥女婿子]?在|是|进了?|、|和|或者?|的|选|开|有个|一个|到|用|"
    r"被)\s?$"
)

#: Where commissions and account openers are spoken of, 长城 and 西部 are brokers.
_TALK_OF_FEES = re.compile(
    r"万[\d零一二三四五]|免[五5]|千[一二三\d]|佣金|费率|开户|客户经理|经理|业务员|小伙|姑娘|最低\d|毛起|任务|有效户"
)
_BESIDE = re.compile(r"^\s?(?:的|那|啊|嘛|呢|说|是|给|要|有|[，,)）（(：:]|[万千][\d零一二三四五]|\d|$)")


@dataclass(frozen=True)
class BrokerTable:
    """The table by first character, so that a text is read once.

    Attributes:
        by_first: first character → (alias, broker, kind, not followed by), longest alias first. Kind is one
            of full, short, context and own.
        never_before: words that make of any short name something else (银行).
        never_after: what before a short name makes it an ordinary word.
    """

    by_first: dict[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]]
    never_before: tuple[str, ...]
    never_after: tuple[str, ...]

    def aliases(self) -> Iterator[tuple[str, str, str]]:
        """All (alias, broker, kind), our own house left out."""
        for rows in self.by_first.values():
            yield from ((alias, name, kind) for alias, name, kind, _ in rows if kind != "own")


def read_brokers(path: Path = BROKERS_FILE) -> BrokerTable:
    """Read a table of brokers.

    Raises:
        ValueError: an alias stands for two brokers.
    """
    data: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    rows: dict[str, tuple[str, str, str, tuple[str, ...]]] = {}
    for alias in data["own_house"]:
        rows[normalise(alias)] = (normalise(alias), "", "own", ())
    for broker in data["brokers"]:
        stops = tuple(broker.get("not_followed_by", ()))
        for kind in ("full", "short", "context"):
            for alias in broker.get(kind, ()):
                key = normalise(str(alias))
                if key in rows:
                    raise ValueError(f"{path.name}: 「{alias}」对应了两家券商")
                rows[key] = (key, str(broker["name"]), kind, () if kind == "full" else stops)
    by_first: dict[str, list[tuple[str, str, str, tuple[str, ...]]]] = {}
    for row in sorted(rows.values(), key=lambda r: -len(r[0])):
        by_first.setdefault(row[0][0], []).append(row)
    return BrokerTable(
        {first: tuple(group) for first, group in by_first.items()},
        tuple(data.get("never_before", ())),
        tuple(data.get("never_after", ())),
    )


@lru_cache(maxsize=1)
def broker_table() -> BrokerTable:
    """The table of this installation, read once."""
    return read_brokers()


def find_brokers(text: str, table: BrokerTable | None = None) -> list[Figure]:
    """Brokers named in a normalised text; the value is the short common name.

    Our own house (国泰海通, 国泰君安, 海通, 君弘 …) is recognised only to be passed over.
    """
    table = table or broker_table()
    found: list[Figure] = []
    of_fees = _TALK_OF_FEES.search(text) is not None
    at = 0
    while at < len(text):
        row = _longest(text, at, table)
        if row is None:
            at += 1
            continue
        alias, name, kind, stops = row
        end = at + len(alias)
        if kind == "full":
            found.append(Figure("broker", at, end, text[at:end], name, None, 0.98))
        elif kind != "own":
            confidence = _confidence(text, at, end, (kind, stops, of_fees), table)
            if confidence:
                if text.startswith("证券", end):
                    end += 2
                found.append(Figure("broker", at, end, text[at:end], name, None, confidence))
        at = end
    return found


def _longest(text: str, at: int, table: BrokerTable) -> tuple[str, str, str, tuple[str, ...]] | None:
    for row in table.by_first.get(text[at], ()):
        if text.startswith(row[0], at):
            return row
    return None


def _confidence(
    text: str, at: int, end: int, alias: tuple[str, tuple[str, ...], bool], table: BrokerTable
) -> float:
    kind, stops, of_fees = alias
    if text.startswith("证券", end):
        return 0.97
    after = text[end : end + 8]
    if after.startswith(table.never_before) or after.startswith(stops):
        return 0.0
    before = text[max(0, at - 6) : at]
    if before.endswith(table.never_after):
        return 0.0
    if kind == "short":
        return 0.92
    follows, precedes = _AFTER.match(after), _BEFORE.search(before)
    if not (follows and precedes) and of_fees and _BESIDE.match(after):
        return 0.85
    if follows and precedes:
        return 0.9
    if follows:
        return 0.8
    ends = not after.strip() or after[0] in "，。,.!！?？;； 了吧呢啊去来"
    return 0.7 if precedes and ends else 0.0
