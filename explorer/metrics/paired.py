"""Two models on the same images: the difference, image by image, with an interval over images."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2000
#: Resamples drawn at once: bounds memory at this many times n.
BLOCK = 100
#: The most that half a byte holds.
HALF = 15


@dataclass(frozen=True)
class PairedDifference:
    """Second minus first, over n pairs.

    Attributes:
        mean: of the differences, in the measure's unit.
        low, high: 95 % interval of the mean by the paired bootstrap (percentiles). It covers the choice of images only:
            not the seed of training, and not what was drawn.
        second_higher: share of images on which the second value is higher; ties count half.
        n: pairs; those with a value that is not finite are left out.
        left_out: how many those were.
    """

    mean: float
    low: float
    high: float
    second_higher: float
    n: int
    left_out: int


def paired_difference(first: ArrayLike, second: ArrayLike, *, seed: int = 0) -> PairedDifference:
    """Compare (N,) values of the same images; NaN for everything but the counts where no pair is left."""
    differences = differences_of(first, second)
    kept = differences[np.isfinite(differences)]
    n, left_out = len(kept), len(differences) - len(kept)
    if not n:
        return PairedDifference(np.nan, np.nan, np.nan, np.nan, 0, left_out)
    means = [_apart(rows, n) @ kept / n for rows in np.split(_resamples(n, seed), RESAMPLES // BLOCK)]
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    higher = float((kept > 0).mean() + (kept == 0).mean() / 2)
    return PairedDifference(float(kept.mean()), float(low), float(high), higher, n, left_out)


def differences_of(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """(N,) second less first; NaN where both are infinite, as of two exact reconstructions."""
    with np.errstate(invalid="ignore"):
        return np.asarray(second, np.float64) - np.asarray(first, np.float64)


@lru_cache(maxsize=4)
def _resamples(n: int, seed: int) -> NDArray[np.uint8]:
    """(RESAMPLES, n): how often each pair was drawn. The same for every measure, so drawn once (5 MB for 5,000).

    Two to a byte, the first in the lower half, (RESAMPLES, n/2 rounded up); one to a byte where a count takes more.
    """
    random = np.random.default_rng(seed)
    row = n * np.arange(BLOCK)[:, None]
    counts = [
        np.bincount((random.integers(n, size=(BLOCK, n)) + row).ravel(), minlength=BLOCK * n).reshape(BLOCK, n)
        for _ in range(RESAMPLES // BLOCK)
    ]
    drawn = np.concatenate([each.astype(np.uint8) for each in counts])  # a pair comes about once, never 256 times
    if n < 2 or drawn.max() > HALF:
        return drawn
    even = np.pad(drawn, ((0, 0), (0, n % 2)))
    return even[:, ::2] | even[:, 1::2] << 4


def _apart(rows: NDArray[np.uint8], n: int) -> NDArray[np.uint8]:
    """(R, n) counts of some of `_resamples`."""
    if rows.shape[1] == n:
        return rows
    return np.stack([rows & HALF, rows >> 4], axis=2).reshape(len(rows), -1)[:, :n]
