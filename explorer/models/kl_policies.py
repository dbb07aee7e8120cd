"""What training pays for a VAE's KL: remedies for units that fall silent. One frozen class and one registry line each.

A unit whose posterior has become the prior carries nothing, and nothing in the ELBO brings it back once the decoder has
learned to do without: posterior collapse, the VAE's twin of dead codes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from explorer.errors import ConfigError


class KLPolicy(Protocol):
    """What a policy offers."""

    def share(self, step: int, steps: int) -> float:
        """What the weight β is multiplied with at update `step` of 1 to `steps`."""

    def paid(self, kl: Tensor) -> Tensor | None:
        """The scalar that the objective counts, from the nats of each unit (units,), means over the batch.

        None: their sum, as it is.
        """

    def weights(self) -> Tensor | None:
        """What the policy remembers between updates, at its start; None for a policy that remembers nothing."""


@dataclass(frozen=True)
class PlainKL:
    """The ELBO's own term from the first step to the last."""

    def share(self, step: int, steps: int) -> float:
        return 1.0

    def paid(self, kl: Tensor) -> Tensor | None:
        return None

    def weights(self) -> Tensor | None:
        return None


@dataclass(frozen=True)
class WarmUp(PlainKL):
    """β from 0 to its value in a straight line, then held (Bowman et al. 2016; Sønderby et al. 2016).

    While the KL is cheap the decoder learns to use every unit.

    Args:
        until: the share of all steps after which β is whole, in (0, 1].
    """

    until: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.until <= 1:
            raise ConfigError("kl_share", name="until", got=self.until)

    def share(self, step: int, steps: int) -> float:
        return min(1.0, step / (self.until * steps))


@dataclass(frozen=True)
class Cyclical(PlainKL):
    """Several warm-ups, one after the other (Fu et al. 2019): each begins from what the one before it has learned.

    Args:
        cycles: of equal length.
        rising: share of a cycle in which β rises, in (0, 1]; in the rest it is whole. The paper has 4 and one half.
    """

    cycles: int = 4
    rising: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.rising <= 1 or self.cycles < 1:
            raise ConfigError("kl_share", name="rising", got=self.rising)

    def share(self, step: int, steps: int) -> float:
        if step >= steps:
            return 1.0
        within = (step - 1) * self.cycles / steps % 1.0
        return min(1.0, within / self.rising)


@dataclass(frozen=True)
class FreeBits(PlainKL):
    """Each unit may carry `floor` nats for nothing: `Σ_j max(floor, KL_j)` (Kingma et al. 2016, eq. 15).

    KL_j is the mean over the batch; below the floor its gradient is zero, so that no unit is pushed into silence.

    Args:
        floor: λ >= 0, nats of a unit; of a channel of a grid, over all its positions.
    """

    floor: float = 0.5

    def __post_init__(self) -> None:
        if not self.floor >= 0:
            raise ConfigError("kl_share", name="floor", got=self.floor)

    def paid(self, kl: Tensor) -> Tensor | None:
        return kl.clamp(min=self.floor).sum()


@dataclass(frozen=True)
class Target(PlainKL):
    """Every number of the latent carries about as many bits: the target divergence constraint (Xu et al. 2025).

    So that one size of codebook fits all of them when the VAE is quantized (arXiv 2512.06609, section 3.3). A number of
    z with more than `bits` + `tolerance` pays λ_max for its KL, one with less than `bits` - `tolerance` λ_min, others
    λ_mean. After each update a λ is multiplied or divided by `factor`: λ_mean rises while the mean is above the target,
    λ_max while the largest is too large, λ_min falls while the smallest is too small; within [10⁻³, 10³], λ_max at
    least and λ_min at most 1, as in the authors' code. There λ_max never falls again, a slip that the text does not
    have; here it does.

    Args:
        bits: > 0, of each number; the authors take log2(3K) for K codes.
        tolerance: α in bits.
        factor: of an update of λ, above 1.
    """

    bits: float = 4.0
    tolerance: float = 0.5
    factor: float = 1.01

    def __post_init__(self) -> None:
        if not self.bits > 0:
            raise ConfigError("kl_share", name="bits", got=self.bits)

    def weights(self) -> Tensor | None:
        """λ_min, λ_mean and λ_max, (3,)."""
        return torch.ones(3)

    def weighed(self, kl: Tensor, weights: Tensor) -> Tensor:
        """The scalar that the objective counts, from the nats (B, ...) of each number and the `weights`."""
        bits = kl.detach() / math.log(2)
        which = (bits >= self.bits - self.tolerance).long() + (bits > self.bits + self.tolerance).long()
        return (weights[which] * kl).flatten(1).sum(1).mean()

    def moved(self, weights: Tensor, least: Tensor, mean: Tensor, most: Tensor) -> Tensor:
        """The weights (3,) after an update, whose batch had these nats of a number at least, on average and at most."""
        least, mean, most = (nats / math.log(2) for nats in (least, mean, most))
        rises = torch.stack([least >= self.bits - self.tolerance, mean > self.bits, most > self.bits + self.tolerance])
        scaled = torch.where(rises, weights * self.factor, weights / self.factor)
        low, high = scaled.new_tensor([1e-3, 1e-3, 1.0]), scaled.new_tensor([1.0, 1e3, 1e3])
        return torch.minimum(torch.maximum(scaled, low), high)


KL_POLICIES: dict[str, KLPolicy] = {
    "plain": PlainKL(),
    "warm-up": WarmUp(),
    "cyclical": Cyclical(),
    "free-bits": FreeBits(),
    "target": Target(),
}
