"""One linear layer over a frozen codebook: every code moves whenever any code does (SimVQ; Zhu et al. 2024)."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from explorer.errors import ConfigError, QuantizerError
from explorer.models.codebook_inits import CodebookInit
from explorer.models.gradient_estimators import GradientEstimator
from explorer.models.regularizers import Regularizer
from explorer.models.vector_quantizer import VectorQuantizer


class SimVQ(VectorQuantizer):
    """A vector quantizer whose codes are `e_k = c_k W`: C is drawn once and never moves, W (D, D) is learned.

    The codebook loss of any one code reaches all of W, and so every code: none is left behind for want of hits. W
    begins as the identity, so that the first codebook is the one its twins begin from; the reference code draws it.

    Args:
        num_embeddings: K.
        embedding_dim: D.
        commitment_cost: beta, on the encoder's side.
        init: draws C; the paper's is normal. It cannot begin from data.
        gradient_estimator: a name of `GRADIENT_ESTIMATORS` or an instance.
        regularizer: a name of `REGULARIZERS` or an instance.
        generator: draws C.
    """

    parts: ClassVar[tuple[str, ...]] = ("commitment_cost", "init", "gradient_estimator", "regularizer", "generator")

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        commitment_cost: float = 0.25,
        init: str | CodebookInit = "normal",
        *,
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
        if self.needs_data:
            raise ConfigError("config_simvq_init")
        frozen = self._parameters.pop("codebook")
        assert frozen is not None
        self._store(frozen.requires_grad_(False), Basis(embedding_dim))

    def load_codebook(self, vectors: Tensor) -> None:
        """SimVQ's codes are made by a layer.

        Raises:
            QuantizerError: always.
        """
        raise QuantizerError("codebook_not_free", quantizer=type(self).__name__)


class Basis(nn.Module):
    """`C W` for stored rows C (K, D)."""

    def __init__(self, embedding_dim: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.eye(embedding_dim))

    def forward(self, stored: Tensor) -> Tensor:
        return stored @ self.weight
