"""The small encoder: a fine-tuned multilingual-e5-small, eight bits a weight, run once a text.

Made by `scripts/encoder` (docs/nlu.md says how, and what it is worth); read here from four files that stand
in the repository. It is one voice of two: the classifiers weigh it against their own reading of characters.
"""

from __future__ import annotations

import functools
import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import sentencepiece

from bot.nlu.reading import readable

WEIGHTS = Path(__file__).with_name("weights")
#: Every file that a model made with the encoder depends on.
WEIGHT_FILES = tuple(
    WEIGHTS / name for name in ("encoder.onnx", "encoder.json", "pieces.model", "held_out.npz")
)
#: With fewer answers to unseen texts, how far to trust the encoder cannot be told.
FEWEST = 20
#: A text's pieces, with the two that open and close it, never exceed what the network has places for.
MOST_PIECES = 128

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """One question the network answers: a logit a label."""

    name: str
    labels: tuple[str, ...]
    start: int

    def of(self, scores: Scores) -> Scores:
        """This head's part of the network's answer; the last axis is the network's."""
        return scores[..., self.start : self.start + len(self.labels)]


def key_of(text: str) -> str:
    """The name of a text, as read, in the table of held-out answers."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Encoder:
    """Reads a text into the logits of all heads.

    Attributes:
        heads: by name: `intent`, `reasons`, `techniques`, `violations`.
    """

    def __init__(self, folder: Path = WEIGHTS) -> None:
        """Load the weights.

        Raises:
            FileNotFoundError: when one of the files is missing.
            ValueError: when the pieces are not those that the network was taught with.
        """
        about = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        start = 0
        self.heads: dict[str, Head] = {}
        for name, labels in about["heads"].items():
            self.heads[name] = Head(name, tuple(labels), start)
            start += len(labels)
        self.width = start
        options = onnxruntime.SessionOptions()
        # One text at a time, a few milliseconds each: more threads would only take cores from other turns.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
        if self._pieces.get_piece_size() != about["pieces"]:
            raise ValueError("pieces.model and encoder.onnx are not of one making: run `make encoder`")

    def score(self, read: str) -> Scores:
        """The logits of all heads for a text as `readable` gives it."""
        ids = self.pieces(read)
        answer = self._session.run(None, {"pieces": np.array([ids], dtype=np.int64)})
        return np.asarray(answer[0][0], dtype=np.float32)

    def pieces(self, read: str) -> list[int]:
        """The numbers of a text's pieces, with the opening and the closing one."""
        inner: list[int] = self._pieces.encode(unicodedata.normalize("NFKC", read))
        return [0, *inner[: MOST_PIECES - 2], 2]


@functools.lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder of this installation, loaded once a process."""
    return Encoder()


@functools.lru_cache(maxsize=64)
def encoded(text: str) -> Scores:
    """The network's answer to a text as typed; several components ask for the same text."""
    return encoder().score(readable(text).text)


def held_out(folder: Path = WEIGHTS) -> dict[str, Scores]:
    """Answers to training texts by networks that had not seen them, by `key_of`.

    Fitted on texts it has learnt by heart, a weighing of voices would trust the encoder blindly.
    """
    with np.load(folder / "held_out.npz") as stored:
        return dict(zip(stored["keys"].tolist(), stored["scores"].astype(np.float32), strict=True))


def known_answers(texts: list[str]) -> tuple[npt.NDArray[np.intp], Scores]:
    """Which of the texts (as read) have a held-out answer, and these answers."""
    answers = held_out()
    found = [(index, answers[key]) for index, key in enumerate(map(key_of, texts)) if key in answers]
    rows = np.array([index for index, _ in found], dtype=np.intp)
    width = encoder().width
    return rows, np.array([scores for _, scores in found], dtype=np.float32).reshape(len(found), width)


def about(folder: Path = WEIGHTS) -> dict[str, Any]:
    """What the weights were made from: labels, hash of the inputs, epochs."""
    found: dict[str, Any] = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
    return found
