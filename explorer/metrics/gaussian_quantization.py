"""A VAE's posterior means replaced by random codes: Gaussian quantization (Xu et al. 2025, arXiv 2512.06609).

K codes are drawn from the prior N(0, 1), and each posterior mean becomes the nearest one. How far that is follows from
the prior's density at the mean and can be written down: with `p(ε) = Φ(μ + ε) - Φ(μ - ε)`, a code lies within ε of μ
with probability `1 - (1 - p(ε))^K`. The paper's point is that log2 K and the KL in bits are on one axis: at
`ln K = KL + t` the mean is missed by more than σ with a probability of at most `exp(-√(2/π) e^(t - ½ - |μ| σ))`.
"""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Tensor

#: Points of the integral over distances, and how far out and how near it goes, in units of the prior.
STEPS, NEAREST, BEYOND = 512, 1e-9, 12.0
#: Distances held at a time by the search in the plane.
BLOCK = 1 << 22


def draw_codes(num_codes: int, units: int, generator: torch.Generator) -> Tensor:
    """(units, K) float64 from N(0, 1): a codebook for each unit."""
    return torch.randn(units, num_codes, generator=generator, dtype=torch.float64)


def nearest_codes(mean: Tensor, codes: Tensor) -> Tensor:
    """Indices (N, units) of the codes (units, K) nearest to posterior means (N, units); σ plays no part in one unit."""
    ordered, order = codes.sort(dim=1)
    values = mean.T.contiguous().to(codes)  # (units, N)
    above = torch.searchsorted(ordered, values).clamp(max=codes.shape[1] - 1)
    below = (above - 1).clamp(min=0)
    nearer = (values - ordered.gather(1, below)).abs() <= (ordered.gather(1, above) - values).abs()
    return order.gather(1, torch.where(nearer, below, above)).T


def quantized(indices: Tensor, codes: Tensor) -> Tensor:
    """The codes (N, units) behind `indices` (N, units)."""
    return codes.gather(1, indices.T).T


def nearest_jointly(mean: Tensor, sigma: Tensor, codes: Tensor) -> Tensor:
    """Indices (N,) of the codes (K, D) nearest by `(μ - c) / σ`, for all D units together.

    Args:
        mean, sigma: (N, D) of the posterior.
        codes: (K, D) from N(0, I).
    """
    found = []
    rows = max(1, BLOCK // codes.numel())
    for mu, s in zip(mean.to(codes).split(rows), sigma.to(codes).split(rows), strict=True):
        found.append(((mu[:, None] - codes) / s[:, None]).square().sum(2).argmin(1))
    return torch.cat(found)


def kl_bits(mean: Tensor, sigma: Tensor) -> Tensor:
    """`KL(N(μ, σ²) ‖ N(0, 1))` of each unit in bits, the shape of `mean`."""
    mean, sigma = mean.double(), sigma.double()
    return 0.5 * (mean.square() + sigma.square() - 1 - 2 * sigma.log()) / math.log(2)


def share_within(mean: Tensor, distance: Tensor) -> Tensor:
    """`p(ε)`, the prior's mass within `distance` of `mean`; exact in the tails too."""
    mean = mean.double().abs()
    left, right = ((mean - distance) / math.sqrt(2), (mean + distance) / math.sqrt(2))
    return 0.5 * (torch.special.erfc(left) - torch.special.erfc(right))


def miss_probability(mean: Tensor, sigma: Tensor, num_codes: int) -> Tensor:
    """`(1 - p(σ))^K`, the probability that no code of K lies within σ of μ; the shape of `mean`."""
    return (num_codes * torch.log1p(-share_within(mean, sigma.double()).clamp(max=1 - 1e-16))).exp()


def miss_bound(mean: Tensor, sigma: Tensor, num_codes: int) -> Tensor:
    """The bound on `miss_probability`: `exp(-√(2/π) e^(t - ½ - |μ| σ))` with `t = ln K - KL`; the shape of `mean`.

    From `p(σ) ≥ 2 σ φ(|μ| + σ)` and `(1 - p)^K ≤ e^(-K p)`: the paper's theorem, whose constant bounds `|μ| σ`.
    """
    mean, sigma = mean.double(), sigma.double()
    t = math.log(num_codes) - kl_bits(mean, sigma) * math.log(2)
    return (-math.sqrt(2 / math.pi) * (t - 0.5 - mean.abs() * sigma).exp()).exp()


def expected_error(mean: Tensor, num_codes: int) -> Tensor:
    """`E|μ - nearest of K codes| = ∫ (1 - p(ε))^K dε`, the shape of `mean`, in units of the prior.

    The integral is a trapezium rule over log ε.
    """
    top = float(mean.double().abs().max()) + BEYOND
    points = torch.logspace(math.log10(NEAREST), math.log10(top), STEPS, dtype=torch.float64)
    flat = mean.double().flatten()
    total = torch.full_like(flat, NEAREST)  # from 0 to the first point nothing is near yet
    before = torch.ones_like(flat)
    for last, point in pairwise(points):
        inside = share_within(flat, point).clamp(max=1 - 1e-16)
        far = (num_codes * torch.log1p(-inside)).exp()
        total += 0.5 * (before + far) * (point - last)
        before = far
    return total.view(mean.shape)
