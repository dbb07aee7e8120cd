"""The kernel distance between two sets of features, unbiased: KID (Bińkowski et al. 2018) on any features."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

#: Features in a subset, and how many subsets; small sets take subsets of 100.
SUBSET = 1000
SMALL_SUBSET = 100
SUBSETS = 10


@dataclass(frozen=True)
class KernelDistance:
    """Squared maximum mean discrepancy, mean over subsets; 0 in expectation for equal distributions, may be below.

    Attributes:
        value: mean over subsets.
        sd: standard deviation over subsets: how far one subset's value is off, not the error of the mean.
        subsets: how many.
        size: features of each side in a subset.
    """

    value: float
    sd: float
    subsets: int
    size: int


def kernel_distance(
    real: Tensor, generated: Tensor, generator: torch.Generator, *, size: int | None = None, subsets: int = SUBSETS
) -> KernelDistance:
    """Compare features (N, F) and (M, F).

    Args:
        real: of held-out images.
        generated: of samples.
        generator: draws the subsets, each without replacement.
        size: of a subset, at most N and M; `subset_size` of them if left out.
        subsets: how many.
    """
    size = size or subset_size(min(len(real), len(generated)))
    values = torch.stack(
        [squared_mmd(_subset(real, size, generator), _subset(generated, size, generator)) for _ in range(subsets)]
    )
    return KernelDistance(float(values.mean()), float(values.std()), subsets, size)


def subset_size(n: int) -> int:
    """1000 where there are as many, else 100, else half of what there is."""
    return next((size for size in (SUBSET, SMALL_SUBSET) if n >= size), max(2, n // 2))


def _subset(features: Tensor, size: int, generator: torch.Generator) -> Tensor:
    return features[torch.randperm(len(features), generator=generator)[:size]]


def squared_mmd(x: Tensor, y: Tensor) -> Tensor:
    """Unbiased MMD² of (N, F) and (M, F) under `k(x, y) = (x·y/F + 1)³`, a float64 scalar."""
    x, y = x.double(), y.double()
    n, m = len(x), len(y)
    xx, yy, xy = kernel(x, x), kernel(y, y), kernel(x, y)
    within_x = (xx.sum() - xx.diagonal().sum()) / (n * (n - 1))
    within_y = (yy.sum() - yy.diagonal().sum()) / (m * (m - 1))
    return within_x + within_y - 2 * xy.mean()


def kernel(x: Tensor, y: Tensor) -> Tensor:
    """The cubic kernel, (N, M)."""
    return (x @ y.T / x.shape[1] + 1) ** 3
