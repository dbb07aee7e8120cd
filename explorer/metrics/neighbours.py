"""What neighbours in feature space say of samples: fidelity, variety, and whether training images were copied."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.metrics.interval import Estimate, mean, share

#: k of the balls around each image.
NEIGHBOURS = 5
BLOCK = 500


@dataclass(frozen=True)
class Manifold:
    """How two sets of features lie in each other's balls of k neighbours.

    Intervals cover the points that are counted, not the balls they are counted in.

    Attributes:
        precision: share of samples inside some real image's ball (Kynkäänniemi et al. 2019).
        recall: share of real images inside some sample's ball.
        density: real balls a sample lies in, over k; 1 for equal distributions, may exceed it (Naeem et al. 2020).
        coverage: share of real images whose ball holds a sample; about 1 - 2^-k for equal distributions and sizes.
    """

    precision: Estimate
    recall: Estimate
    density: Estimate
    coverage: Estimate


def manifold(real: Tensor, generated: Tensor, k: int = NEIGHBOURS) -> Manifold:
    """Compare features (N, F) and (M, F); N and M above k, and equal where figures are to be compared."""
    distances = pairwise(real, generated)  # (N, M)
    in_real_ball = distances <= ball_radii(real, k)[:, None]
    in_sample_ball = distances <= ball_radii(generated, k)[None, :]
    return Manifold(
        precision=share(in_real_ball.any(0)),
        recall=share(in_sample_ball.any(1)),
        density=mean(in_real_ball.sum(0) / k),
        coverage=share(in_real_ball.any(1)),
    )


def ball_radii(features: Tensor, k: int) -> Tensor:
    """Distance of each of (N, F) to its k-th other one, (N,) float64."""
    distances = pairwise(features, features).fill_diagonal_(torch.inf)
    return distances.kthvalue(k, dim=1).values


def copy_check(generated: Tensor, train: Tensor, held_out: Tensor) -> Estimate:
    """`P(nearer to train than to held-out)`: .5 for a model that generalises, 1 for one that copies; ties count half.

    The interval covers redrawn samples and a redrawn reference. Samples with the same nearest real image answer
    together, whichever part that image was drawn into: c_j samples at image j are worth (Σc)² / Σc² independent ones
    (Kish 1965). Many dimensions have hubs that are nearest to many, and few samples are worth little there.

    Args:
        generated: (M, F).
        train: (N, F), of N training images drawn at random.
        held_out: (N, F), of as many images that no model has seen.
    """
    (to_train, at_train), (to_held_out, at_held_out) = (pairwise(generated, part).min(1) for part in (train, held_out))
    nearer = (to_train < to_held_out).double() + 0.5 * (to_train == to_held_out)
    nearest_one = torch.where(to_train <= to_held_out, at_train, len(train) + at_held_out)
    together = torch.bincount(nearest_one).double()
    return share(nearer, independent=float(together.sum().square() / together.square().sum()))


def nearest(features: Tensor, others: Tensor, k: int = 3) -> Tensor:
    """Rows of `others` (N, F) that are nearest to each of `features` (M, F), (M, k), the nearest first."""
    blocks = [pairwise(block, others).topk(k, dim=1, largest=False).indices for block in features.split(BLOCK)]
    return torch.cat([torch.empty(0, k, dtype=torch.int64), *blocks])


def pairwise(x: Tensor, y: Tensor) -> Tensor:
    """Euclidean distances (N, M) in float64; those of equal rows are exactly 0."""
    x, y = x.double(), y.double()
    squares = x.square().sum(1)[:, None] + y.square().sum(1)[None] - 2 * x @ y.T
    # Rounding leaves about 1e-13 of the squares where rows are equal: less than any two images differ by.
    floor = 1e-12 * (x.square().sum(1).max() + y.square().sum(1).max())
    return torch.where(squares < floor, 0.0, squares).sqrt()
