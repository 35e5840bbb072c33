#!/usr/bin/env python3
"""`make compare`: ways of classifying reasons side by side, by amount of training text; the table of docs/nlu.md.

Every way learns the same texts and is measured on the development set: macro-F1 over eleven reasons and none.
`--diet N` adds Rasa's stock pipeline on N texts (minutes). The frozen encoder needs `var/encoder/frozen.npz`, which
`scripts/encoder/frozen.py` writes.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import yaml  # noqa: E402
from scipy.sparse import csr_matrix, hstack  # noqa: E402
from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: E402
from sklearn.metrics import f1_score  # noqa: E402
from sklearn.preprocessing import normalize  # noqa: E402
from sklearn.svm import LinearSVC  # noqa: E402

from bot.nlu.reading import readable  # noqa: E402
from bot.nlu.teaching import REASON, encoded_examples  # noqa: E402
from bot.playbook.schema import REASONS  # noqa: E402
from tests.nlu.sets import reasons  # noqa: E402

FROZEN = ROOT / "var" / "encoder" / "frozen.npz"
SIZES = (1_000, 2_000, 4_000, 8_000, 16_000)
LABELS = (*REASONS, "none")
#: Rasa's own advice for a language without word vectors.
STOCK = """
recipe: default.v1
assistant_id: stock
language: zh
pipeline:
  - {name: JiebaTokenizer}
  - {name: RegexFeaturizer, use_word_boundaries: false}
  - {name: LexicalSyntacticFeaturizer}
  - {name: CountVectorsFeaturizer}
  - {name: CountVectorsFeaturizer, analyzer: char_wb, min_ngram: 1, max_ngram: 4}
  - {name: DIETClassifier, epochs: 100, entity_recognition: false, random_seed: 42}
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--diet", type=int, default=0, help="texts for the stock pipeline; 0 leaves it out")
    options = parser.parse_args()
    # By the texts' hashes: each smaller set is a part of the next, and the same on every machine.
    taught = sorted(encoded_examples(), key=lambda one: hashlib.sha256(one.text.encode()).hexdigest())
    asked = reasons()
    texts = [readable(one.text).text for one in taught]
    test = [readable(row.text).text for row in asked]
    intents = np.array([one.intent for one in taught])
    truth = [row.label for row in asked]

    def score(read: Any) -> str:
        guessed = [str(one).removeprefix(REASON) if str(one).startswith(REASON) else "none" for one in read]
        return f"{f1_score(truth, guessed, average='macro', labels=LABELS):.3f}"

    ways: dict[str, Callable[[int], tuple[Any, Any]]] = {
        "characters 1-2": lambda size: characters(texts[:size], test, 2),
        "characters 1-4": lambda size: characters(texts[:size], test, 4),
    }
    if FROZEN.exists():
        with np.load(FROZEN) as stored:
            vectors = dict(
                zip(stored["texts"].tolist(), normalize(stored["vectors"].astype(np.float32)), strict=True)
            )

        def frozen(size: int) -> tuple[Any, Any]:
            return np.array([vectors[t] for t in texts[:size]]), np.array([vectors[t] for t in test])

        def union(size: int) -> tuple[Any, Any]:
            return tuple(
                hstack([a, csr_matrix(b)]).tocsr()
                for a, b in zip(characters(texts[:size], test, 2), frozen(size), strict=True)
            )  # type: ignore[return-value]

        ways |= {"frozen e5-small": frozen, "their union": union}
    print("| features, linear SVM | " + " | ".join(f"{size:,}" for size in SIZES) + " |")
    for name, features in ways.items():
        row = []
        for size in SIZES:
            known, unknown = features(min(size, len(texts)))
            row.append(score(LinearSVC(C=0.5, random_state=42).fit(known, intents[:size]).predict(unknown)))
        print(f"| {name} | {' | '.join(row)} |", flush=True)
    if options.diet:
        chosen = taught[: options.diet]
        read = diet([(one.intent, one.text) for one in chosen], [row.text for row in asked])
        print(f"| Rasa's stock pipeline with DIET, {len(chosen):,} texts | {score(read)} |")


def characters(known: list[str], unknown: list[str], longest: int) -> tuple[Any, Any]:
    """Runs of characters, weighed by rarity."""
    vectorizer = TfidfVectorizer(
        analyzer="char", ngram_range=(1, longest), sublinear_tf=True, lowercase=False, dtype=np.float32
    )
    return vectorizer.fit_transform(known), vectorizer.transform(unknown)


def diet(taught: list[tuple[str, str]], asked: list[str]) -> list[str]:
    """The intents that Rasa's stock pipeline reads."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        by_intent: dict[str, list[str]] = {}
        for intent, text in taught:
            by_intent.setdefault(intent, []).append(text)
        blocks = [
            {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
            for intent, texts in by_intent.items()
        ]
        (folder / "nlu.yml").write_text(
            yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), "utf-8"
        )
        (folder / "config.yml").write_text(STOCK, "utf-8")
        subprocess.run(
            [
                sys.executable,
                "-m",
                "rasa",
                "train",
                "nlu",
                "-u",
                "nlu.yml",
                "-c",
                "config.yml",
                "--out",
                "models",
            ],
            cwd=folder,
            check=True,
            capture_output=True,
        )
        from rasa.core.agent import Agent

        agent = Agent.load(str(next((folder / "models").glob("*.tar.gz"))))

        async def run() -> list[str]:
            return [str((await agent.parse_message(text))["intent"]["name"]) for text in asked]

        return asyncio.run(run())


if __name__ == "__main__":
    main()
