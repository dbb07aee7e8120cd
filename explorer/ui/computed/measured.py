"""Per-image measures of runs, and quality over rate of all runs of a set: read or computed once per process."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.data import load_image_set
from explorer.files.bounded_cache import newest
from explorer.metrics.gaussian_rate import pca_rate_distortion
from explorer.metrics.reconstruction import psnr
from explorer.reports.comparison import compare_with, per_image
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.computed.stored import Arrays, stored

Values = dict[str, NDArray[np.float64]]

#: The curve of principal components takes the cube of the values in a picture: 64×64 in colour would take an hour.
PCA_VALUES, PCA_IMAGES = 4096, 20_000
PCA_KIND = "pca"

#: Measuring takes seconds: one at a time, and whoever asks for the same meanwhile shares it.
_MEASURING = Lock()


def measured(run: Run) -> Values:
    """(N,) of each measure of `explorer.reports.comparison.DEFINITIONS`, over the test split."""
    with _MEASURING:
        return _measured(run.id, run.weights_sha256)


@newest(32, 64e6)
def _measured(run_id: str, weights_sha256: str) -> Values:  # noqa: ARG001
    run = catalog.run(run_id)
    values = per_image(run, load_image_set(run.config.data))
    return {name: value.double().numpy() for name, value in values.items()}


def compared(first: Run, second: Run) -> dict[str, Any]:
    """`explorer.reports.comparison.compare` of two runs, with every seed of both that is here."""
    others = catalog.siblings_of(first, second)
    return _compared(first.id, second.id, tuple(run.weights_sha256 for run in (first, second, *others)))


@lru_cache(maxsize=32)
def _compared(first: str, second: str, weights_sha256: tuple[str, ...]) -> dict[str, Any]:  # noqa: ARG001
    runs = catalog.run(first), catalog.run(second)
    return compare_with(*runs, catalog.siblings_of(*runs), measured)


def pca_curve(data: str) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Bits per image and PSNR in dB of the best linear VAE, along its curve; None for pictures too large for it."""
    return _pca_curve(data, load_image_set(data).sha256) if has_pca_curve(data) else None


def has_pca_curve(data: str) -> bool:
    """Whether the pictures of a set are small enough for it."""
    return load_image_set(data).images[0].numel() <= PCA_VALUES


@lru_cache(maxsize=4)
def _pca_curve(data: str, sha256: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = stored(data, PCA_KIND, sha256) or packed_pca_curve(data)
    return found["bits"], found["psnr_db"]


def packed_pca_curve(data: str) -> Arrays:
    """The curve of a set, computed: what `pca_curve` then reads."""
    image_set = load_image_set(data)
    train, test = (
        image_set.images[image_set.split(name)[:PCA_IMAGES]].flatten(1).float() / 255 for name in ("train", "test")
    )
    with _MEASURING, torch.no_grad():
        curve = pca_rate_distortion(train, test)
    return {"bits": curve.bits.numpy(), "psnr_db": psnr(curve.mse).numpy()}
