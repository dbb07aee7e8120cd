"""What can be said of anyone's codebook and code indices: near-duplicates, lengths, a picture, hits counted in pieces.

Arrays in, numbers out, in memory that does not grow with the number of indices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

#: Two codes are near-duplicates below this share of the codebook's spread.
NEAR = 0.01
#: And below this share of their length: a spread that is smaller is rounding, a tenth of half precision's.
ROUNDING = 1e-4
#: A larger codebook is compared in a sample of this many codes.
MOST_COMPARED = 8192
#: A code is far when it is this many times longer than the longest used one, or than the median where no use is known.
FAR = 100.0
#: The principal plane of a larger codebook is that of an even sample of this many codes.
MOST_PROJECTED = 8192
BLOCK = 256
#: Bare indices may name codes up to here; beyond it they are something else.
MOST_CODES = 1 << 20
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True)
class NearDuplicates:
    """What is left of a codebook when codes closer than `tolerance` to an earlier one are merged with it.

    Attributes:
        distinct: codes left, of `compared`.
        compared: how many codes were compared; fewer than K means a sample.
        spread: root of the mean squared distance of codes from their mean; of used codes where hits are known.
        tolerance: `NEAR · spread`, or `ROUNDING` of the median length, or the `floor` that was given: the largest.
    """

    distinct: int
    compared: int
    spread: float
    tolerance: float


@dataclass(frozen=True)
class NormSpectrum:
    """Lengths of code vectors.

    Attributes:
        quantiles: at `QUANTILES`.
        zero: codes that are exactly 0.
        far: codes without a hit that are `FAR` times longer than the longest used one; where no use is known, codes
            `FAR` times longer than the median.
        sorted: lengths in falling order, at most 256 of them, evenly by rank.
        used, dead: median lengths of codes with and without a hit; None without such codes, or where no use is known.
    """

    quantiles: tuple[float, ...]
    zero: int
    far: int
    sorted: tuple[float, ...]
    used: float | None = None
    dead: float | None = None


@dataclass(frozen=True)
class Plane:
    """Codes in two dimensions.

    Attributes:
        points: (n, 2): the codes themselves if D = 2, their two leading principal components if D is more, and the
            code and 0 if D = 1.
        rows: (n,) which codes they are; all, or an even sample.
        explained: share of the variance that the plane keeps; 1 for D of 2 or less.
    """

    points: Array
    rows: Array
    explained: float


def near_duplicates(codebook: Array, used: Array | None = None, seed: int = 0, floor: float = 0.0) -> NearDuplicates:
    """Merge codes of `codebook` (K, D) float32 in ascending order: each joins the first one left within the tolerance.

    Args:
        codebook: finite.
        used: (K,) bool, which codes were hit; None if that is unknown.
        seed: of the sample that is compared above `MOST_COMPARED` codes.
        floor: a distance that is rounding in whatever the codes were made from.
    """
    meant = _meant(codebook, used)
    mean, spread = _mean_and_spread(codebook, meant)
    tolerance = max(NEAR * spread, ROUNDING * float(np.median(lengths(codebook)[meant])), floor)
    compared = codebook
    if len(codebook) > MOST_COMPARED:
        compared = codebook[np.sort(np.random.default_rng(seed).choice(len(codebook), MOST_COMPARED, replace=False))]
    return NearDuplicates(_merge(compared - mean, tolerance), len(compared), spread, tolerance)


def _meant(codebook: Array, used: Array | None) -> Array:
    """Rows that stand for the codebook: the used ones, or all."""
    return np.arange(len(codebook)) if used is None or not used.any() else np.flatnonzero(used)


def _mean_and_spread(codebook: Array, rows: Array) -> tuple[Array, float]:
    """Mean (D,) float32 of the rows and their root mean squared distance from it, in blocks: copies would be large."""
    blocks = [rows[first : first + 4096] for first in range(0, len(rows), 4096)]
    mean = (sum(codebook[block].sum(0, dtype=np.float64) for block in blocks) / len(rows)).astype(np.float32)
    squares = sum(float(np.square(codebook[block] - mean).sum(dtype=np.float64)) for block in blocks)
    return mean, float(np.sqrt(squares / len(rows)))


def _merge(codes: Array, tolerance: float) -> int:
    """How many leaders there are: rows farther than `tolerance` from every leader before them."""
    squares = np.sum(codes.astype(np.float64) ** 2, axis=1)
    if squares.max(initial=0.0) * np.finfo(np.float32).eps * 16 > tolerance**2:
        codes = codes.astype(np.float64)  # float32 would take far codes for equal ones
    squares = squares.astype(codes.dtype)
    merged = np.zeros(len(codes), bool)
    leaders = 0
    for first in range(0, len(codes), BLOCK):
        block = codes[first : first + BLOCK]
        if merged[first : first + BLOCK].all():
            continue
        distances = squares[first : first + BLOCK, None] + squares[None, first:] - 2 * (block @ codes[first:].T)
        near = distances <= max(tolerance**2, 0.0)
        for row in range(len(block)):
            if not merged[first + row]:
                leaders += 1
                near[row, row] = True
                merged[first:] |= near[row]
    return leaders


def norm_spectrum(codebook: Array, used: Array | None = None) -> NormSpectrum:
    """Of `codebook` (K, D), finite; `used` (K,) bool, where hits are known."""
    norms = lengths(codebook)
    usual = float(np.median(norms)) if used is None or not used.any() else float(norms[used].max())
    ordered = np.sort(norms)[::-1]
    shown = ordered[np.linspace(0, len(ordered) - 1, min(256, len(ordered))).round().astype(int)]
    return NormSpectrum(
        quantiles=tuple(float(value) for value in np.quantile(norms, QUANTILES)),
        zero=int((norms == 0).sum()),
        far=int((norms > FAR * usual).sum()) if usual else 0,
        sorted=tuple(float(value) for value in shown),
        used=None if used is None or not used.any() else float(np.median(norms[used])),
        dead=None if used is None or used.all() else float(np.median(norms[~used])),
    )


def lengths(codebook: Array) -> Array:
    """Euclidean lengths (K,) float64, in blocks: a copy of a large codebook would double it."""
    blocks = [codebook[first : first + 4096] for first in range(0, len(codebook), 4096)]
    return np.concatenate([np.sqrt(np.sum(block.astype(np.float64) ** 2, axis=1)) for block in blocks])


def plane(codebook: Array, used: Array | None = None, most: int = 4096) -> Plane:
    """A picture of `codebook` (K, D), finite; above `most` codes of an even sample.

    The principal plane is that of the used codes (`used` (K,) bool) where hits are known.
    """
    rows = np.linspace(0, len(codebook) - 1, min(most, len(codebook))).round().astype(int)
    d = codebook.shape[1]
    if d <= 2:
        return Plane(np.pad(codebook[rows], ((0, 0), (0, 2 - d))).astype(np.float64), rows, 1.0)
    meant = _meant(codebook, used)
    shown = codebook[meant[:: max(1, len(meant) // MOST_PROJECTED)]]
    mean = shown.mean(0, dtype=np.float64).astype(np.float32)
    shown -= mean
    values, vectors = np.linalg.eigh((shown.T @ shown).astype(np.float64))
    total = float(values.sum())
    points = ((codebook[rows] - mean) @ vectors[:, :-3:-1].astype(np.float32)).astype(np.float64)
    return Plane(points, rows, float(values[-2:].sum()) / total if total > 0 else 1.0)
