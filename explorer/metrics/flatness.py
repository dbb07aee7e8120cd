"""Whether a run had come to rest when it stopped: how far a validation curve moved over the last fifth of the steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

#: Share of the steps that counts as the end of a run.
LAST = 0.2


def change_at_end(steps: ArrayLike, values: ArrayLike) -> float:
    """The farthest that a curve lies from its last value within its last fifth, as a share of that value.

    0 is a curve at rest. The curve is taken as straight between its points, also where the last fifth begins: a curve
    that flattens lies below that line, so that few points overstate the change.

    Args:
        steps: (T,) ascending, at least one.
        values: (T,) at those steps.

    Returns:
        `max |v - v_end| / |v_end|`; infinite if the curve ends at 0 without having been there before.
    """
    x, y = np.asarray(steps, np.float64), np.asarray(values, np.float64)
    begin = (1 - LAST) * x[-1]
    at_end = np.append(y[x >= begin], np.interp(begin, x, y))
    distance = float(np.abs(at_end - y[-1]).max())
    return 0.0 if distance == 0 else distance / float(np.abs(y[-1])) if y[-1] else float("inf")
