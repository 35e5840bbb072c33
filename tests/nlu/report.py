"""Measures the trained model on the development and examination sets and writes the report that the gates read."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from sklearn.metrics import f1_score

from tests.nlu.sets import (
    DEV,
    EXAM,
    ROOT,
    Counted,
    Row,
    Said,
    commands,
    figure_key,
    numbers,
    reasons,
    techniques,
    two_reasons,
    violations,
)

REPORT = ROOT / "var" / "reports" / "nlu.json"
COUNTED = frozenset({"commission_rate", "min_fee", "amount", "loss_ratio", "broker"})
Answer = dict[str, Any]


def parse_all(agent: Agent, texts: list[str]) -> list[Answer]:
    """What `/model/parse` would answer to each text."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

    async def run() -> list[Answer]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(run())


def measure(model: Path) -> dict[str, Any]:
    """The whole report, `dev` and `exam` apart: figures, and the texts that were misread."""
    agent = Agent.load(str(model))
    report = {"dev": _of_folder(agent, DEV), "exam": _of_folder(agent, EXAM)}
    orders = commands()
    read = [answer["intent"]["name"] for answer in parse_all(agent, [row.text for row in orders])]
    report["dev"]["commands"] = _share(is_ == row.label for row, is_ in zip(orders, read, strict=True))
    report["dev"]["commands_misread"] = [
        {"text": row.text, "is": row.label, "read": is_}
        for row, is_ in zip(orders, read, strict=True)
        if is_ != row.label
    ]
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return report


def _of_folder(agent: Agent, folder: Path) -> dict[str, Any]:
    singles, pairs = reasons(folder), two_reasons(folder)
    spoken, judged, counted = techniques(folder), violations(folder), numbers(folder)
    texts = [row.text for row in singles], [text for _, _, text in pairs]
    texts += [row.text for row in spoken], [row.text for row in judged], [row.text for row in counted]
    answers = iter(parse_all(agent, [text for part in texts for text in part]))
    parts = [[next(answers) for _ in part] for part in texts]
    return {
        **_of_reasons(singles, parts[0]),
        **_of_pairs(pairs, parts[1]),
        **_of_techniques(spoken, parts[2]),
        **_of_violations(judged, parts[3]),
        **_of_numbers(counted, parts[4]),
    }


def _of_reasons(rows: list[Row], parsed: list[Answer]) -> dict[str, Any]:
    guessed = [primary(answer) for answer in parsed]
    truth = [row.label for row in rows]
    labels = sorted(set(truth))
    scores = f1_score(truth, guessed, average=None, labels=labels).round(4).tolist()
    stated = [(row, answer) for row, answer in zip(rows, parsed, strict=True) if row.label != "none"]
    return {
        "macro_f1": round(float(f1_score(truth, guessed, average="macro", labels=labels)), 4),
        "by_kind": _by_kind(rows, guessed),
        "by_label": dict(zip(labels, scores, strict=True)),
        "top_three": _share(row.label in _top_three(answer) for row, answer in stated),
        "none_with_reason": _share(
            guess != "none" for row, guess in zip(rows, guessed, strict=True) if row.label == "none"
        ),
        "second_reason_added": _share(len(answer["reasons"]) > 1 for _, answer in stated),
        "calibration_error": calibration_error(_certainties(rows, parsed)),
        "certainties": _certainties(rows, parsed),
        "pairs_read": Counter(f"{is_}|{read}" for is_, read in zip(truth, guessed, strict=True)),
        "misread": [
            {"text": row.text, "is": row.label, "read": guess}
            for row, guess in zip(rows, guessed, strict=True)
            if row.label != guess
        ],
    }


def _of_pairs(rows: list[tuple[str, str, str]], parsed: list[Answer]) -> dict[str, Any]:
    found = [{reason["id"] for reason in answer["reasons"]} for answer in parsed]
    both = [{first, second} for first, second, _ in rows]
    return {
        "two_reasons_exact": _share(got == wanted for got, wanted in zip(found, both, strict=True)),
        "two_misread": [
            {"text": text, "is": [first, second], "read": sorted(got)}
            for (first, second, text), got in zip(rows, found, strict=True)
            if got != {first, second}
        ],
    }


def _of_techniques(rows: list[Said], parsed: list[Answer]) -> dict[str, Any]:
    hits = Counter()
    by_label: dict[str, Counter[str]] = defaultdict(Counter)
    misread = []
    for said, answer in zip(rows, parsed, strict=True):
        found = set(answer["techniques"])
        for kind, labels in _compared(said.labels, found):
            hits[kind] += len(labels)
            for label in labels:
                by_label[label][kind] += 1
        if found != said.labels:
            misread.append({"text": said.text, "is": sorted(said.labels), "read": sorted(found)})
    return {
        "techniques_micro_f1": _f1(hits),
        "techniques_by_label": {label: _f1(count) for label, count in sorted(by_label.items())},
        "techniques_misread": misread,
    }


