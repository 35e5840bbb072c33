"""Writes what the product reads: the network in ONNX with eight-bit weights, the pieces for sentencepiece."""

from __future__ import annotations

import tempfile
from pathlib import Path

import sentencepiece
import torch
from network import Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from pretrained import Pretrained
from sentencepiece import sentencepiece_model_pb2
from torch import Tensor, nn

_CONTROL = ("<s>", "<pad>", "</s>")


class OneRow(nn.Module):
    """The network for one text: no padding, all heads side by side."""

    def __init__(self, network: Network, heads: list[str]) -> None:
        super().__init__()
        self.network, self.order = network, heads

    def forward(self, pieces: Tensor) -> Tensor:
        """Logits [1, all heads]."""
        answers = self.network(pieces, torch.ones_like(pieces, dtype=torch.bool))
        return torch.cat([answers[name] for name in self.order], 1)


def write_onnx(network: Network, heads: list[str], path: Path) -> None:
    """Export and quantize."""
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            OneRow(network, heads).eval(),
            (torch.randint(5, 100, (1, 20)),),
            str(full),
            input_names=["pieces"],
            output_names=["logits"],
            dynamic_axes={"pieces": {1: "length"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(full, path, weight_type=QuantType.QInt8)


def write_pieces(source: Pretrained, path: Path) -> sentencepiece.SentencePieceProcessor:
    """Write the pieces in sentencepiece's own format, and open them as the product will."""
    model = sentencepiece_model_pb2.ModelProto()
    kind = sentencepiece_model_pb2.ModelProto.SentencePiece
    for number, (piece, score) in enumerate(source.pieces):
        entry = model.pieces.add(piece=piece, score=score)
        entry.type = kind.UNKNOWN if number == 3 else kind.CONTROL if number < 3 else kind.NORMAL
    trainer = model.trainer_spec
    trainer.model_type = sentencepiece_model_pb2.TrainerSpec.UNIGRAM
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = 0, 1, 2, 3
    trainer.bos_piece, trainer.pad_piece, trainer.eos_piece, trainer.unk_piece = *_CONTROL, "<unk>"
    model.normalizer_spec.name = "identity"
    path.write_bytes(model.SerializeToString())
    return sentencepiece.SentencePieceProcessor(model_file=str(path))
