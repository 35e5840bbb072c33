"""Measures the trained model on the development set and writes the report that the gates read."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from sklearn.metrics import f1_score

from tests.nlu.sets import ROOT, Row, commands, reasons, two_reasons

REPORT = ROOT / "var" / "reports" / "nlu.json"


def parse_all(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    """What `/model/parse` would answer to each text."""
    agent = Agent.load(str(model))

    async def run() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(run())


def measure(model: Path) -> dict[str, Any]:
    """The whole report: figures, and the texts that were misread."""
    singles, pairs, orders = reasons(), two_reasons(), commands()
    parsed = parse_all(model, [row.text for row in singles])
    guessed = [_primary(answer) for answer in parsed]
    truth = [row.label for row in singles]
    report: dict[str, Any] = {
        "macro_f1": f1_score(truth, guessed, average="macro"),
        "by_kind": _by_kind(singles, guessed),
        "by_label": dict(
            zip(sorted(set(truth)), f1_score(truth, guessed, average=None).round(4).tolist(), strict=True)
        ),
        "top_three": _share(
            row.label in _top_three(answer)
            for row, answer in zip(singles, parsed, strict=True)
            if row.label != "none"
        ),
        "none_with_reason": _share(
            guess != "none" for row, guess in zip(singles, guessed, strict=True) if row.label == "none"
        ),
        "second_reason_added": _share(
            len(answer["reasons"]) > 1
            for row, answer in zip(singles, parsed, strict=True)
            if row.label != "none"
        ),
        "calibration_error": _calibration(singles, parsed),
    }
    two = parse_all(model, [text for _, _, text in pairs])
    report["two_reasons_exact"] = _share(
        {r["id"] for r in answer["reasons"]} == {first, second}
        for (first, second, _), answer in zip(pairs, two, strict=True)
    )
    ordered = parse_all(model, [row.text for row in orders])
    report["commands"] = _share(
        answer["intent"]["name"] == row.label for row, answer in zip(orders, ordered, strict=True)
    )
    report["misread"] = [
        {"text": row.text, "is": row.label, "read": guess}
        for row, guess in zip(singles, guessed, strict=True)
        if row.label != guess
    ]
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return report


def _primary(answer: dict[str, Any]) -> str:
    return answer["reasons"][0]["id"] if answer["reasons"] else "none"


def _top_three(answer: dict[str, Any]) -> list[str]:
    names = [row["name"] for row in answer["intent_ranking"] if row["name"].startswith("reason_")]
    return [name.removeprefix("reason_") for name in names[:3]]


def _share(hits: Any) -> float:
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


def _calibration(rows: list[Row], parsed: list[dict[str, Any]], bins: int = 10) -> float:
    """Expected calibration error of the primary reason's probability."""
    boxes: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for row, answer in zip(rows, parsed, strict=True):
        if answer["reasons"]:
            top = answer["reasons"][0]
            boxes[min(int(top["probability"] * bins), bins - 1)].append(
                (top["probability"], top["id"] == row.label)
            )
    total = sum(len(box) for box in boxes.values())
    gaps = (
        len(box) / total * abs(sum(p for p, _ in box) / len(box) - sum(hit for _, hit in box) / len(box))
        for box in boxes.values()
    )
    return round(sum(gaps), 4)
