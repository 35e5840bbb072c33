"""The network: the pretrained layers, mean pooling, one linear head a question."""

from __future__ import annotations

import torch
from pretrained import Pretrained
from torch import Tensor, nn
from torch.nn import functional

POSITIONS = 130
DROPOUT = 0.1
#: Of the twelve pretrained layers: as many as read a text of sixty characters in the time a turn has.
LAYERS = 6


class Layer(nn.Module):
    """Attention and feed-forward, each added and normed, as in BERT."""

    def __init__(self, source: Pretrained, number: int) -> None:
        super().__init__()
        sizes = source.sizes
        width, self.heads = sizes.width, sizes.heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.first_norm = nn.LayerNorm(width, eps=sizes.epsilon)
        self.widen = nn.Linear(width, sizes.inner)
        self.narrow = nn.Linear(sizes.inner, width)
        self.second_norm = nn.LayerNorm(width, eps=sizes.epsilon)
        self.drop = nn.Dropout(DROPOUT)
        self._load(source, f"l{number}.", width, sizes.inner)

    def _load(self, source: Pretrained, prefix: str, width: int, inner: int) -> None:
        def put(target: Tensor, *names: str, shape: tuple[int, ...] = ()) -> None:
            parts = [torch.from_numpy(source.tensor(prefix + name, *shape)) for name in names]
            with torch.no_grad():
                target.copy_(torch.cat(parts))

        put(self.query_key_value.weight, "q.w", "k.w", "v.w", shape=(width, width))
        put(self.query_key_value.bias, "q.b", "k.b", "v.b")
        put(self.out.weight, "ao.w", shape=(width, width))
        put(self.out.bias, "ao.b")
        put(self.widen.weight, "fi.w", shape=(inner, width))
        put(self.widen.bias, "fi.b")
        put(self.narrow.weight, "fo.w", shape=(width, inner))
        put(self.narrow.bias, "fo.b")
        for norm, name in ((self.first_norm, "aln"), (self.second_norm, "oln")):
            put(norm.weight, f"{name}.w")
            put(norm.bias, f"{name}.b")

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """One layer on `x` [texts, pieces, width]; `mask` is true where a piece stands."""
        texts, length, width = x.shape
        split = self.query_key_value(x).view(texts, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        x = self.first_norm(x + self.drop(self.out(seen.transpose(1, 2).reshape(texts, length, width))))
        return self.second_norm(x + self.drop(self.narrow(functional.gelu(self.widen(x)))))


class Network(nn.Module):
    """Pieces in, the logits of all heads out."""

    def __init__(self, source: Pretrained, heads: dict[str, int], layers: int = LAYERS) -> None:
        """Load the pretrained part, its first layers only; the heads start at random."""
        super().__init__()
        width = source.sizes.width
        words = torch.from_numpy(source.tensor("emb.word", -1, width)[source.kept])
        self.words = nn.Embedding.from_pretrained(words)  # stays as it is: far more words than lessons
        places = source.tensor("emb.pos", -1, width)[:POSITIONS] + source.tensor("emb.type", -1, width)[0]
        self.places = nn.Parameter(torch.from_numpy(places))
        self.norm = nn.LayerNorm(width, eps=source.sizes.epsilon)
        with torch.no_grad():
            self.norm.weight.copy_(torch.from_numpy(source.tensor("emb.ln.w")))
            self.norm.bias.copy_(torch.from_numpy(source.tensor("emb.ln.b")))
        self.drop = nn.Dropout(DROPOUT)
        self.layers = nn.ModuleList(Layer(source, number) for number in range(layers))
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in heads.items()})

    def forward(self, pieces: Tensor, mask: Tensor) -> dict[str, Tensor]:
        """The logits of each head for `pieces` [texts, length]."""
        pooled = self.drop(self.pooled(pieces, mask))
        return {name: head(pooled) for name, head in self.heads.items()}

    def pooled(self, pieces: Tensor, mask: Tensor) -> Tensor:
        """One vector a text: the mean over its pieces."""
        x = self.drop(self.norm(self.words(pieces) + self.places[: pieces.shape[1]]))
        for layer in self.layers:
            x = layer(x, mask)
        present = mask[:, :, None].to(x.dtype)
        return (x * present).sum(1) / present.sum(1)
