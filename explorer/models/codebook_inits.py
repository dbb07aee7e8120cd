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
    """U(-1/K, 1/K), as in pythae, taming and diffusers: far narrower than most clouds of encoder outputs."""

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
class ReferenceInit(UniformInit):
    """U(±√(3/D)), variance 1/D a coordinate: the start of the VQ-VAE's authors.

    google-deepmind/sonnet, nets/vqvae.py: uniform variance scaling of an embedding (D, K), whose fan-in is D.
    """

    def draw(self, num_embeddings: int, embedding_dim: int, generator: torch.Generator | None) -> Tensor:
        unit = torch.rand(num_embeddings, embedding_dim, generator=generator)
        return (unit * 2 - 1) * (3 / embedding_dim) ** 0.5


@dataclass(frozen=True)
class NarrowNormalInit(UniformInit):
    """N(0, 1/D) per coordinate: rows of about unit length."""

    def draw(self, num_embeddings: int, embedding_dim: int, generator: torch.Generator | None) -> Tensor:
        return torch.randn(num_embeddings, embedding_dim, generator=generator) * embedding_dim**-0.5


@dataclass(frozen=True)
class LinearInit(UniformInit):
    """N(0, 1/D) through a linear layer as torch begins one: SimVQ's first codebook (Zhu et al. 2024, their code).

    Weight and bias are U(±1/√D). Without SimVQ the codes begin at the same vectors and are free from then on.
    """

    frozen: ClassVar[CodebookInit] = NarrowNormalInit()

    def draw(self, num_embeddings: int, embedding_dim: int, generator: torch.Generator | None) -> Tensor:
        rows = self.frozen.draw(num_embeddings, embedding_dim, generator)
        weight, bias = self.layer(embedding_dim, generator)
        return rows @ weight + bias

    def layer(self, embedding_dim: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        """Weight (D, D) and bias (D,), drawn after the rows."""
        weight, bias = (torch.rand(*shape, embedding_dim, generator=generator) for shape in ((embedding_dim,), ()))
        return (weight * 2 - 1) * embedding_dim**-0.5, (bias * 2 - 1) * embedding_dim**-0.5


@dataclass(frozen=True)
class CloudInit(UniformInit):
    """A Gaussian with mean and covariance of the encoder's outputs: their width without their places."""

    needs_data: ClassVar[bool] = True

    def fit(self, vectors: Tensor, num_embeddings: int, generator: torch.Generator | None) -> Tensor:
        centred = (vectors - vectors.mean(0)).double()
        values, axes = torch.linalg.eigh(centred.t() @ centred / max(1, len(vectors) - 1))
        drawn = torch.randn(num_embeddings, vectors.shape[1], generator=generator, dtype=torch.float64)
        spread = values.clamp_min(0).sqrt()[:, None] * axes.t()
        return vectors.mean(0) + (drawn.to(spread) @ spread).to(vectors)


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
    "reference": ReferenceInit(),
    "normal": NormalInit(),
    "linear": LinearInit(),
    "data": DataInit(),
    "kmeans": KMeansInit(),
    "cloud": CloudInit(),
}
