#!/usr/bin/env python3
"""`make eval`: how well texts are read, on the development sets and by cross-validation, as pictures and a page.

Writes `var/reports/nlu.html` with `confusion.png`, `calibration.png` and `nlu.json` beside it.
"""

from __future__ import annotations

import html
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import matplotlib  # noqa: E402

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from sklearn.metrics import f1_score  # noqa: E402

from bot.nlu.detectors import Detectors  # noqa: E402
from bot.nlu.reading import readable  # noqa: E402
from bot.nlu.teaching import REASON, examples  # noqa: E402
from bot.playbook.schema import REASONS  # noqa: E402
from bot.training import ensure_model  # noqa: E402
from tests.nlu.report import REPORT, bins_of, measure  # noqa: E402

FOLDER = REPORT.parent
LABELS = (*REASONS, "none")
SHOWN = (
    ("macro_f1", "eleven reasons and none, macro-F1"),
    ("top_three", "right reason among the top three"),
    ("none_with_reason", "no reason stated, one read"),
    ("two_reasons_exact", "two reasons: both, none added"),
    ("second_reason_added", "one reason stated, two read"),
    ("calibration_error", "expected calibration error"),
    ("commands", "commands and reactions"),
    ("numbers_f1", "numbers, F1 of exact values"),
    ("techniques_micro_f1", "techniques, micro-F1"),
    ("violations_recall", "violations, recall"),
    ("violations_precision", "violations, precision"),
)


def main() -> None:
    """Measure, draw, write."""
    report = measure(ensure_model())
    dev, exam = report["dev"], report["exam"]
    crossed = cross_validate()
    draw_confusion(
        {
            pair: dev["pairs_read"][pair] + exam["pairs_read"][pair]
            for pair in {*dev["pairs_read"], *exam["pairs_read"]}
        }
    )
    draw_calibration(dev["certainties"] + exam["certainties"])
    page = FOLDER / "nlu.html"
    page.write_text(page_of(dev, exam, crossed), encoding="utf-8")
    print("development, examination")
    for title, here, there in figures_of(dev, exam):
        print(f"{here}  {there}  {title}")
    print(f"{crossed['macro_f1']:7.4f}  cross-validation of the detectors alone, macro-F1")
    print(f"→ {page.relative_to(ROOT)}")


