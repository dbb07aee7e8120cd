"""A figure with the interval it was measured to."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

Z95 = 1.959964


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval. What varies inside of it is named where it is made.

    Attributes:
        value: the figure.
        low, high: ends of the interval.
    """

    value: float
    low: float
    high: float


def share(hits: Tensor, independent: float | None = None) -> Estimate:
    """The mean of (n,) values in [0, 1], n ≥ 1, with Wilson's interval (1927), which holds at 0 and 1 too.

    Args:
        hits: the values.
        independent: as many independent ones as they are worth, above 0; None: they are independent.
    """
    n, p = len(hits) if independent is None else independent, float(hits.double().mean())
    scale = 1 + Z95**2 / n
    centre = (p + Z95**2 / (2 * n)) / scale
    half = Z95 / scale * math.sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2))
    return Estimate(p, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))


def mean(values: Tensor) -> Estimate:
    """The mean of (n,) values, n ≥ 2, with the normal interval of 1.96 standard errors."""
    values = values.double()
    m, half = float(values.mean()), Z95 * float(values.std()) / math.sqrt(len(values))
    return Estimate(m, m - half, m + half)
