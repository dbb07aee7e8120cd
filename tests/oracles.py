"""What tests compare with: formulas restated in NumPy, each held to autograd or to another source once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.training.trace import Trace

Floats = NDArray[np.float64]


def codebook_gradient(codebook: Floats, hits: NDArray[np.int64], sums: Floats) -> Floats:
    """(K, D) gradient of the codebook loss, the mean over elements of `||sg[z_e] - e||^2`: `2 (n e - Σz) / (N D)`.

    Rows without hits are exactly zero: nothing pulls on a code that no vector is nearest to.
    """
    elements = max(1.0, float(hits.sum())) * codebook.shape[1]
    gradient = 2.0 * (hits[:, None] * codebook - sums) / elements
    gradient[hits == 0] = 0.0
    return gradient


def frame_at(trace: Trace, step: int) -> int:
    """Index of the last frame of a film at or before `step`."""
    return max(0, int(np.searchsorted(trace.frame_steps, step, side="right")) - 1)