def figures_of(dev: dict[str, Any], exam: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Title, figure on the development sets, figure on the examination sets."""
    rows = [(title, dev.get(key), exam.get(key)) for key, title in SHOWN]
    rows += [(f"macro-F1 of {kind}s", dev["by_kind"][kind], exam["by_kind"][kind]) for kind in dev["by_kind"]]
    return [
        (title, *("      " if one is None else f"{one:.4f}" for one in (here, there)))
        for title, here, there in rows
    ]


def cross_validate() -> dict[str, Any]:
    """Five folds over the training texts, by the detectors alone: the encoder has seen them all."""
    taught = examples()
    intents = sorted({one.intent for one in taught})
    truth = np.array(
        [[one.intent == i or i.removeprefix(REASON) in one.reasons for i in intents] for one in taught]
    )
    detectors = Detectors(intents, (1, 2), 0.5)
    margins = detectors.fit([readable(one.text).text for one in taught], truth)
    read = [_label(intents[column]) for column in margins.argmax(axis=1)]
    stated = [_label(one.intent) for one in taught]
    return {
        "macro_f1": float(f1_score(stated, read, average="macro", labels=LABELS)),
        "confusions": Counter(pair for pair in zip(stated, read, strict=True) if pair[0] != pair[1]),
    }


def _label(intent: str) -> str:
    return intent.removeprefix(REASON) if intent.startswith(REASON) else "none"


def draw_confusion(pairs: dict[str, int]) -> None:
    """Rows: what the texts state; columns: what was read."""
    matrix = np.array([[pairs.get(f"{row}|{column}", 0) for column in LABELS] for row in LABELS])
    figure, axes = plt.subplots(figsize=(9, 8), layout="constrained")
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="BuGn", vmin=0, vmax=1)
    for row, column in np.argwhere(matrix > 0):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, str(matrix[row, column]), ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(LABELS)), LABELS, rotation=60, ha="right")
    axes.set_yticks(range(len(LABELS)), LABELS)
    axes.set_xlabel("read")
    axes.set_ylabel("stated")
    figure.savefig(FOLDER / "confusion.png", dpi=110)
    plt.close(figure)


def draw_calibration(certainties: list[tuple[float, bool]]) -> None:
    """How often the primary reason was right, by the probability it was given."""
    boxes = [box for box in bins_of(certainties) if box]
    said = [float(np.mean([p for p, _ in box])) for box in boxes]
    right = [float(np.mean([hit for _, hit in box])) for box in boxes]
    figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    axes.plot(said, right, marker="o", color="#0f6a68")
    for x, y, box in zip(said, right, boxes, strict=True):
        axes.annotate(str(len(box)), (x, y), textcoords="offset points", xytext=(6, -10), fontsize=8)
    axes.set_xlabel("probability given")
    axes.set_ylabel("share that was right")
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.02)
    figure.savefig(FOLDER / "calibration.png", dpi=110)
    plt.close(figure)


def page_of(dev: dict[str, Any], exam: dict[str, Any], crossed: dict[str, Any]) -> str:
    """The page: figures, pictures, the ten worst confusions with their texts (of the development sets)."""
    rows = "<tr><th><th>development<th>examination"
    rows += "".join(f"<tr><td>{title}<td>{here}<td>{there}" for title, here, there in figures_of(dev, exam))
    rows += f"<tr><td>cross-validation, detectors alone<td>{crossed['macro_f1']:.4f}"
    by_label = "".join(
        f"<tr><td>{label}<td>{dev['by_label'][label]:.3f}<td>{exam['by_label'][label]:.3f}"
        for label in LABELS
    )
    return f"""<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>NLU</title>
<style>body{{font:15px/1.6 sans-serif;max-width:1000px;margin:2em auto;padding:0 1em}}td{{padding:2px 14px 2px 0}}
img{{max-width:100%}}h3{{margin:1.2em 0 .2em}}li{{margin:.1em 0}}</style>
<h1>How well texts are read</h1><table>{rows}</table><h2>By reason, F1</h2><table>{by_label}</table>
<h2>Stated and read</h2><img src="confusion.png"><h2>Probability and truth</h2><img src="calibration.png">
<h2>The ten worst confusions</h2>{_confusions(dev["misread"])}
<h2>Two reasons</h2>{_texts(dev["two_misread"])}
<h2>Numbers</h2>{_texts(dev["numbers_misread"])}
<h2>Techniques</h2>{_texts(dev["techniques_misread"])}
<h2>Violations</h2>{_texts(dev["violations_misread"])}
<h2>Most frequent confusions in cross-validation</h2><ol>{
        "".join(f"<li>{a} → {b}: {n}" for (a, b), n in crossed["confusions"].most_common(10))
    }</ol></html>"""


def _confusions(misread: list[dict[str, str]]) -> str:
    worst = Counter((one["is"], one["read"]) for one in misread).most_common(10)
    parts = []
    for (stated, read), count in worst:
        texts = [one["text"] for one in misread if (one["is"], one["read"]) == (stated, read)]
        parts.append(f"<h3>{stated} → {read}: {count}</h3><ul>{_items(texts)}</ul>")
    return "".join(parts)


def _texts(misread: list[dict[str, Any]]) -> str:
    lines = [f"{one['text']}  [{one['is']} → {one['read']}]" for one in misread]
    return f"<ul>{_items(lines)}</ul>"


def _items(texts: list[str]) -> str:
    return "".join(f"<li>{html.escape(text)}" for text in texts)


if __name__ == "__main__":
    main()
