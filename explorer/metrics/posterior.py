"""What a Gaussian posterior uses of its latent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from torch import Tensor

#: A unit is active when its posterior mean varies by more than this over images (Burda et al. 2016, section 5.2).
ACTIVE_VARIANCE = 0.01
#: A unit with less KL than this, in nats and a mean over images, is silent wherever the page says so: it says next to
#: nothing, since KL >= E[μ²]/2 >= Var(μ)/2 keeps its mean's variance below .02. "Active" is the rule above, of the mean
#: alone: a unit that no mean moves may still pay for a width that is not the prior's, and is then neither.
SILENT_NATS = 0.01
#: The same in bits.
SILENT_BITS = SILENT_NATS / math.log(2)


@dataclass(frozen=True)
class PosteriorUse:
    """How much of the prior's room a posterior takes.

    Attributes:
        kl_per_unit: (Z,) nats, mean over images.
        active: units with `Var_x(E[z_j|x]) > 0.01`; lax alone, so read it beside `kl_per_unit`.
    """

    kl_per_unit: Tensor
    active: int


def posterior_use(mean: Tensor, logvar: Tensor) -> PosteriorUse:
    """`mean`, `logvar`: (N, Z), or (N, D, h, w) for a spatial latent, whose positions count as units."""
    mean, logvar = mean.flatten(1).double(), logvar.flatten(1).double()
    kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar)
    return PosteriorUse(kl.mean(0), int((mean.var(0) > ACTIVE_VARIANCE).sum()))


def silent_units(kl_per_unit: Iterable[float]) -> int:
    """How many units are silent. `kl_per_unit`: (Z,) nats, means over images."""
    return sum(float(nats) < SILENT_NATS for nats in kl_per_unit)
