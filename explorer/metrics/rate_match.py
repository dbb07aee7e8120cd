"""Rate-matched partners: which Gaussian latent was given as many bits as a code grid, and how nearly."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: A pair this near in rate counts as matched: share of the code grid's.
CLOSE = 0.05


@dataclass(frozen=True)
class GaussianRate:
    """What a Gaussian latent costs.

    Attributes:
        id: of its run.
        bits: under its learned prior, mean per image.
        on_grid: whether it lies on the code grid's own grid, the like-for-like partner.
        same_seed: whether it shares the code grid's seed.
    """

    id: str
    bits: float
    on_grid: bool
    same_seed: bool = True


@dataclass(frozen=True)
class RateMatch:
    """A partner of a code grid.

    Attributes:
        id: of the partner.
        apart: its bits over the code grid's, minus 1: how near, as a signed share.
        on_grid: as in `GaussianRate`.
    """

    id: str
    apart: float
    on_grid: bool


def rate_match(bits: float, latents: Iterable[GaussianRate]) -> RateMatch | None:
    """The partner of a code grid that costs `bits` per image under its learned prior; None if none is within `CLOSE`.

    Of those that are, the ones on the same grid come first, then those of the same seed, then the nearest.
    """
    fitting = [latent for latent in latents if fits(latent.bits, bits)]
    if not fitting:
        return None

    def distance(latent: GaussianRate) -> tuple[bool, bool, float, str]:
        return not latent.on_grid, not latent.same_seed, abs(latent.bits / bits - 1), latent.id

    best = min(fitting, key=distance)
    return RateMatch(best.id, best.bits / bits - 1, best.on_grid)


def nearest(bits: float, latents: Iterable[GaussianRate]) -> RateMatch | None:
    """The latent on the code grid's own grid and of its seed that is nearest to `bits`, however far; or None."""
    alike = [each for each in latents if each.on_grid and each.same_seed and each.bits > 0]
    if not alike or not bits > 0:
        return None
    best = min(alike, key=lambda latent: (abs(latent.bits / bits - 1), latent.id))
    return RateMatch(best.id, best.bits / bits - 1, best.on_grid)


def fits(bits: float, wanted: float) -> bool:
    """Whether `bits` are within `CLOSE` of `wanted`; False where a count is not known."""
    known = all(math.isfinite(value) and value > 0 for value in (bits, wanted))
    return known and abs(bits / wanted - 1) <= CLOSE
