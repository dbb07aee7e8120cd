"""How rough the pictures around a latent are: what one small step does to them, seen by a classifier and in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

#: Resamples of a bootstrap, and the share of them that an interval holds.
RESAMPLES = 2000
COVERED = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean and its percentile bootstrap interval over images.

    Attributes:
        value: the mean over all steps.
        low: 2.5 % of the resampled means lie below.
        high: 2.5 % lie above.
    """

    value: float
    low: float
    high: float


def changed_mind(before: Tensor, after: Tensor) -> Tensor:
    """Whether the most probable class differs, float64 0 or 1, (n, m).

    Args:
        before: class probabilities at n places, (n, classes).
        after: after m steps from each, (n, m, classes).
    """
    return (after.argmax(-1) != before.argmax(-1)[:, None]).double()


def pixel_distance(before: Tensor, after: Tensor) -> Tensor:
    """Root of the mean squared difference of values clipped to [0, 1], float64 (n, m).

    Args:
        before: pictures at n places, (n, C, H, W).
        after: after m steps from each, (n, m, C, H, W).
    """
    difference = after.clamp(0, 1) - before.clamp(0, 1)[:, None]
    return difference.double().square().flatten(2).mean(2).sqrt()


def estimates(values: Sequence[Tensor], generator: torch.Generator) -> list[Estimate]:
    """Means of (n, m) values, each with an interval that resamples the n images, every one with all its m steps.

    Steps from one image are no independent draws, so they are never resampled one by one. For a paired difference of
    two models, give the differences. All have the same resamples: what takes the time is to draw them.
    """
    means = torch.stack([each.double().mean(1) for each in values], 1)  # (n, several)
    n = len(means)
    drawn = torch.randint(n, (RESAMPLES, n), generator=generator)
    row = n * torch.arange(RESAMPLES)[:, None]
    counts = torch.bincount((drawn + row).flatten(), minlength=RESAMPLES * n).view(RESAMPLES, n).double()
    tail = (1 - COVERED) / 2
    ends = torch.tensor([tail, 1 - tail], dtype=torch.float64)
    low, high = torch.quantile(counts @ means / n, ends, dim=0).tolist()
    return [Estimate(*found) for found in zip(means.mean(0).tolist(), low, high, strict=True)]
