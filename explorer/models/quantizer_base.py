"""What every quantizer offers, whatever stands behind it: a learned codebook, a fixed grid, a transformed one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from explorer.errors import ConfigError, QuantizerError

#: Dtypes too coarse for codes and counts: an EMA of .99 stops moving in them, and hits beyond 65,504 overflow.
COARSE = (torch.float16, torch.bfloat16)
#: Stands in `indices` where `mask` says that there is no vector.
PADDING = -1


@dataclass(frozen=True)
class QuantizerOutput:
    """What one pass of the quantizer gives. Losses are means over elements, by the codebook before this step.

    quantized: like z_e, in the codebook's dtype (`match_input_dtype`: in that of z_e), 0 at padding; its gradient goes
        to z_e as the gradient estimator says.
    indices: (B, *spatial) or (N,) int64 in [0, K), -1 at padding.
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


torch.export.register_dataclass(QuantizerOutput)


class Quantizer(nn.Module, ABC):
    """A layer that replaces every vector by one of K.

    Parameters and buffers stay float32 where the module is cast to half precision (`.half()`, `.to(torch.bfloat16)`):
    averages over hundreds of batches and squared distances need it. `.double()` is followed.

    Attributes:
        codebook: (K, D), the vectors that come out, whatever they are made of.
        num_levels: L, of a composition of L codebooks, where indices end in an axis (…, L), counts are (L, K) and the
            codebook (L, K, D'); None: there is one codebook, and no such axis.
        match_input_dtype: give `quantized` in the dtype of z_e, as a decoder in half precision needs it.
        parts: the keyword arguments that its constructor takes beyond K and D.
        takes_nearest: whether a training pass gives each vector its nearest code, as evaluation always does.
        regularization_weight: of `QuantizerOutput.regularization` in the loss.
        restart_generator: draws the vectors for restarts; re-seed it per step for exact resuming.
        noise_generator: draws the noise of a gradient estimator that has some; the same holds for it.

    Raises:
        QuantizerError: for sizes, inputs or indices that cannot work.
    """

    codebook: Tensor
    num_levels: int | None = None
    parts: ClassVar[tuple[str, ...]] = ()
    takes_nearest: ClassVar[bool] = True

    @classmethod
    def check_sizes(cls, num_embeddings: int, embedding_dim: int) -> None:
        """Whether it can have K codes of D numbers.

        Raises:
            ConfigError: it cannot.
        """

    @classmethod
    def remarks_on_sizes(cls, num_embeddings: int, embedding_dim: int) -> tuple[ConfigError, ...]:  # noqa: ARG003
        """What speaks against a size that is possible: said, not raised."""
        return ()

    def __init__(self, num_embeddings: int, embedding_dim: int, commitment_cost: float) -> None:
        super().__init__()
        if num_embeddings < 1 or embedding_dim < 1:
            raise QuantizerError("codebook_size", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        if not commitment_cost >= 0:
            raise QuantizerError("commitment_cost_negative", value=commitment_cost)
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.commitment_cost = commitment_cost
        self.match_input_dtype = False
        self.regularization_weight = 0.0
        self.restart_generator = torch.Generator()
        self.noise_generator = torch.Generator()

    def forward(self, z_e: Tensor, mask: Tensor | None = None) -> QuantizerOutput:
        """Quantize encoder outputs `z_e` (B, D, *spatial) or (N, D).

        Args:
            z_e: floating point.
            mask: (B, *spatial) or (N,) bool, False at padding, which is left out of losses, counts, the EMA, restarts
                and inits. None: there is none.
        """
        self._check_shape(z_e)
        output = self._quantize(z_e) if mask is None else self._quantize_masked(z_e, mask)
        return replace(output, quantized=output.quantized.to(z_e.dtype)) if self.match_input_dtype else output

    @abstractmethod
    def _quantize(self, z_e: Tensor) -> QuantizerOutput:
        """Quantize `z_e` (B, D, *spatial) or (N, D), all of which are vectors; its shape has been checked."""

    @abstractmethod
    def project(self, z_e: Tensor) -> Tensor:
        """Where `z_e` (B, D, *spatial) stands among the codes: what is compared with them, and drawn beside them."""

    @abstractmethod
    def nearest(self, vectors: Tensor) -> Tensor:
        """Indices (B, *spatial) of the nearest codes of projected `vectors` (B, D, *spatial)."""

    def weigh(self, commitment: Tensor, regularization: Tensor | None, beside: Tensor | None = None) -> Tensor:
        """The weighted sum of terms, a scalar: `beside`, commitment by its cost, regularization by its weight."""
        loss = self.commitment_cost * commitment
        loss = loss if beside is None else beside + loss
        return loss if regularization is None else loss + self.regularization_weight * regularization

    @property
    def num_codes(self) -> int:
        """What one position can say: K, of a composition K^L."""
        return self.num_embeddings

    def points(self) -> Tensor:
        """(num_codes, D), every vector that can come out, in the order of `joint`."""
        return self.codebook

    def distinct(self) -> list[Quantizer]:
        """The quantizers that hold a codebook: this one; of a composition its parts, a shared one once."""
        return [self]

    def joint(self, indices: Tensor) -> Tensor:
        """(B, *spatial) in [0, num_codes), one number for each position, of `indices` as `nearest` gives them."""
        return indices

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

    def load_codebook(self, vectors: Tensor) -> None:
        """Take over `vectors` (K, D) as the codebook.

        Raises:
            QuantizerError: this quantizer's codes are not free, or the vectors do not fit.
        """
        raise QuantizerError("codebook_not_free", quantizer=type(self).__name__)

    def lookup(self, indices: Tensor) -> Tensor:
        """The code vectors (B, D, *spatial) behind `indices` (B, *spatial) of any integer dtype."""
        if indices.is_floating_point() or indices.is_complex() or indices.dtype == torch.bool:
            raise QuantizerError("indices_not_integer", dtype=str(indices.dtype))
        numbers = indices.long()  # unsigned types know neither minimum nor maximum
        if numbers.numel() and not torch.compiler.is_exporting():
            low, high = (int(value) for value in numbers.aminmax())
            if low < 0 or high >= self.num_embeddings:
                bad = low if low < 0 else high
                raise QuantizerError("index_out_of_range", num_embeddings=self.num_embeddings, index=bad)
        return F.embedding(numbers, self.codebook).movedim(-1, 1 if numbers.ndim > 1 else -1)

    def _quantize_masked(self, z_e: Tensor, mask: Tensor) -> QuantizerOutput:
        """What the vectors alone give, put back to where they stand."""
        places = (z_e.shape[0], *z_e.shape[2:])
        if mask.dtype != torch.bool or mask.shape != places:
            raise QuantizerError("mask_shape", expected=places, shape=tuple(mask.shape), dtype=str(mask.dtype))
        where = mask.reshape(-1).nonzero()[:, 0]
        vectors = rows_of(z_e)[where]  # (M, D)
        self._check_shape(vectors)
        found = self._quantize(vectors)
        rows = found.quantized.new_zeros(mask.numel(), self.embedding_dim).index_copy(0, where, found.quantized)
        levels = found.indices.shape[1:]
        indices = found.indices.new_full((mask.numel(), *levels), PADDING).index_copy(0, where, found.indices)
        shaped = indices.view(*places, *levels)
        return replace(found, quantized=rows.view(*places, -1).movedim(-1, 1), indices=shaped)

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Quantizer:
        """What `.to()`, `.half()` and their kin do to every tensor: devices are followed, coarse dtypes are not."""

        def kept(tensor: Tensor) -> Tensor:
            moved = fn(tensor)
            return tensor.to(moved.device, torch.float32) if moved.dtype in COARSE else moved

        super()._apply(kept, recurse)
        return self

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
