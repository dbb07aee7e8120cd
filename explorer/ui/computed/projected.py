"""Latents of more than two numbers as the page draws them: on their PCA plane, or on a UMAP map once there is one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.latent.projection import LatentMap, place_among
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded, umap_child

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Drawn:
    """A latent on a map.

    Attributes:
        map: places of what is drawn, of the codes, and how faithful they are.
        rows: (n,) which of the test split's latents are drawn.
        place: vectors (m, D) -> (m, 2) on this map.
    """

    map: LatentMap
    rows: Tensor
    place: Callable[[Floats], Floats]


def umap_of(run: Run) -> LatentMap | None:
    """The UMAP a run brings, or the one that was asked for since the server started."""
    return run.latent_map or umap_child.made(run)


def method_of(run: Run, wanted: str) -> str:
    """The wanted method, or PCA while there is no UMAP."""
    return wanted if wanted == "pca" or umap_of(run) is not None else "pca"


def drawn(run: Run, method: str) -> Drawn:
    """What is drawn of a `projectable` run, made once per process; for "umap" there has to be one."""
    return _drawn(run.id, run.weights_sha256, method)


@lru_cache(maxsize=16)
def _drawn(run_id: str, weights_sha256: str, method: str) -> Drawn:  # noqa: ARG001
    run = catalog.run(run_id)
    if method == "pca":
        shown = encoded.projected(run)
        total = len(encoded.test_labels(run.config.data)) * (run.model.shape.grid**2 if run.config.is_vq else 1)
        rows = encoded.drawn_vectors(total) if run.config.is_vq else torch.arange(total)
        return Drawn(shown.map, rows, shown.plane.place)
    made, known = umap_of(run), encoded.mappable_of(run_id)
    assert made is not None
    return Drawn(made, known.rows, lambda vectors: place_among(vectors, known.vectors, made.places))
