"""One update of a codebook, line by line in float64: what the shipped rules do to the state a film has kept.

The rules themselves live in `explorer.models.codebook_updates`; a test holds both to each other. Here every
intermediate value is kept, for a page that shows them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Hits = NDArray[np.float64] | NDArray[np.int64]

#: Under `hold`, counts of codes without hits fall no lower (`codebook_updates.COUNT_FLOOR`).
COUNT_FLOOR = 1e-12


@dataclass(frozen=True)
class EMAStep:
    """The lines of appendix A.1 for all codes at once.

    count: (K,) `N <- decay N + (1 - decay) n`.
    smoothed: (K,) what the sums are divided by: `(N + epsilon) / (sum N + K epsilon) * sum N`.
    total: (K, D) `m <- decay m + (1 - decay) sum z`.
    codebook: (K, D) `e = m / smoothed`.
    rate: (K,) `(1 - decay) n / N`: how much of the way from `e` to the mean of its vectors a code goes. It is the rate
        at which gradient descent on the codebook term would move this code; exact but for the smoothing.
    """

    count: Floats
    smoothed: Floats
    total: Floats
    codebook: Floats
    rate: Floats


def ema_step(
    count: Floats,
    total: Floats,
    hits: Hits,
    sums: Floats,
    *,
    decay: float,
    epsilon: float,
    start: str = "hold",
    step: int = 1,
) -> EMAStep:
    """The state after one update.

    Args:
        count: (K,) EMA counts before it.
        total: (K, D) EMA sums before it.
        hits: (K,) n, vectors of this mini-batch that chose each code.
        sums: (K, D) Σz, the sum of those vectors.
        decay: γ, in [0, 1).
        epsilon: ε > 0 of the Laplace smoothing.
        start: the EMA start, a key of `EMA_STARTS`: `hold` and `sonnet` change these lines too.
        step: number of this update, from 1; `sonnet` divides by `1 - decay^step`.
    """
    unhit = hits == 0
    kept = np.full(len(count), decay)
    if start == "hold":
        kept[unhit] = np.maximum(count[unhit] * decay, COUNT_FLOOR) / count[unhit]
    new_count = kept * count + (1 - decay) * hits
    new_total = kept[:, None] * total + (1 - decay) * sums
    weight = 1 - decay**step if start == "sonnet" else 1.0
    smoothed = laplace(new_count / weight, epsilon) * weight
    divisor = np.where(unhit, new_count, smoothed) if start == "hold" else smoothed
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(unhit, 0.0, (1 - decay) * hits / new_count)
        codebook = new_total / divisor[:, None]
    return EMAStep(new_count, divisor, new_total, codebook, rate)


def laplace(count: Floats, epsilon: float) -> Floats:
    """Counts (K,) after Laplace smoothing, with the same sum: none is zero."""
    total = count.sum()
    return (count + epsilon) / (total + len(count) * epsilon) * total


def state_behind(
    codebook: Floats,
    count: Floats,
    total: Floats,
    *,
    decay: float,
    epsilon: float,
    start: str,
    store_smoothed: bool = False,
    step: int = 1,
) -> tuple[Floats, Floats]:
    """Counts (K,) and sums (K, D) after `step` updates that belong to the codebook as a film holds it, in float16.

    Rounded by themselves, `m` and `N` give a vector that is off by up to a thousandth of its length, which is as far
    as a code goes in one update. So `m` is worked out from `e` and `N`, as the rule's last line has it. Before the
    first update the three need not agree, and are left alone. Under `hold` a code that has been dead for long has a
    count below what float16 holds; it is put at the rule's floor.
    """
    if step == 0:
        return count, total
    if start == "hold":
        divisor = count = np.maximum(count, COUNT_FLOOR)
    elif store_smoothed:
        divisor = count
    else:
        weight = 1 - decay**step if start == "sonnet" else 1.0
        divisor = laplace(count / weight, epsilon) * weight
    return count, codebook * divisor[:, None]
