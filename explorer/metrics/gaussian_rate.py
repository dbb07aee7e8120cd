"""What linear coding would do: a yardstick for rates and errors."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class RateDistortion:
    """A curve of S points, from few bits to many.

    Attributes:
        bits: (S,) per image.
        mse: (S,) mean squared error per value.
        components: (S,) int64, principal components that get any bits.
    """

    bits: Tensor
    mse: Tensor
    components: Tensor


def pca_rate_distortion(train: Tensor, test: Tensor, most: int = 300) -> RateDistortion:
    """The best linear VAE: principal components, coded by reverse water-filling (Cover & Thomas 2006, theorem 10.3.3).

    At water level `D` a component of variance `λ > D` has the posterior `N((1 - D/λ) x, D (1 - D/λ))`: it costs
    `½ log2(λ/D)` bits and errs by `D`. All others cost nothing and err by their variance. Components, variances and
    posteriors come from `train` (N, d); bits (as KL) and errors are those of `test` (M, d), whose variances `λ'` are
    others: `½ (log2(λ/D) + (1 - D/λ)(λ'/λ - 1)/ln 2)` and `D + (D/λ)² (λ' - λ)`.

    Args:
        train: what is fitted.
        test: what is paid for.
        most: points of the curve; the water stands at the 2nd, 3rd, ... variance.
    """
    mean = train.double().mean(0)
    variances, axes = torch.linalg.eigh(torch.cov((train.double() - mean).T))
    variances, axes = variances.flip(0).clamp_min(1e-12), axes.flip(1)
    actual = ((test.double() - mean) @ axes).square().mean(0)
    levels = variances[1 : most + 1, None]
    coded = variances > levels  # (S, d)
    share = levels / variances
    bits = 0.5 * (-torch.log2(share) + (1 - share) * (actual / variances - 1) / math.log(2))
    error = levels + share.square() * (actual - variances)
    return RateDistortion(torch.where(coded, bits, 0).sum(1), torch.where(coded, error, actual).mean(1), coded.sum(1))
