"""Holes: places where a VAE's prior has mass and its aggregate posterior has not."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.metrics.interval import Estimate, share

#: A place is a hole where the aggregate posterior's density is below this share of the prior's.
HOLE = 0.1
SAMPLES = 10_000
SAMPLES_PER_IMAGE = 20
#: Half the width of the map; the prior keeps 1.3e-4 of its mass outside.
EXTENT = 4.0
CELLS = 40
BLOCK = 200


@dataclass(frozen=True)
class HoleMap:
    """The plane in square cells; row 0 is the lowest z₂, column 0 the lowest z₁.

    Attributes:
        extent: the map reaches from -extent to extent in both directions.
        ratio: (cells, cells), mass of the aggregate posterior in a cell over the prior's there.
        prior_mass: (cells, cells), the prior's; sums to nearly 1.
        images: N, images behind the aggregate posterior.
        samples_per_image: z ~ q drawn of each.
    """

    extent: float
    ratio: Tensor
    prior_mass: Tensor
    images: int
    samples_per_image: int


def aggregate_log_density(z: Tensor, mean: Tensor, logvar: Tensor) -> Tensor:
    """`log q(z) = log 1/N Σ_i N(z; μ_i, σ_i²)` at points (M, Z), in nats, (M,) float64.

    Args:
        z: where to look.
        mean: (N, Z) posterior means.
        logvar: (N, Z).
    """
    mean, precision = mean.float(), (-logvar.float()).exp()
    normalizer = -0.5 * (logvar.float() + math.log(2 * math.pi)).sum(1)  # (N,)
    parts = []
    for points in z.float().split(BLOCK):
        log_q = normalizer.expand(len(points), -1).clone()
        for unit in range(z.shape[1]):
            log_q -= 0.5 * (points[:, unit, None] - mean[:, unit]).square_().mul_(precision[:, unit])
        parts.append(torch.logsumexp(log_q, dim=1).double() - math.log(len(mean)))
    return torch.cat(parts)


def hole_mass(mean: Tensor, logvar: Tensor, generator: torch.Generator, samples: int = SAMPLES) -> Estimate:
    """`P_{z ~ N(0, I)}(q(z)/p(z) < 1/10)`: how often a draw from the prior lands where no image is.

    For few units only: in many dimensions a finite mixture of narrow posteriors leaves a hole nearly everywhere. The
    interval covers the draws, not the N images, with which the mass falls.

    Args:
        mean: (N, Z) posterior means.
        logvar: (N, Z).
        generator: draws z.
        samples: how many.
    """
    z = torch.randn(samples, mean.shape[1], generator=generator)
    log_p = -0.5 * (z.double().square() + math.log(2 * math.pi)).sum(1)
    return share(aggregate_log_density(z, mean, logvar) - log_p < math.log(HOLE))


def hole_map(
    mean: Tensor,
    logvar: Tensor,
    generator: torch.Generator,
    *,
    cells: int = CELLS,
    extent: float = EXTENT,
    samples_per_image: int = SAMPLES_PER_IMAGE,
) -> HoleMap:
    """Count draws of 2-D posteriors (N, 2) in square cells, over what the prior has there."""
    draws = torch.randn(samples_per_image, *mean.shape, generator=generator)
    z = (mean + (0.5 * logvar).exp() * draws).flatten(0, 1)
    place = torch.floor((z + extent) * (cells / (2 * extent))).long()
    inside = ((place >= 0) & (place < cells)).all(1)
    counts = torch.bincount(place[inside, 1] * cells + place[inside, 0], minlength=cells * cells).view(cells, cells)
    edges = torch.linspace(-extent, extent, cells + 1, dtype=torch.float64)
    below = 0.5 * (1 + torch.erf(edges / math.sqrt(2)))
    prior_mass = torch.outer(below.diff(), below.diff())
    return HoleMap(extent, counts.double() / len(z) / prior_mass, prior_mass, len(mean), samples_per_image)
