"""Pictures that carry a feature that is neither: no value of it is likely, and none is ruled out."""

from __future__ import annotations

from torch import Tensor

from explorer.metrics.calibration import SURE


def neither(probabilities: Tensor) -> Tensor:
    """bool (...): whether no value is likelier than `SURE`. Of two values: both lie between .2 and .8.

    Args:
        probabilities: (..., V), rows sum to 1.
    """
    return probabilities.amax(-1) <= SURE
