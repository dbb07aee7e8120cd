"""What training pays for a VAE's KL: remedies for units that fall silent. One frozen class and one registry line each.

A unit whose posterior has become the prior carries nothing, and nothing in the ELBO brings it back once the decoder has
learned to do without: posterior collapse, the VAE's twin of dead codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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


@dataclass(frozen=True)
class PlainKL:
    """The ELBO's own term from the first step to the last."""

    def share(self, step: int, steps: int) -> float:
        return 1.0

    def paid(self, kl: Tensor) -> Tensor | None:
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


KL_POLICIES: dict[str, KLPolicy] = {
    "plain": PlainKL(),
    "warm-up": WarmUp(),
    "cyclical": Cyclical(),
    "free-bits": FreeBits(),
}
