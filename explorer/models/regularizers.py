"""Loss terms on the use of codes, beyond the VQ-VAE's own two. One frozen class and one registry line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from explorer.models.quantizer_base import rows_of
from explorer.models.ranks import mean_over_ranks

#: Probabilities held at a time; of a larger batch every so many-th vector is looked at.
MOST_PROBABILITIES = 1 << 22
SMALLEST_SHARE = 1e-20  # of a code, inside a logarithm


class Regularizer(Protocol):
    """What a regularizer offers."""

    @property
    def weight(self) -> float:
        """Of the term in the loss."""

    def term(self, z_e: Tensor, codebook: Tensor, *, over_ranks: bool = False) -> Tensor | None:
        """The unweighted term, a scalar, from projected outputs (B, D, *spatial) and codes (K, D); None is nothing.

        With `over_ranks` it is the joined batch's, up to what an average over ranks makes of it.
        """


@dataclass(frozen=True)
class NoRegularizer:
    """The VQ-VAE's loss as it is."""

    weight: float = 0.0

    def term(self, z_e: Tensor, codebook: Tensor, *, over_ranks: bool = False) -> Tensor | None:
        return None


@dataclass(frozen=True)
class EntropyRegularizer:
    """Every vector sure of its code, all codes in use: `E[H(q(k|z))] - H(E[q(k|z)])` (MAGVIT-v2; Yu et al. 2023).

    `q(k|z) = softmax(-||z - e_k||² / temperature)`. In nats, from -ln K (every vector sure, all codes used evenly) to 0
    (all vectors alike, be it that one code has them all or that none can be told from another). Its gradient reaches
    codes that nothing chose.

    Args:
        weight: of the term.
        temperature: in units of a squared distance; 0.01 as in MaskGIT (Chang et al. 2022).
    """

    weight: float = 0.1
    temperature: float = 0.01

    def term(self, z_e: Tensor, codebook: Tensor, *, over_ranks: bool = False) -> Tensor | None:
        rows = rows_of(z_e)  # (N, D)
        if not torch.compiler.is_exporting():  # a program for any batch cannot count it
            rows = rows[:: max(1, len(rows) * len(codebook) // MOST_PROBABILITIES)]
        # ||z||² is the same for every code: the softmax does not see it.
        codebook = codebook.clone()  # the graph's own: an update or a restart moves codes before the backward pass
        scores = torch.addmm(-codebook.square().sum(1), rows, codebook.t(), alpha=2)
        log_q = (scores / self.temperature).log_softmax(1)  # (N, K)
        q = log_q.exp()
        mean = mean_over_ranks(q.mean(0)) if over_ranks else q.mean(0)  # the usage, before its entropy
        # Not torch.special.entr: its slope at 0 is infinite, and most q are 0.
        return (mean * mean.clamp_min(SMALLEST_SHARE).log()).sum() - (q * log_q).sum(1).mean()


REGULARIZERS: dict[str, Regularizer] = {
    "none": NoRegularizer(),
    "entropy": EntropyRegularizer(),
}
