"""The commonest cause of a posterior collapse: a term averaged that must be summed, and so another β.

The ELBO of an image is a sum over its d values minus a sum over its units. A mean over values in place of the first
weighs the KL d times: with d = 784 that is β = 784, and every unit falls silent. A mean over units in place of the
second is the reverse, a VAE that hardly pays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: A logged term within this factor of a candidate is taken for it.
TOLERANCE = 1.1


@dataclass(frozen=True)
class Reduction:
    """How a logged term was reduced.

    Attributes:
        over: "sum", what the ELBO asks for; "values" or "units", a mean over them; "batch × sum", a sum over the batch
            too; "values+batch", a mean over all values after a mean over the batch; "unknown": no such factor fits.
        factor: the term as it should be over the term as it is.
    """

    over: str
    factor: float


def reduction_of(logged: float, summed: float, *, size: int, size_name: str, batch: int) -> Reduction:
    """Which reduction turns `summed` into `logged`.

    Args:
        logged: as a training loop has it, positive.
        summed: the same term summed over its elements, mean over the batch.
        size: how many elements one image has: d values, or Z units.
        size_name: "values" or "units".
        batch: images of the batch.
    """
    candidates = {
        "sum": 1.0,
        size_name: float(size),
        "batch × sum": 1 / batch,
        f"{size_name}+batch": float(size * batch),
    }
    if not logged > 0 or not summed > 0:
        return Reduction("unknown", math.nan)
    factor = summed / logged
    name = min(candidates, key=lambda key: abs(math.log(factor / candidates[key])))
    fits = abs(math.log(factor / candidates[name])) < math.log(TOLERANCE)
    return Reduction(name if fits else "unknown", factor)


def effective_beta(beta: float, reconstruction: Reduction, kl: Reduction) -> float:
    """The weight of the KL beside a reconstruction term in the ELBO's own units.

    A loop that lowers `reconstruction + beta · kl` of terms that are too small by their factors lowers the ELBO with
    this β: a reconstruction averaged over d values makes it `beta · d`, a KL averaged over Z units `beta / Z`.
    """
    return beta * reconstruction.factor / kl.factor
