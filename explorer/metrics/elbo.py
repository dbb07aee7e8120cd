"""The evidence lower bound of single images, in nats, its two parts kept apart.

`log p(x) = ELBO + KL(q(z|x) ‖ p(z|x))`: the ELBO is a lower bound of the evidence, and maximising it raises the bound.
What is reported always has β = 1 and one fixed `s²`; a β that a run was trained with is not part of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Elbo:
    """The bound of N images.

    Attributes:
        log_likelihood: (N,) `E_q log p(x|z)`, the mean over draws.
        standard_error: (N,) of that mean, over draws; NaN for a single one.
        kl_per_unit: (N, Z) `KL(q(z_j|x) ‖ N(0, 1))`, exact.
    """

    log_likelihood: Tensor
    standard_error: Tensor
    kl_per_unit: Tensor

    @property
    def kl(self) -> Tensor:
        """(N,) summed over units."""
        return self.kl_per_unit.sum(1)

    @property
    def elbo(self) -> Tensor:
        """(N,) `E_q log p(x|z) - KL`."""
        return self.log_likelihood - self.kl


def elbo_terms(log_likelihoods: Tensor, mean: Tensor, logvar: Tensor) -> Elbo:
    """The bound from draws z ~ q.

    Args:
        log_likelihoods: (N, draws) `log p(x|z)`, see `log_likelihood`.
        mean: (N, Z) of the posteriors, or (N, D, h, w): every position's channels are units.
        logvar: same shape.
    """
    values, draws = log_likelihoods.double(), log_likelihoods.shape[1]
    spread = values.std(1) if draws > 1 else torch.full((len(values),), math.nan, dtype=torch.float64)
    mu, log_variance = mean.flatten(1).double(), logvar.flatten(1).double()
    kl = 0.5 * (mu.square() + log_variance.exp() - 1 - log_variance)
    return Elbo(values.mean(1), spread / math.sqrt(draws), kl)


def log_likelihood(squared_error: Tensor, values: int, variance: float) -> Tensor:
    """`log p(x|z) = -SSE/(2s²) - (d/2)·log(2πs²)` in nats, float64.

    Args:
        squared_error: SSE, any shape.
        values: d, numbers in one image.
        variance: the fixed s².
    """
    return -squared_error.double() / (2 * variance) - likelihood_constant(values, variance)


def likelihood_constant(values: int, variance: float) -> float:
    """`(d/2)·log(2πs²)`, the part of `-log p(x|z)` that is the same for every image; below 0 for a small s²."""
    return 0.5 * values * math.log(2 * math.pi * variance)
