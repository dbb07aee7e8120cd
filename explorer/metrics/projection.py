"""How faithful a map of a high-dimensional set is: what every UMAP and PCA picture must carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Faithfulness:
    """The faithfulness line of a map.

    Attributes:
        n: points it was measured on.
        k: neighbours looked at.
        trustworthiness: 1 if every neighbour on the map was one before; lower when strangers meet (Venna & Kaski 2001).
        continuity: 1 if every neighbour stays one on the map; lower when neighbours are torn apart (ibid.).
        neighbours_kept: share of each point's k neighbours that are still among its k on the map, mean over points.
        neighbours_kept_by_chance: the same for a random map: k / (n - 1).
    """

    n: int
    k: int
    trustworthiness: float
    continuity: float
    neighbours_kept: float
    neighbours_kept_by_chance: float


def faithfulness(vectors: Floats, places: Floats, k: int = 15) -> Faithfulness:
    """Compare neighbourhoods before and after a projection.

    Memory and time grow with n²: choose a sample of some thousands.

    Args:
        vectors: (n, D) before.
        places: (n, 2) on the map.
        k: neighbours; less than n / 2.
    """
    before, after = _ranks(vectors), _ranks(places)
    n = len(vectors)
    return Faithfulness(
        n=n,
        k=k,
        trustworthiness=_kept_rank(before, after, k),
        continuity=_kept_rank(after, before, k),
        neighbours_kept=float(((before <= k) & (after <= k)).sum() - n) / (n * k),
        neighbours_kept_by_chance=k / (n - 1),
    )


def _ranks(points: Floats) -> NDArray[np.int32]:
    """(n, n): entry (i, j) is the place of j among i's neighbours, 0 for i itself."""
    x = np.asarray(points, np.float64)
    square = (x**2).sum(1)
    distances = square[:, None] - 2 * x @ x.T + square[None]
    np.fill_diagonal(distances, -np.inf)
    order = distances.argsort(1, kind="stable")
    ranks = np.empty(order.shape, np.int32)
    np.put_along_axis(ranks, order, np.arange(len(x), dtype=np.int32)[None], 1)
    return ranks


def _kept_rank(true: NDArray[np.int32], shown: NDArray[np.int32], k: int) -> float:
    """Trustworthiness of `shown` against `true`; with the two exchanged, continuity."""
    n = len(true)
    strangers = (shown <= k) & (true > k)
    worst = n * k * (2 * n - 3 * k - 1) / 2
    return 1.0 - float((true[strangers].astype(np.int64) - k).sum()) / worst
