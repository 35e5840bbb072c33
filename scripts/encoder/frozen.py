"""For comparison: the pretrained encoder's own vectors of all training and development texts, nothing taught.

Reads `var/encoder/examples.json` and `development.json` (`prepare.py`), writes `var/encoder/frozen.npz`.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import numpy as np
import torch
from export import write_pieces
from learn import EXAMPLES, numbered
from network import Network
from pretrained import Pretrained


@torch.no_grad()
def main() -> None:
    """Write the vectors."""
    rows = json.loads(EXAMPLES.read_text(encoding="utf-8"))["rows"]
    texts = [row["text"] for row in rows]
    texts += json.loads(EXAMPLES.with_name("development.json").read_text(encoding="utf-8"))
    source = Pretrained()
    with tempfile.TemporaryDirectory() as folder:
        pieces = write_pieces(source, Path(folder) / "pieces.model")
    network = Network(source, {}, layers=source.sizes.layers).eval()
    vectors = []
    for text in texts:
        ids = torch.tensor([numbered(pieces, text)])
        vectors.append(network.pooled(ids, torch.ones_like(ids, dtype=torch.bool))[0].numpy())
    np.savez(
        EXAMPLES.with_name("frozen.npz"), texts=np.array(texts), vectors=np.array(vectors, dtype=np.float16)
    )


if __name__ == "__main__":
    main()
