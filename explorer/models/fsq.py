"""Finite scalar quantization: a codebook that nobody learns, because it is a grid (Mentzer et al. 2023)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.errors import ConfigError
from explorer.models.gradient_estimators import PassThrough
from explorer.models.nearest import check_finite, hits_of
from explorer.models.quantizer_base import Quantizer, QuantizerOutput, rows_of

FEWEST_ADVISED = 5  # levels of one number that the paper uses at least (section 4.1)
SHRINK = 1e-3  # keeps tanh's ends from rounding to a level that is not there


def fsq_levels(num_embeddings: int, embedding_dim: int) -> tuple[int, ...]:
    """D level counts of at least 2 whose product is K, each as near to the root of what is left as a divisor gets.

    Raises:
        ConfigError: K is no such product.
    """
    levels: list[int] = []
    rest = num_embeddings
    for left in range(embedding_dim, 0, -1):
        # What remains must still be a product of enough factors.
        fitting = [divisor for divisor in _divisors(rest) if _prime_factors(rest // divisor) >= left - 1]
        if not fitting:
            raise ConfigError("config_fsq_levels", num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        even = math.log(rest) / left
        levels.append(min(fitting, key=lambda divisor: abs(math.log(divisor) - even)))
        rest //= levels[-1]
    return tuple(sorted(levels, reverse=True))


def _divisors(number: int) -> list[int]:
    """From 2 to `number`."""
    small = [divisor for divisor in range(1, math.isqrt(number) + 1) if number % divisor == 0]
    return sorted({*small, *(number // divisor for divisor in small)} - {1})


def _prime_factors(number: int) -> int:
    count, divisor = 0, 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            count += 1
            number //= divisor
        divisor += 1
    return count + (number > 1)


class FSQ(Quantizer):
    """Rounds each of D bounded numbers to one of L levels: the codes are all `L_1 ⋯ L_D = K` combinations.

    `f(z) = tanh(z + shift) (L - 1)/2 - offset`, rounded with a straight-through gradient and divided by ⌊L/2⌋ (the
    paper's listing). No code is learned, so none can be stranded; some may stay unused all the same. There is no
    codebook and no commitment loss: the terms are reported, and weigh nothing.

    Args:
        num_embeddings: K, a product of D whole numbers of at least 2.
        embedding_dim: D.

    Attributes:
        levels: (D,) level counts.
        codebook: (K, D) in [-1, 1], a buffer that is no part of the saved state.
    """

    levels: Tensor

    @classmethod
    def check_sizes(cls, num_embeddings: int, embedding_dim: int) -> None:
        fsq_levels(num_embeddings, embedding_dim)

    @classmethod
    def remarks_on_sizes(cls, num_embeddings: int, embedding_dim: int) -> tuple[ConfigError, ...]:
        levels = fsq_levels(num_embeddings, embedding_dim)
        few = min(levels) < FEWEST_ADVISED
        return (ConfigError("config_fsq_few", levels=" × ".join(map(str, levels))),) if few else ()

    def __init__(self, num_embeddings: int, embedding_dim: int) -> None:
        super().__init__(num_embeddings, embedding_dim, commitment_cost=0.0)
        levels = fsq_levels(num_embeddings, embedding_dim)
        basis = [math.prod(levels[:place]) for place in range(embedding_dim)]
        self.register_buffer("levels", torch.tensor(levels), persistent=False)
        self.register_buffer("basis", torch.tensor(basis), persistent=False)
        digits = torch.arange(num_embeddings)[:, None] // torch.tensor(basis) % torch.tensor(levels)  # (K, D)
        self.register_buffer("codebook", digits / self._middle() - 1, persistent=False)

    def _quantize(self, z_e: Tensor) -> QuantizerOutput:
        """The same in training and evaluation."""
        with torch.autocast(z_e.device.type, enabled=False):
            z_e = z_e.to(self.codebook.dtype)
            projected = self.project(z_e)
            indices = self.nearest(projected)
            codes = torch.empty_like(projected).copy_(self.lookup(indices))
            quantized: Tensor = codes if torch.compiler.is_exporting() else PassThrough.apply(projected, codes)
        distortion = (projected - codes).detach().square().mean()
        counts = hits_of(indices.flatten(), self.num_embeddings)
        none = distortion.new_zeros(())
        return QuantizerOutput(quantized, indices, distortion, distortion, None, none, counts, counts.new_empty(0))

    def project(self, z_e: Tensor) -> Tensor:
        """`z_e` bounded by tanh, on the codes' own scale."""
        levels = _beside_channels(self.levels, z_e)
        half = (levels - 1) * (1 - SHRINK) / 2
        offset = (levels % 2 == 0) * 0.5
        bounded = torch.tanh(z_e + torch.tan(offset / half)) * half - offset
        return bounded / _beside_channels(self._middle(), z_e)

    @torch.no_grad()
    def nearest(self, vectors: Tensor) -> Tensor:
        """Indices (B, *spatial) of projected `vectors` (B, D, *spatial): rounding is finding the nearest."""
        self._check_shape(vectors)
        check_finite(vectors, vectors)
        middle = self._middle()
        digits = ((rows_of(vectors) * middle).round() + middle).clamp_min(0).minimum(self.levels - 1)
        return (digits.long() * self.get_buffer("basis")).sum(1).view(vectors.shape[0], *vectors.shape[2:])

    def extra_repr(self) -> str:
        return f"{self.num_embeddings}, {self.embedding_dim}, levels={self.levels.tolist()}"

    def _middle(self) -> Tensor:
        return torch.div(self.levels, 2, rounding_mode="floor")


def _beside_channels(per_channel: Tensor, z_e: Tensor) -> Tensor:
    return per_channel.to(z_e.dtype).view(-1, *[1] * (z_e.ndim - 2))
