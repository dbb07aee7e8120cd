"""Rate-matched partners: which Gaussian latent was given as many bits as a code grid, and how nearly."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

#: A pair this near in rate may carry a headline: share of the rate under the learned prior.
CLOSE = 0.05


@dataclass(frozen=True)
class GaussianRate:
    """What a Gaussian latent costs.

    Attributes:
        id: of its run.
        bits: KL to the prior over ln 2, mean per image.
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
        apart: its bits over those of the learned prior, minus 1: how near, as a signed share.
        on_grid: as in `GaussianRate`.
    """

    id: str
    apart: float
    on_grid: bool

    @property
    def close(self) -> bool:
        """Whether the pair may carry a headline."""
        return abs(self.apart) <= CLOSE


def rate_match(learned_prior: float, per_position: float, latents: Iterable[GaussianRate]) -> RateMatch | None:
    """The partner of a code grid that costs `learned_prior` and `per_position` bits per image; None if none fits.

    A latent fits whose bits lie between the two, or within `CLOSE` of the learned prior's. Of those that fit the ones
    on the same grid come first, then those of the same seed, then the nearest to the learned prior.
    """
    fitting = [latent for latent in latents if fits(latent.bits, learned_prior, per_position)]
    if not fitting:
        return None

    def distance(latent: GaussianRate) -> tuple[bool, bool, float, str]:
        return not latent.on_grid, not latent.same_seed, abs(latent.bits / learned_prior - 1), latent.id

    best = min(fitting, key=distance)
    return RateMatch(best.id, best.bits / learned_prior - 1, best.on_grid)


def fits(bits: float, learned_prior: float, per_position: float) -> bool:
    """Whether a Gaussian latent of `bits` counts as matched to a code grid; False where a count is not known."""
    if not all(math.isfinite(value) and value > 0 for value in (bits, learned_prior, per_position)):
        return False
    return learned_prior <= bits <= per_position or abs(bits / learned_prior - 1) <= CLOSE
