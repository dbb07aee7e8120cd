"""Bounds on log p(x) of one test image for many k: drawn, or read where a shipped run brings them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch

from explorer.metrics.iwae import Iwae, iwae
from explorer.runs import Run
from explorer.ui.computed import bounds
from explorer.ui.computed.stored import Arrays, place_of, stored

KIND = "bounds"
K = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def image_bounds(run: Run, image: int, parts: int) -> tuple[Iwae, int]:
    """Bounds of a test image for each of `K`, and how many parts of the draws stand behind them.

    Args:
        run: a VAE.
        image: of the test split.
        parts: of the draws, 1 to `explorer.ui.computed.bounds.PARTS`; what is stored rests on all of them.
    """
    found = stored(run.id, KIND, run.weights_sha256)
    place = place_of(found, image)
    return (drawn(run, image, parts), parts) if place is None else (unpacked(found, place), bounds.PARTS)


def is_stored(run: Run, image: int) -> bool:
    """Whether `image_bounds` only reads."""
    return place_of(stored(run.id, KIND, run.weights_sha256), image) is not None


def drawn(run: Run, image: int, parts: int = bounds.PARTS) -> Iwae:
    """Computed."""
    return iwae(bounds.draws(run, image, parts)[None], K)


def packed(images: Iterable[tuple[int, Iwae]]) -> Arrays:
    """Bounds of images as arrays, a row an image."""
    ids, found = zip(*images, strict=True)
    return {
        "image": np.array(ids, np.int32),
        "nats": torch.cat([each.bound for each in found]).numpy(),
        "error": torch.cat([each.standard_error for each in found]).numpy(),
    }


def unpacked(arrays: Arrays, place: int) -> Iwae:
    """One of `packed`."""
    return Iwae(K, *(torch.from_numpy(arrays[name][place : place + 1]) for name in ("nats", "error")))
