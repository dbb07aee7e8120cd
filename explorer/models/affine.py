"""Affine codes: one scale and one shift, learned, for the whole codebook (VQ-STE++; Huh et al. 2023)."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from explorer.models.codebook_inits import CodebookInit
from explorer.models.gradient_estimators import GradientEstimator
from explorer.models.regularizers import Regularizer
from explorer.models.vector_quantizer import VectorQuantizer


class AffineVQ(VectorQuantizer):
    """A vector quantizer whose codes are `e_k = (1 + r s) c_k + r b`: the c_k, s and b are all learned.

    The codebook loss of any one code moves scale and shift, and so every code toward the outputs' mean and spread. Both
    begin at 0: the first codebook is the plain one, to the bit. This is one of three parts of VQ-STE++; its alternating
    updates and its synchronized commitment are not here.

    The authors' code: minyoungg/vqtorch at 31cc833, vqtorch/nn/affine.py, lines 35-36 (begin), 82 and 91-92 (scale and
    shift); r = 10 and the k-means start from examples/classification.py ("+ affine parameterization").

    Args:
        num_embeddings: K.
        embedding_dim: D.
        commitment_cost: beta, on the encoder's side.
        init: a name of `CODEBOOK_INITS` or an instance: of the c_k.
        rate: r, how many times as fast as a code's own numbers scale and shift move.
        gradient_estimator: a name of `GRADIENT_ESTIMATORS` or an instance.
        regularizer: a name of `REGULARIZERS` or an instance.
        generator: draws the c_k.
    """

    parts: ClassVar[tuple[str, ...]] = ("commitment_cost", "init", "gradient_estimator", "regularizer", "generator")

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        commitment_cost: float = 0.25,
        init: str | CodebookInit = "kmeans",
        *,
        rate: float = 10.0,
        gradient_estimator: str | GradientEstimator = "straight-through",
        regularizer: str | Regularizer = "none",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(
            num_embeddings,
            embedding_dim,
            commitment_cost,
            "gradient",
            init,
            gradient_estimator=gradient_estimator,
            regularizer=regularizer,
            generator=generator,
        )
        stored = self._parameters.pop("codebook")
        assert stored is not None
        self._store(stored, Affine(embedding_dim, rate))

    @property
    def affine(self) -> Affine:
        """What makes the codes from the stored rows."""
        found = self.get_submodule("parametrizations.codebook.0")
        assert isinstance(found, Affine)
        return found

    @torch.no_grad()
    def initialize(self, vectors: Tensor, generator: torch.Generator | None = None) -> None:
        self.affine.reset()
        super().initialize(vectors, generator)

    @torch.no_grad()
    def load_codebook(self, vectors: Tensor) -> None:
        self.affine.reset()
        super().load_codebook(vectors)


class Affine(nn.Module):
    """`(1 + r s) C + r b` of stored rows C (K, D), with s and b (D,) learned from 0; r is saved beside them."""

    rate: Tensor

    def __init__(self, embedding_dim: int, rate: float) -> None:
        super().__init__()
        self.register_buffer("rate", torch.tensor(rate))
        self.scale, self.bias = (nn.Parameter(torch.zeros(embedding_dim)) for _ in range(2))

    def forward(self, stored: Tensor) -> Tensor:
        own = stored.clone()  # the graph's own: an init may put codes down before the backward pass
        return own * (1 + self.rate * self.scale) + self.rate * self.bias

    def reset(self) -> None:
        """Back to the identity, where codes are put as they are."""
        self.scale.zero_()
        self.bias.zero_()
