"""Maps of latents with more than two numbers: PCA at once, UMAP when somebody asks or a run brings it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics.projection import Faithfulness, faithfulness

Floats = NDArray[np.floating]

#: Points of a map: more take UMAP minutes, and hide each other.
MOST_POINTS = 5000
#: Points the faithfulness line is measured on; it takes n² memory.
MEASURED_POINTS = 1000
#: Neighbours UMAP joins, and those by which a vector that is not on a map finds its place there.
NEIGHBOURS = 15


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

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """One flat dict of arrays, ready for `numpy.savez`; places as float16, which a screen cannot tell apart."""
        halves = {"places": self.places.astype(np.float16), "code_places": self.code_places.astype(np.float16)}
        plain = {name: np.array(getattr(self, name)) for name in ("method", "seed", "explained")}
        return halves | plain | {name: np.array(value) for name, value in asdict(self.faithfulness).items()}

    @classmethod
    def from_arrays(cls, arrays: dict[str, NDArray[Any]]) -> LatentMap:
        """Rebuild a map from what `to_arrays` gave."""
        plain = {name: array.item() for name, array in arrays.items() if not array.shape}
        return cls(
            method=plain["method"],
            places=arrays["places"].astype(np.float32),
            code_places=arrays["code_places"].astype(np.float32),
            seed=plain["seed"],
            explained=plain["explained"],
            faithfulness=Faithfulness(**{name: plain[name] for name in Faithfulness.__dataclass_fields__}),
        )


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


def umap_map(
    vectors: Floats,
    codebook: Floats | None = None,
    seed: int = 0,
    on_epoch: Callable[[int, int], None] | None = None,
) -> LatentMap:
    """UMAP (McInnes et al. 2018), least distance .1, of vectors and codes together; slow.

    Codes are projected with the vectors, not afterwards: a later transform would pull each dead code to the nearest
    cluster and hide that it lies far away.

    Args:
        vectors: (n, D).
        codebook: (K, D), or none.
        seed: of UMAP; one thread, so that it repeats.
        on_epoch: called now and then with the epochs done and their number.
    """
    from umap import UMAP

    _keep_compiled()
    joined = vectors if codebook is None else np.concatenate([vectors, codebook])
    bar = {"disable": on_epoch is None, "file": _Epochs(on_epoch), "bar_format": "{n_fmt}/{total_fmt}"}
    umap = UMAP(n_neighbors=NEIGHBOURS, min_dist=0.1, random_state=seed, n_jobs=1, tqdm_kwds=bar)
    placed = umap.fit_transform(joined)
    places = placed[: len(vectors)].astype(np.float32)
    codes = placed[len(vectors) :].astype(np.float32)
    return LatentMap("umap", places, codes, seed, float("nan"), _measure(vectors, places, seed))


#: What umap-learn would compile anew in every process, 11 seconds of it, by module.
COMPILED = {
    "umap.utils": ("fast_knn_indices",),
    "umap.umap_": ("smooth_knn_dist", "compute_membership_strengths"),
    "umap.layouts": ("_nb_optimize_layout_euclidean_single_epoch",),
}


@cache
def _keep_compiled() -> None:
    """Has numba keep these on disk, as umap-learn has it keep others; in `NUMBA_CACHE_DIR` where that is set."""
    for module, names in COMPILED.items():
        for name in names:
            with suppress(AttributeError, RuntimeError):  # a later version's other name; no place that is writable
                getattr(import_module(module), name).enable_caching()


class _Epochs:
    """The file that UMAP's progress bar writes to: reads `120/500` off it."""

    def __init__(self, on_epoch: Callable[[int, int], None] | None) -> None:
        self.on_epoch = on_epoch

    def write(self, text: str) -> None:
        found = re.search(r"(\d+)/(\d+)", text)
        if found and self.on_epoch:
            self.on_epoch(int(found[1]), int(found[2]))

    def flush(self) -> None:
        pass


def place_among(vectors: Floats, known: Floats, places: Floats) -> Floats:
    """Where vectors (m, D) lie on a map that was made without them: (m, 2) float32.

    Each goes to the mean place of its nearest `known` vectors (n, D), weighted by the inverse of their distance; one
    that is among them goes to its own place. UMAP's own transform starts from the same mean.
    """
    x, y = np.asarray(vectors, np.float64), np.asarray(known, np.float64)
    square = np.maximum((x**2).sum(1)[:, None] - 2 * x @ y.T + (y**2).sum(1)[None], 0)
    near = np.argsort(square, axis=1)[:, :NEIGHBOURS]  # (m, k)
    distance = np.sqrt(np.take_along_axis(square, near, 1))
    weight = 1 / np.maximum(distance, 1e-4 * distance[:, -1:] + 1e-12)
    mean: Floats = (weight[..., None] * places[near]).sum(1) / weight.sum(1, keepdims=True)
    return mean.astype(np.float32)


def _measure(vectors: Floats, places: Floats, seed: int) -> Faithfulness:
    rows = np.random.default_rng(seed).permutation(len(vectors))[:MEASURED_POINTS]
    return faithfulness(vectors[rows], places[rows])
