"""A small causal transformer over the codes of a grid, with a cache of keys and values for writing."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from explorer.models.prior.base import CodePrior, CodeWriter
from explorer.models.prior.embedding import CodeEmbedding
from explorer.models.prior.space import CodeSpace

EXPANSION = 4


class Block(nn.Module):
    """Attention and a two-layer network, each on a normalised copy of its input (pre-norm; Radford et al. 2019).

    Args:
        width: numbers for each position.
        heads: of the attention; divides `width`.
        dropout: of both branches, in training only.
    """

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, EXPANSION * width)
        self.contract = nn.Linear(EXPANSION * width, width)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, cache: Cache | None = None) -> Tensor:
        """(B, T, width) to the same. With a cache, x continues what it holds: nothing yet, or T = 1."""
        q, k, v = (self._by_head(part) for part in self.qkv(self.norm1(x)).chunk(3, dim=-1))
        if cache is not None:
            k, v = cache.append(k, v)
        attended = scaled_dot_product_attention(q, k, v, is_causal=x.shape[1] > 1)
        x = x + self.drop(self.merge(attended.transpose(1, 2).flatten(2)))
        return x + self.drop(self.contract(nn.functional.gelu(self.expand(self.norm2(x)))))

    def _by_head(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # (B, heads, T, width / heads)


class Cache:
    """Keys and values of one block at the positions seen so far: what a new position attends to.

    Args:
        length: positions it has room for.
    """

    def __init__(self, length: int) -> None:
        self.length = length
        self.filled = 0
        self.keys = self.values = torch.empty(0)

    def append(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Add (B, heads, T, ·) and return all of it."""
        if not self.filled:
            self.keys = k.new_empty(*k.shape[:2], self.length, k.shape[-1])
            self.values = torch.empty_like(self.keys)
        end = self.filled + k.shape[2]
        self.keys[:, :, self.filled : end] = k
        self.values[:, :, self.filled : end] = v
        self.filled = end
        return self.keys[:, :, :end], self.values[:, :, :end]


