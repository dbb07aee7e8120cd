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
LEAST_SCALE, LEAST_SQUARE = 1e-8, 1e-8  # keep quotients, roots and the slopes of roots finite
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
        temperature: in units of a squared distance; 0.01 as in MaskGIT (Chang et al. 2022), 1 as in BSQ.
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


@dataclass(frozen=True)
class WassersteinRegularizer:
    """How far the codebook is from the outputs as a cloud: `W2` of the Gaussians that fit each (Fang et al. 2025).

    `√(||m_z - m_e||² + tr(S_z + S_e - 2 (S_z^½ S_e S_z^½)^½))` over the outputs' largest standard deviation: 0 where
    means and covariances agree. Its gradient goes to the codes alone, and to every one of them.

    Their code: VQ-Research/Wasserstein-VQ at 17f714c, code/VQVAE/model/wasserstein_quantizer.py,
    `calc_wasserstein_loss`; gamma 0.5 as in their scripts. They fit the outputs' Gaussian to a queue of the last
    65,536, here it is the batch's.

    Args:
        weight: of the term; gamma.
    """

    weight: float = 0.5

    def term(self, z_e: Tensor, codebook: Tensor, *, over_ranks: bool = False) -> Tensor | None:
        rows = rows_of(z_e).detach().double()
        mean = mean_over_ranks(rows.mean(0)) if over_ranks else rows.mean(0)
        spread = (rows - mean).t() @ (rows - mean) / len(rows)
        spread = mean_over_ranks(spread) if over_ranks else spread
        scale = spread.diagonal().max().sqrt() + LEAST_SCALE
        mean, spread, codes = mean / scale, spread / scale**2, codebook.double() / scale
        values, axes = torch.linalg.eigh(spread)
        root = (axes * values.clamp_min(0).sqrt()) @ axes.t()
        own = codes - codes.mean(0)
        covariance = own.t() @ own / len(codes)
        shared = (torch.linalg.eigvalsh(root @ covariance @ root).clamp_min(0) + LEAST_SQUARE).sqrt().sum()
        apart = (mean - codes.mean(0)).square().sum()
        apart = apart + (spread.trace() + covariance.trace() - 2 * shared).clamp_min(0)
        return (apart + LEAST_SQUARE).sqrt().to(codebook.dtype)


REGULARIZERS: dict[str, Regularizer] = {
    "none": NoRegularizer(),
    "entropy": EntropyRegularizer(),
    "soft-entropy": EntropyRegularizer(temperature=1.0),
    "wasserstein": WassersteinRegularizer(),
}
