"""The importance-weighted bound (IWAE; Burda, Grosse & Salakhutdinov 2016, eq. 8).

`L_k = E log 1/k Σ_i p(x, z_i)/q(z_i|x)` with z_i ~ q(z|x). `L_1` is the ELBO; `L_k` never falls with k and never
exceeds `log p(x)`, both in expectation: one estimate may lie above. Two errors are kept apart: how far an estimate is
from `L_k` because the z_i were drawn (Monte-Carlo), and how far a mean over images is from the set's because few images
were taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

#: With fewer groups than this their spread says little; the spread of the weights within each group is used instead.
ENOUGH_GROUPS = 10


@dataclass(frozen=True)
class Iwae:
    """`L_k` of N images for several k.

    Attributes:
        k: how many draws each bound takes.
        bound: (N, len(k)) nats, the mean over groups of k draws.
        standard_error: (N, len(k)) Monte-Carlo.
    """

    k: tuple[int, ...]
    bound: Tensor
    standard_error: Tensor


@dataclass(frozen=True)
class IwaeMean:
    """The mean of `Iwae` over N images.

    Attributes:
        k: as there.
        bound: (len(k),) nats.
        monte_carlo_error: (len(k),) of the mean of these N images.
        image_error: (len(k),) standard error over images, as of a sample of the set.
    """

    k: tuple[int, ...]
    bound: Tensor
    monte_carlo_error: Tensor
    image_error: Tensor


def posterior_draws(mean: Tensor, logvar: Tensor, epsilon: Tensor) -> Tensor:
    """`z = μ + σ·ε`, float64. `mean`, `logvar`: (..., Z); `epsilon`: (draws, ..., Z)."""
    return mean.double() + (0.5 * logvar.double()).exp() * epsilon.double()


def log_importance_weights(log_likelihoods: Tensor, mean: Tensor, logvar: Tensor, epsilon: Tensor) -> Tensor:
    """`log p(x|z) + log p(z) - log q(z|x)` of one image, (draws,) float64; the prior is N(0, I).

    Args:
        log_likelihoods: (draws,) `log p(x|z)`.
        mean: (Z,) of the posterior.
        logvar: (Z,).
        epsilon: (draws, Z), the noise behind each z.
    """
    z = posterior_draws(mean, logvar, epsilon)
    log_ratio = 0.5 * (epsilon.double().square() + logvar.double() - z.square())  # 2π cancels
    return log_likelihoods.double() + log_ratio.sum(1)


def iwae(log_weights: Tensor, k: Sequence[int]) -> Iwae:
    """Bounds from log weights (N, draws), cut into groups of k draws; what does not fill a group is left out.

    The standard error is the spread over groups where there are `ENOUGH_GROUPS`; else the delta method's,
    `Var(w)/(k·mean(w)²)` within each group, which is too small where few weights carry the sum.
    """
    columns = [_bound(log_weights.double(), size) for size in k]
    bounds, errors = zip(*columns, strict=True)
    return Iwae(tuple(k), torch.stack(bounds, 1), torch.stack(errors, 1))


def _bound(log_weights: Tensor, k: int) -> tuple[Tensor, Tensor]:
    groups = log_weights.shape[1] // k
    if groups < 1:
        raise ValueError(f"{log_weights.shape[1]} draws do not make a group of {k}")
    grouped = log_weights[:, : groups * k].unflatten(1, (groups, k))
    values = torch.logsumexp(grouped, 2) - math.log(k)  # (N, groups)
    if groups >= ENOUGH_GROUPS or k == 1:
        return values.mean(1), values.std(1) / math.sqrt(groups)
    shares = torch.softmax(grouped, 2)
    variance = (k * shares.square().sum(2) - 1) / (k - 1)
    return values.mean(1), (variance.mean(1) / groups).clamp_min(0).sqrt()


def over_images(found: Iwae) -> IwaeMean:
    """The mean over images, with both errors."""
    n = len(found.bound)
    return IwaeMean(
        found.k,
        found.bound.mean(0),
        found.standard_error.square().sum(0).sqrt() / n,
        found.bound.std(0) / math.sqrt(n),
    )
