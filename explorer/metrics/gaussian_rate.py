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
    variances, axes = _principal(train.double() - mean, most + 1)
    around = test.double() - mean
    actual = (around @ axes).square().mean(0)
    beyond = around.square().mean(0).sum() - actual.sum()  # of components that no level codes
    levels = variances[1:, None]
    coded = variances > levels  # (S, C)
    share = levels / variances
    bits = 0.5 * (-torch.log2(share) + (1 - share) * (actual / variances - 1) / math.log(2))
    error = levels + share.square() * (actual - variances)
    mse = (torch.where(coded, error, actual).sum(1) + beyond) / train.shape[1]
    return RateDistortion(torch.where(coded, bits, 0).sum(1), mse, coded.sum(1))


def _principal(centred: Tensor, most: int) -> tuple[Tensor, Tensor]:
    """Variances (C,), largest first, and axes (d, C) of the first principal components of `centred` (N, d)."""
    count, size = centred.shape
    if count > size:
        variances, axes = torch.linalg.eigh(centred.T @ centred / (count - 1))
        return variances.flip(0)[:most].clamp_min(1e-12), axes.flip(1)[:, :most]
    # Fewer images than values: the same variances from the (N, N) products, here in a tenth of the time. One is zero.
    variances, mixtures = torch.linalg.eigh(centred @ centred.T / (count - 1))
    keep = min(most, count - 1)
    variances, mixtures = variances.flip(0)[:keep].clamp_min(1e-12), mixtures.flip(1)[:, :keep]
    return variances, centred.T @ mixtures / (variances * (count - 1)).sqrt()
