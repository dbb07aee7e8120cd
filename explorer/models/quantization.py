"""What every quantizer offers, whatever stands behind it: a learned codebook, a fixed grid, a transformed one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.errors import QuantizerError


@dataclass(frozen=True)
class QuantizerOutput:
    """What one pass of the quantizer gives. Losses are means over elements, by the codebook before this step.

    quantized: like z_e, in the codebook's dtype; its gradient goes to z_e as the gradient estimator says.
    indices: (B, *spatial) or (N,) int64 in [0, K).
    codebook_loss: scalar, unweighted `||sg[z_e] - e||^2`; detached (reported only) unless the update is by gradient.
    commitment_loss: scalar, unweighted `||z_e - sg[e]||^2`; its gradient goes to the encoder only.
    regularization: scalar, unweighted; None without a regularizer.
    loss: scalar to be added to the reconstruction term: `codebook_loss` (if by gradient) + cost * `commitment_loss` +
        weight * `regularization`.
    counts: (K,) int64, hits of this batch (on this rank).
    restarted: (R,) int64, rows that the dead-code policy moved in this pass; usually empty.
    """

    quantized: Tensor
    indices: Tensor
    codebook_loss: Tensor
    commitment_loss: Tensor
    regularization: Tensor | None
    loss: Tensor
    counts: Tensor
    restarted: Tensor


class Quantizer(nn.Module, ABC):
    """A layer that replaces every vector by one of K.

    Attributes:
        codebook: (K, D), the vectors that come out, whatever they are made of.
        parts: the keyword arguments that its constructor takes beyond K and D.
        regularization_weight: of `QuantizerOutput.regularization` in the loss.
        restart_generator: draws the vectors for restarts; re-seed it per step for exact resuming.

    Raises:
        QuantizerError: for sizes, inputs or indices that cannot work.
    """

    codebook: Tensor
    parts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, num_embeddings: int, embedding_dim: int, commitment_cost: float) -> None:
        super().__init__()
        if num_embeddings < 1 or embedding_dim < 1:
            raise QuantizerError("codebook_size", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        if not commitment_cost >= 0:
            raise QuantizerError("commitment_cost_negative", value=commitment_cost)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.commitment_cost = commitment_cost
        self.regularization_weight = 0.0
        self.restart_generator = torch.Generator()

    @abstractmethod
    def forward(self, z_e: Tensor) -> QuantizerOutput:
        """Quantize encoder outputs `z_e` (B, D, *spatial) or (N, D)."""

    @abstractmethod
    def project(self, z_e: Tensor) -> Tensor:
        """Where `z_e` (B, D, *spatial) stands among the codes: what is compared with them, and drawn beside them."""

    @abstractmethod
    def nearest(self, vectors: Tensor) -> Tensor:
        """Indices (B, *spatial) of the nearest codes of projected `vectors` (B, D, *spatial)."""

    @property
    def needs_data(self) -> bool:
        """Whether the codebook still waits for vectors to begin from (inits `data` and `kmeans`)."""
        return False

    @property
    def restart_count(self) -> int:
        """How many times codes were restarted so far, in all."""
        return 0

    def initialize(self, vectors: Tensor, generator: torch.Generator | None = None) -> None:
        """Begin the codebook from projected encoder outputs `vectors` (N, D), if it begins from data."""

    def reset_optimizer_rows(self, optimizer: torch.optim.Optimizer, rows: Tensor) -> None:
        """Zero the optimizer's moments of codebook rows `rows` (R,), if it has any."""

    def lookup(self, indices: Tensor) -> Tensor:
        """The code vectors (B, D, *spatial) behind integer `indices` (B, *spatial)."""
        if indices.is_floating_point() or indices.dtype == torch.bool:
            raise QuantizerError("indices_not_integer", dtype=str(indices.dtype))
        if indices.numel():
            low, high = (int(value) for value in indices.aminmax())
            if low < 0 or high >= self.num_embeddings:
                bad = low if low < 0 else high
                raise QuantizerError("index_out_of_range", num_embeddings=self.num_embeddings, index=bad)
        return F.embedding(indices.long(), self.codebook).movedim(-1, 1 if indices.ndim > 1 else -1)

    def _check_shape(self, z_e: Tensor) -> None:
        if z_e.ndim < 2 or z_e.shape[1] != self.embedding_dim:
            raise QuantizerError("wrong_channels", expected=self.embedding_dim, shape=tuple(z_e.shape))
        if not z_e.is_floating_point():
            raise QuantizerError("not_floating", dtype=str(z_e.dtype))
        if not z_e.numel():
            raise QuantizerError("no_vectors")


def rows_of(z_e: Tensor) -> Tensor:
    """(B, D, *spatial) as rows (N, D), without a copy when channels are already last."""
    return z_e.movedim(1, -1).reshape(-1, z_e.shape[1])


def like_rows(rows: Tensor, z_e: Tensor) -> Tensor:
    """Rows (N, D) in the shape and memory format of `z_e` (B, D, *spatial)."""
    shaped = rows.view(z_e.shape[0], *z_e.shape[2:], -1).movedim(-1, 1)
    return shaped if shaped.stride() == z_e.stride() else torch.empty_like(z_e).copy_(shaped)


def choose(registry: Mapping[str, Any], choice: Any, what: str) -> Any:
    """An entry by its name; anything but a name is taken for an entry.

    Raises:
        QuantizerError: there is no such name.
    """
    if not isinstance(choice, str):
        return choice
    if choice not in registry:
        raise QuantizerError("quantizer_part_unknown", what=what, name=choice, known=", ".join(registry))
    return registry[choice]
