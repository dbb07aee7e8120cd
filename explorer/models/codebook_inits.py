"""Where code vectors begin. One frozen class and one registry line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.nearest import nearest
from explorer.models.ranks import from_first_rank, pick_over_ranks, rows_over_ranks

GATHERED_PER_CODE = 10  # data-driven inits gather batches until they hold this many vectors per code


class CodebookInit(Protocol):
    """What an init offers: `draw` needs nothing, `fit` is called once when `needs_data`."""

    needs_data: ClassVar[bool]

    def draw(self, num_embeddings: int, embedding_dim: int, generator: torch.Generator | None) -> Tensor:
        """A (K, D) codebook before any data is seen."""

    def fit(self, vectors: Tensor, num_embeddings: int, generator: torch.Generator | None) -> Tensor:
        """A (K, D) codebook from encoder outputs (N, D), N >= K."""


@dataclass(frozen=True)
class UniformInit:
    """U(-1/K, 1/K), the VQ-VAE reference code's start."""

    needs_data: ClassVar[bool] = False

    def draw(self, num_embeddings: int, embedding_dim: int, generator: torch.Generator | None) -> Tensor:
        unit = torch.rand(num_embeddings, embedding_dim, generator=generator)
        return (unit * 2 - 1) / num_embeddings

    def fit(self, vectors: Tensor, num_embeddings: int, generator: torch.Generator | None) -> Tensor:
        return self.draw(num_embeddings, vectors.shape[1], generator)


@dataclass(frozen=True)
class NormalInit(UniformInit):
    """N(0, 1) per coordinate."""

    def draw(self, num_embeddings: int, embedding_dim: int, generator: torch.Generator | None) -> Tensor:
        return torch.randn(num_embeddings, embedding_dim, generator=generator)


@dataclass(frozen=True)
class DataInit(UniformInit):
    """K different encoder outputs, drawn without replacement; `uniform` until the data is there."""

    needs_data: ClassVar[bool] = True

    def fit(self, vectors: Tensor, num_embeddings: int, generator: torch.Generator | None) -> Tensor:
        if len(vectors) < num_embeddings:
            raise QuantizerError("init_needs_vectors", needed=num_embeddings, got=len(vectors))
        chosen = draw_distinct(vectors, num_embeddings, generator)
        if len(chosen) < num_embeddings:  # too few distinct vectors: repeats must do
            missing = num_embeddings - len(chosen)
            extra = torch.randint(len(vectors), (missing,), generator=generator).to(vectors.device)
            chosen = torch.cat([chosen, vectors[extra]])
        return chosen


@dataclass(frozen=True)
class KMeansInit(DataInit):
    """Lloyd's algorithm from a `data` start; a centre that loses all its vectors stays where it was."""

    iterations: int = 20

    def fit(self, vectors: Tensor, num_embeddings: int, generator: torch.Generator | None) -> Tensor:
        centres = super().fit(vectors, num_embeddings, generator).clone()
        for _ in range(self.iterations):
            chosen = nearest(vectors, centres)
            counts = torch.bincount(chosen, minlength=num_embeddings)
            sums = torch.zeros_like(centres).index_add_(0, chosen, vectors)
            moved = sums / counts.clamp(min=1)[:, None]
            centres = torch.where((counts > 0)[:, None], moved, centres)
        return centres


def draw_distinct(
    vectors: Tensor, wanted: int, generator: torch.Generator | None, *, over_ranks: bool = False
) -> Tensor:
    """Up to `wanted` different rows of `vectors` (N, D), drawn without replacement.

    With `over_ranks` they are drawn once for all ranks, from the vectors of all of them.

    Flat image patches give many equal vectors; of equal codes only the lowest index is ever chosen, so a repeat is
    wasted. Fewer rows come back only if there are not enough different ones.
    """
    numbers = rows_over_ranks(vectors) if over_ranks else torch.tensor([len(vectors)])
    everything = int(numbers.sum())
    order = torch.randperm(everything, generator=generator).to(vectors.device)
    size = wanted
    while True:
        chosen = order[:size]
        drawn = pick_over_ranks(vectors, numbers, from_first_rank(chosen)) if over_ranks else vectors[chosen]
        distinct, where = torch.unique(drawn, dim=0, return_inverse=True)
        if len(distinct) >= wanted or size >= everything:
            first = torch.full((len(distinct),), len(drawn), device=vectors.device)
            first.scatter_reduce_(0, where, torch.arange(len(drawn), device=vectors.device), "amin")
            return drawn[first.sort().values[:wanted]]
        size = min(everything, size * 4)


CODEBOOK_INITS: dict[str, CodebookInit] = {
    "uniform": UniformInit(),
    "normal": NormalInit(),
    "data": DataInit(),
    "kmeans": KMeansInit(),
}