def _of_violations(rows: list[Said], parsed: list[Answer]) -> dict[str, Any]:
    hits = Counter()
    misread = []
    alarms = 0
    for said, answer in zip(rows, parsed, strict=True):
        found = {one["id"] for one in answer["violations"]}
        for kind, labels in _compared(said.labels, found):
            hits[kind] += len(labels)
        alarms += bool(found and not said.labels)
        if found != said.labels:
            misread.append({"text": said.text, "is": sorted(said.labels), "read": sorted(found)})
    violating = [(said, answer) for said, answer in zip(rows, parsed, strict=True) if said.labels]
    return {
        "violations_recall": round(hits["hit"] / max(1, hits["hit"] + hits["missed"]), 4),
        "violations_precision": round(hits["hit"] / max(1, hits["hit"] + hits["added"]), 4),
        "violating_sentences_found": _share(bool(answer["violations"]) for _, answer in violating),
        "clean_sentences_alarmed": round(alarms / max(1, len(rows) - len(violating)), 4),
        "violations_misread": misread,
    }


def _of_numbers(rows: list[Counted], parsed: list[Answer]) -> dict[str, Any]:
    hits = Counter()
    by_entity: dict[str, Counter[str]] = defaultdict(Counter)
    misread = []
    for row, answer in zip(rows, parsed, strict=True):
        read = [one for one in answer["entities"] if one["entity"] in COUNTED]
        found, wanted = Counter(map(figure_key, read)), Counter(row.figures)
        for kind, counted in (("hit", found & wanted), ("missed", wanted - found), ("added", found - wanted)):
            hits[kind] += counted.total() if hasattr(counted, "total") else sum(counted.values())
            for key, times in counted.items():
                by_entity[key[0]][kind] += times
        if found != wanted:
            misread.append({"text": row.text, "is": sorted(wanted), "read": sorted(found)})
    return {
        "numbers_f1": _f1(hits),
        "numbers_by_entity": {entity: _f1(count) for entity, count in sorted(by_entity.items())},
        "numbers_misread": misread,
    }


def _compared(wanted: Iterable[str], found: set[str]) -> list[tuple[str, set[str]]]:
    wanted = set(wanted)
    return [("hit", wanted & found), ("missed", wanted - found), ("added", found - wanted)]


def _f1(hits: Counter[str]) -> float:
    return round(2 * hits["hit"] / max(1, 2 * hits["hit"] + hits["missed"] + hits["added"]), 4)


def primary(answer: Answer) -> str:
    """The first reason of an answer, or none."""
    return str(answer["reasons"][0]["id"]) if answer["reasons"] else "none"


def _top_three(answer: Answer) -> list[str]:
    names = [row["name"] for row in answer["intent_ranking"] if row["name"].startswith("reason_")]
    return [name.removeprefix("reason_") for name in names[:3]]


def _share(hits: Iterable[object]) -> float:
    found = [bool(hit) for hit in hits]
    return round(sum(found) / len(found), 4)


def _by_kind(rows: list[Row], guessed: list[str]) -> dict[str, float]:
    kinds: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for row, guess in zip(rows, guessed, strict=True):
        kinds[row.kind][0].append(row.label)
        kinds[row.kind][1].append(guess)
    labels = sorted({row.label for row in rows} - {"none"})
    return {
        kind: round(float(f1_score(*kinds[kind], average="macro", labels=labels)), 4)
        for kind in ("speech", "note", "transcript")
    }


def _certainties(rows: list[Row], parsed: list[Answer]) -> list[tuple[float, bool]]:
    """The primary reason's probability, and whether it was right."""
    return [
        (float(answer["reasons"][0]["probability"]), answer["reasons"][0]["id"] == row.label)
        for row, answer in zip(rows, parsed, strict=True)
        if answer["reasons"]
    ]


def bins_of(certainties: Sequence[tuple[float, bool]], bins: int = 10) -> list[list[tuple[float, bool]]]:
    """The answers by probability, in equal steps."""
    boxes: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for probability, right in certainties:
        boxes[min(int(probability * bins), bins - 1)].append((probability, right))
    return boxes


def calibration_error(certainties: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error of the primary reason's probability."""
    boxes = [box for box in bins_of(certainties) if box]
    total = sum(map(len, boxes))
    gaps = (abs(sum(p for p, _ in box) - sum(right for _, right in box)) / total for box in boxes)
    return round(sum(gaps), 4)