class CausalTrunk(nn.Module):
    """What a causal transformer has between reading a grid and saying it: a start token, places, blocks.

    A mixin: its parts stand in the prior itself, under the names that stored weights have.
    """

    def add_trunk(
        self,
        positions: int,
        num_classes: int,
        width: int,
        layers: int,
        heads: int,
        dropout: float,
        generator: torch.Generator | None,
    ) -> None:
        """Make the parts; in the constructor of a prior, after what reads."""
        self.width, self.layers, self.heads, self.dropout = width, layers, heads, dropout
        self.num_classes = num_classes
        self.start = nn.Embedding(num_classes + 1, width)  # the last row: no label
        self.places = nn.Parameter(torch.empty(positions, width))
        self.blocks = nn.ModuleList(Block(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.drop = nn.Dropout(dropout)
        for table in (self.start.weight, self.places):
            nn.init.normal_(table, std=0.1, generator=generator)
        for block in self.blocks:
            for name, parameter in block.named_parameters():
                if name.endswith("bias"):
                    nn.init.zeros_(parameter)
                elif parameter.ndim == 2:
                    # Each block adds two branches: shrunk, so that their sum does not grow with depth.
                    shrink = (2 * layers) ** -0.5 if name.startswith(("merge", "contract")) else 1.0
                    nn.init.normal_(parameter, std=shrink * parameter.shape[1] ** -0.5, generator=generator)

    def trunk_sizes(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"width": self.width, "layers": self.layers, "heads": self.heads, "dropout": self.dropout}

    def first(self, n: int, labels: Tensor | None) -> Tensor:
        """The start token, (n, width)."""
        row: Tensor = self.start(torch.full((n,), self.num_classes) if labels is None else labels)
        return row

    def follow(self, read: Tensor, labels: Tensor | None) -> Tensor:
        """(B, T + 1, width) at positions 0 to T, given what was read of the first T, (B, T, width)."""
        x = torch.cat([self.first(len(read), labels)[:, None], read], dim=1)
        x = self.drop(x + self.places[: x.shape[1]])
        for block in self.blocks:
            x = block(x)
        said: Tensor = self.norm(x)
        return said

    def follow_on(self, read: Tensor, caches: list[Cache], labels: Tensor | None) -> Tensor:
        """(B, width) at the next position, given what was read (B, T, width) since the caches were last filled."""
        seen = caches[0].filled
        x = read if seen else torch.cat([self.first(len(read), labels)[:, None], read], dim=1)
        x = x + self.places[seen : seen + x.shape[1]]
        # One at a time after the first call: a block of several would need a mask of its own.
        for column in [x] if not seen else x.split(1, dim=1):
            h = column
            for block, cache in zip(self.blocks, caches, strict=True):
                h = block(h, cache)
        said: Tensor = self.norm(h[:, -1])
        return said


class TrunkPrior(CausalTrunk, CodePrior):
    """A prior over codes that reads [start, c_0, …, c_{P-2}] and says c_0, …, c_{P-1}; the start carries the label."""

    @abstractmethod
    def read(self, codes: Tensor) -> Tensor:
        """Codes (...) to what the trunk reads of them, (..., width)."""

    @abstractmethod
    def say(self, seen: Tensor) -> Tensor:
        """What the trunk says (..., width) to logits (..., K)."""

    def sizes(self) -> dict[str, Any]:
        """See `CodePrior.sizes`."""
        return self.trunk_sizes()

    def logits(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.logits`; one pass over the whole grid."""
        flat = self.sequence_logits(indices.flatten(1)[:, :-1], labels)
        return flat.unflatten(1, (self.space.height, self.space.width))

    def next_logits(self, indices: Tensor, position: int, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.next_logits`; one pass over the codes before `position`, without a cache."""
        return self.sequence_logits(indices.flatten(1)[:, :position], labels)[:, -1]

    def sequence_logits(self, codes: Tensor, labels: Tensor | None) -> Tensor:
        """(B, T + 1, K) of the codes 0 to T, given the first T of them (B, T)."""
        return self.say(self.follow(self.read(codes), labels))

    def writer(self, n: int, labels: Tensor | None = None) -> CodeWriter:
        """See `CodePrior.writer`; with a cache, one position is computed for each code."""
        return CachedWriter(self, n, labels)


class CausalTransformer(TrunkPrior):
    """One table of K vectors reads and says.

    Args:
        space: the grids it is over.
        width: numbers for each position.
        layers: blocks.
        heads: of each attention.
        dropout: in training only.
        codebook: (K, D); codes that are near each other start with similar embeddings.
        generator: of the first weights.
    """

    kind = "transformer"

    def __init__(
        self,
        space: CodeSpace,
        width: int = 64,
        layers: int = 3,
        heads: int = 4,
        dropout: float = 0.0,
        *,
        codebook: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(space)
        self.codes = CodeEmbedding(space.num_embeddings, width, codebook, generator)
        self.add_trunk(space.positions, space.num_classes, width, layers, heads, dropout, generator)

    def read(self, codes: Tensor) -> Tensor:
        """See `TrunkPrior.read`."""
        read: Tensor = self.codes(codes)
        return read

    def say(self, seen: Tensor) -> Tensor:
        """See `TrunkPrior.say`."""
        return self.codes.scores(seen)


class CachedWriter(CodeWriter):
    """Writes with keys and values remembered: the same logits as a full pass, for the work of one position."""

    prior: TrunkPrior

    def __init__(self, prior: TrunkPrior, n: int, labels: Tensor | None = None) -> None:
        super().__init__(prior, n, labels)
        self.caches = [Cache(prior.space.positions) for _ in prior.blocks]
        self._known: tuple[int, Tensor] | None = None

    def _next_logits(self) -> Tensor:
        return self.prior.say(self.seen())

    def seen(self) -> Tensor:
        """(n, width): what the trunk says of the next position.

        Feeds what was written since the last call: usually one code, a whole beginning on the first call.
        """
        if self._known is None or self._known[0] != self.position:
            self._known = (self.position, self._advance())
        return self._known[1]

    def _advance(self) -> Tensor:
        before = self.caches[0].filled
        read = self.prior.read(self.indices[:, max(before - 1, 0) : self.position])
        return self.prior.follow_on(read, self.caches, self.labels)
