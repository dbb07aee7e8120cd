"""One linear layer over a frozen codebook: every code moves whenever any code does (SimVQ; Zhu et al. 2024)."""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from explorer.errors import ConfigError, QuantizerError
from explorer.models.codebook_inits import CODEBOOK_INITS, CodebookInit, LinearInit
from explorer.models.gradient_estimators import GradientEstimator
from explorer.models.quantizer_base import choose
from explorer.models.regularizers import Regularizer
from explorer.models.vector_quantizer import VectorQuantizer


class SimVQ(VectorQuantizer):
    """A vector quantizer whose codes are `e_k = c_k W + b`: C is drawn once and never moves, the layer is learned.

    The codebook loss of any one code reaches all of W, and so every code: none is left behind for want of hits. By
    default it begins as its authors' code does, C ~ N(0, 1/D) through a `torch.nn.Linear` as torch begins one. From any
    other init C is what that draws, W begins as the identity and there is no b: from N(0, 1) at D = 64 the codes are
    an order of magnitude longer, and the remedy fails for that. Either way the first codebook is the one that a plain
    quantizer of the same init begins from.

    Args:
        num_embeddings: K.
        embedding_dim: D.
        commitment_cost: beta, on the encoder's side.
        init: draws the first codebook; `linear` is the authors'. It cannot begin from data.
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
        init: str | CodebookInit = "linear",
        *,
        gradient_estimator: str | GradientEstimator = "straight-through",
        regularizer: str | Regularizer = "none",
        generator: torch.Generator | None = None,
    ) -> None:
        chosen: CodebookInit = choose(CODEBOOK_INITS, init, "codebook init")
        if chosen.needs_data:
            raise ConfigError("config_simvq_init")
        super().__init__(
            num_embeddings,
            embedding_dim,
            commitment_cost,
            "gradient",
            chosen.frozen if isinstance(chosen, LinearInit) else chosen,
            gradient_estimator=gradient_estimator,
            regularizer=regularizer,
            generator=generator,
        )
        self.init = chosen
        frozen = self._parameters.pop("codebook")
        assert frozen is not None
        weight, bias = torch.eye(embedding_dim), None
        if isinstance(chosen, LinearInit):
            weight, bias = chosen.layer(embedding_dim, generator)
        self._store(frozen.requires_grad_(False), Basis(weight, bias))

    def load_codebook(self, vectors: Tensor) -> None:
        """SimVQ's codes are made by a layer.

        Raises:
            QuantizerError: always.
        """
        raise QuantizerError("codebook_not_free", quantizer=type(self).__name__)


class Basis(nn.Module):
    """`C W + b` for stored rows C (K, D), a weight (D, D) and a bias (D,) or none."""

    bias: Tensor | None

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight)
        self.register_parameter("bias", None if bias is None else nn.Parameter(bias))

    def forward(self, stored: Tensor) -> Tensor:
        moved = stored @ self.weight
        return moved if self.bias is None else moved + self.bias
