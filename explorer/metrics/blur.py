"""Equivalent blur: the Gaussian that turns an original into what resembles its reconstruction most."""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor

#: Widest blur looked for, pixels: a 28-pixel picture has little left of it.
WIDEST = 6.0
#: Between two candidates, pixels; a parabola through the best three refines it.
STEP = 0.02
#: Variance of luminance below which a picture counts as flat: less than a tenth of a grey level.
FLAT = (0.1 / 255) ** 2
#: Images at once: keeps the table of correlations small.
BLOCK = 1000


def equivalent_blur(original: Tensor, reconstruction: Tensor) -> Tensor:
    """`σ_eq = argmax_σ corr(G_σ * x, x̂)` of each pair of luminances (N, H, W), pixels, (N,).

    0 for a sharp copy, whatever its contrast or offset; at most `WIDEST`; NaN if either picture is flat. The blur
    mirrors at the edges: in the basis of cosines it only weighs, so all candidates cost two matrix products.
    """
    parts = zip(original.split(BLOCK), reconstruction.split(BLOCK), strict=True)
    return torch.cat([_best(*_products(x, y)) for x, y in parts]) if len(original) else original.new_empty(0)


def pooled_equivalent_blur(original: Tensor, reconstruction: Tensor) -> float:
    """One σ for all pairs: the argmax of the correlation over all of their values, each picture without its mean."""
    products = [_products(x, y) for x, y in zip(original.split(BLOCK), reconstruction.split(BLOCK), strict=True)]
    return float(
        _best(*(sum(part) for part in zip(*[[t.sum(0, keepdim=True) for t in p] for p in products], strict=True)))[0]
    )


def blurred(images: Tensor, sigma: float | Tensor) -> Tensor:
    """Images (N, C, H, W) under a Gaussian of `sigma` pixels (one, or (N,)), mirrored at the edges."""
    size = images.shape[-1]
    cosines = _cosines(size).to(images)
    scale = torch.as_tensor(sigma, dtype=images.dtype).reshape(-1, 1, 1, 1)
    weights = torch.exp(-0.5 * scale.square() * _frequencies_squared(size).to(images))
    return cosines.T @ ((cosines @ images @ cosines.T) * weights) @ cosines


def _products(original: Tensor, reconstruction: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """`X·X̂` and `X²` of each cosine (N, H·W), and `ΣX̂²` (N,): all that correlations with blurred originals need."""
    cosines = _cosines(original.shape[-1])
    x, y = ((cosines @ u.double() @ cosines.T).flatten(1) for u in (original, reconstruction))
    x[:, 0] = y[:, 0] = 0  # the means
    return x * y, x.square(), y.square().sum(1)


def _best(shared: Tensor, own: Tensor, other: Tensor) -> Tensor:
    values = shared.shape[1]
    sigmas, weights = _candidates(math.isqrt(values))
    correlation = (shared @ weights) / ((own @ weights.square()) * other[:, None]).sqrt()  # (N, candidates)
    best = correlation.nan_to_num(-1).argmax(1)
    inner = best.clamp(1, len(sigmas) - 2)
    left, centre, right = (correlation.gather(1, (inner + d)[:, None])[:, 0] for d in (-1, 0, 1))
    shift = 0.5 * (left - right) / (left - 2 * centre + right)
    refined = torch.where(inner == best, sigmas[inner] + STEP * shift.clamp(-0.5, 0.5), sigmas[best])
    flat = (own.sum(1) < FLAT * values) | (other < FLAT * values)
    return torch.where(flat, torch.nan, refined)


@lru_cache(maxsize=8)
def _candidates(size: int) -> tuple[Tensor, Tensor]:
    """σ of each candidate (S,), and its weight on each cosine (size², S)."""
    sigmas = torch.arange(0, WIDEST + STEP / 2, STEP, dtype=torch.float64)
    return sigmas, torch.exp(-0.5 * _frequencies_squared(size).flatten()[:, None] * sigmas.square())


@lru_cache(maxsize=8)
def _frequencies_squared(size: int) -> Tensor:
    """(size, size) squared angular frequency of each product of cosines, radians² per pixel²."""
    w = torch.arange(size, dtype=torch.float64) * math.pi / size
    return w.square()[:, None] + w.square()


@lru_cache(maxsize=8)
def _cosines(size: int) -> Tensor:
    """Orthonormal DCT-II matrix (size, size): the eigenbasis of every blur that mirrors at the edges."""
    k, n = torch.arange(size, dtype=torch.float64)[:, None], torch.arange(size, dtype=torch.float64)
    matrix = torch.cos(math.pi * (n + 0.5) * k / size) * math.sqrt(2 / size)
    matrix[0] /= math.sqrt(2)
    return matrix
