"""Maps of latents with more than two numbers: PCA at once, UMAP when somebody asks or a run brings it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from explorer.metrics.projection import Faithfulness, faithfulness

Floats = NDArray[np.floating]

#: Points of a map: more take UMAP minutes, and hide each other.
MOST_POINTS = 5000
#: Points the faithfulness line is measured on; it takes n² memory.
MEASURED_POINTS = 1000


@dataclass(frozen=True)
class LatentMap:
    """A projection to the plane.

    Attributes:
        method: "pca" or "umap".
        places: (n, 2) float32.
        code_places: (K, 2) the codebook under the same projection; (0, 2) without one.
        seed: of the sample, and of UMAP.
        explained: share of the variance that a PCA plane holds; NaN for UMAP.
        faithfulness: of `places`.
    """

    method: str
    places: Floats
    code_places: Floats
    seed: int
    explained: float
    faithfulness: Faithfulness


@dataclass(frozen=True)
class PCAPlane:
    """The plane of largest variance: it has an inverse, so that a point on it can be decoded.

    Attributes:
        mean: (D,).
        axes: (2, D), orthonormal rows.
        explained: share of the variance on the plane.
    """

    mean: Floats
    axes: Floats
    explained: float

    def place(self, vectors: Floats) -> Floats:
        """(n, D) -> (n, 2) float32."""
        return ((vectors - self.mean) @ self.axes.T).astype(np.float32)

    def lift(self, places: Floats) -> Floats:
        """(n, 2) -> (n, D): the point of the plane itself, with nothing along the other directions."""
        return (places @ self.axes + self.mean).astype(np.float32)


def pca_plane(vectors: Floats) -> PCAPlane:
    """Fit on (n, D); the sign of each axis is fixed by its largest entry, so that a map does not flip."""
    x = np.asarray(vectors, np.float64)
    mean = x.mean(0)
    values, axes = np.linalg.eigh(np.cov((x - mean).T))
    two = axes[:, ::-1][:, :2].T
    two *= np.sign(two[np.arange(2), np.abs(two).argmax(1)])[:, None]
    total = float(values.sum())
    return PCAPlane(mean, two, float(values[::-1][:2].sum()) / total if total > 0 else 1.0)


def pca_map(vectors: Floats, codebook: Floats | None = None, seed: int = 0) -> LatentMap:
    """PCA fitted on `vectors` (n, D); codes are placed by the same plane."""
    plane = pca_plane(vectors)
    places = plane.place(vectors)
    codes = np.zeros((0, 2), np.float32) if codebook is None else plane.place(codebook)
    return LatentMap("pca", places, codes, seed, plane.explained, _measure(vectors, places, seed))


def umap_map(vectors: Floats, codebook: Floats | None = None, seed: int = 0) -> LatentMap:
    """UMAP (McInnes et al. 2018), 15 neighbours, least distance .1, of vectors and codes together; slow.

    Codes are mapped with the vectors, not afterwards: a later transform would pull each dead code to the nearest
    cluster and hide that it lies far away.
    """
    from umap import UMAP

    joined = vectors if codebook is None else np.concatenate([vectors, codebook])
    placed = UMAP(n_neighbors=15, min_dist=0.1, random_state=seed, n_jobs=1).fit_transform(joined)
    places = placed[: len(vectors)].astype(np.float32)
    codes = placed[len(vectors) :].astype(np.float32)
    return LatentMap("umap", places, codes, seed, float("nan"), _measure(vectors, places, seed))


def _measure(vectors: Floats, places: Floats, seed: int) -> Faithfulness:
    rows = np.random.default_rng(seed).permutation(len(vectors))[:MEASURED_POINTS]
    return faithfulness(vectors[rows], places[rows])
