"""What a VAE becomes when its posterior means are replaced by random codes, without any training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.latent import EncodedSet
from explorer.metrics.codebook import codebook_health
from explorer.metrics.gaussian_quantization import (
    draw_codes,
    expected_error,
    kl_bits,
    miss_bound,
    nearest_codes,
    nearest_jointly,
    quantized,
)
from explorer.metrics.reconstruction import mse
from explorer.models import VAE
from explorer.streams import stream

BATCH = 500
#: log2 of the codes of each unit.
BITS = (2, 4, 6, 8, 10, 12, 14)
#: Codes of a plane that are searched for each image: twice as many bits a code as a unit has.
MOST_JOINT_BITS = 14
DRAWS = 5


@dataclass(frozen=True)
class Row:
    """One size of codebook, over `DRAWS` codebooks and N images.

    Attributes:
        bits: log2 K of each unit; of codes that are chosen jointly, their bits over the units.
        error: mean over images and units of `|ẑ - μ| / σ`.
        median: the median of the same.
        theory: the mean that follows from the prior's density (`expected_error`); None where codes are chosen jointly.
        missed: share of units off by more than σ.
        bound: the theorem's bound on that share, mean over images and units; None likewise.
        mse: of the decoded pictures, clipped to [0, 1], mean over draws.
        mse_low, mse_high: least and largest of the draws.
        used: codes with a hit, mean over units and draws.
    """

    bits: float
    error: float
    median: float
    theory: float | None
    missed: float
    bound: float | None
    mse: float
    mse_low: float
    mse_high: float
    used: float


@dataclass(frozen=True)
class QuantizedVAE:
    """A VAE by the size of random codebooks.

    Attributes:
        images: N.
        draws: codebooks of each size.
        kl: bits of each unit (channel of a grid), mean over images.
        kl_low, kl_high: 10th and 90th percentile over images and units.
        mean_mse: of decoding μ itself.
        rows: unit by unit, by bits.
        joint: the units of a vector of two chosen together, by `(μ - c) / σ`; empty for other latents.
    """

    images: int
    draws: int
    kl: tuple[float, ...]
    kl_low: float
    kl_high: float
    mean_mse: float
    rows: tuple[Row, ...]
    joint: tuple[Row, ...]


@torch.no_grad()
def quantize_vae(
    model: VAE, images: Tensor, encoded: EncodedSet, bits: Sequence[int] = BITS, draws: int = DRAWS
) -> QuantizedVAE:
    """Quantize a VAE by random codes of several sizes.

    Args:
        model: in eval mode; a vector latent, or a grid, whose channels are the units, with one codebook for all places.
        images: uint8 (N, C, H, W).
        encoded: `encode_images(model, images)`.
        bits: log2 K of each unit.
        draws: codebooks of each size.
    """
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    mean, sigma = (_rows(each) for each in (encoded.mean, (0.5 * encoded.logvar).exp()))
    kl = kl_bits(mean, sigma)
    plane = encoded.mean.ndim == 2 and encoded.mean.shape[1] == 2
    joint = [b for b in bits if 2 * b <= MOST_JOINT_BITS] if plane else []
    low, high = (float(torch.quantile(kl.flatten()[:1_000_000], share)) for share in (0.1, 0.9))
    return QuantizedVAE(
        images=len(images),
        draws=draws,
        kl=tuple(kl.mean(0).tolist()),
        kl_low=low,
        kl_high=high,
        mean_mse=_decoded_mse(model, images, encoded.mean),
        rows=tuple(_row(model, images, encoded.mean, (mean, sigma), b, draws) for b in bits),
        joint=tuple(_row(model, images, encoded.mean, (mean, sigma), b, draws, jointly=True) for b in joint),
    )


def codes_of(bits: int, units: int, draw: int) -> Tensor:
    """(units, K) codes of one draw."""
    return draw_codes(2**bits, units, stream(0, "gaussian codes", bits, draw))


@torch.no_grad()
def quantized_latent(mean: Tensor, bits: int, draw: int = 0) -> Tensor:
    """Posterior means (N, Z) or (N, D, h, w), each replaced by the nearest code of its unit."""
    rows = _rows(mean)
    codes = codes_of(bits, rows.shape[1], draw)
    return _like(quantized(nearest_codes(rows, codes), codes), mean)


def _row(
    model: VAE,
    images: Tensor,
    latent: Tensor,
    posterior: tuple[Tensor, Tensor],
    bits: int,
    draws: int,
    *,
    jointly: bool = False,
) -> Row:
    mean, sigma = posterior
    units, errors, mses, used = mean.shape[1], [], [], []
    for draw in range(draws):
        if jointly:
            codes = draw_codes(units, 2 ** (units * bits), stream(0, "gaussian codes in the plane", bits, draw))
            chosen = nearest_jointly(mean, sigma, codes)
            found, columns = codes[chosen], chosen[:, None]
        else:
            codes = codes_of(bits, units, draw)
            columns = nearest_codes(mean, codes)
            found = quantized(columns, codes)
        errors.append((found - mean).abs() / sigma)
        mses.append(_decoded_mse(model, images, _like(found, latent)))
        size = 2 ** (bits * units) if jointly else 2**bits
        used += [float(codebook_health(column, size).used) for column in columns.unbind(1)]
    error = torch.stack(errors)
    return Row(
        bits=float(bits),
        error=float(error.mean()),
        median=float(error.median()),
        theory=None if jointly else float((expected_error(mean, 2**bits) / sigma).mean()),
        missed=float((error > 1).double().mean()),
        bound=None if jointly else float(miss_bound(mean, sigma, 2**bits).mean()),
        mse=sum(mses) / len(mses),
        mse_low=min(mses),
        mse_high=max(mses),
        used=sum(used) / len(used),
    )


def _rows(latent: Tensor) -> Tensor:
    """(N, Z) as it is; a grid (N, D, h, w) as (N h w, D), in float64."""
    return latent.double().movedim(1, -1).reshape(-1, latent.shape[1])


def _like(rows: Tensor, latent: Tensor) -> Tensor:
    shaped = rows.view(latent.shape[0], *latent.shape[2:], -1).movedim(-1, 1)
    return shaped.to(latent.dtype).contiguous()


def _decoded_mse(model: VAE, images: Tensor, latent: Tensor) -> float:
    parts = zip(images.split(BATCH), latent.split(BATCH), strict=True)
    return float(torch.cat([mse(x.float() / 255, model.decode(z)) for x, z in parts]).double().mean())
