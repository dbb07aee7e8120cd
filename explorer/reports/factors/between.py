"""Discrete or continuous: along nine pictures between two, how many carry a feature that is neither.

A judge may doubt because a picture is blurred. So its doubt stands beside its doubt about test images as they are,
about reconstructions, and about test images blurred as much as these are.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from explorer.classifier import Classifier
from explorer.data import Factor, ImageSet
from explorer.data.factors import HIDDEN
from explorer.latent.interpolate import PICTURES, cross_fade, interpolate
from explorer.metrics.blur import blurred, pooled_equivalent_blur
from explorer.metrics.doubt import neither
from explorer.metrics.spectrum import luminance
from explorer.runs import Run
from explorer.streams import stream

#: Pairs of test images, drawn once for all runs.
PAIRS = 250


@torch.no_grad()
def doubts_between(run: Run, image_set: ImageSet, classifier: Classifier) -> dict[str, Any]:
    """Mean counts of `pictures` for each feature, over the pairs whose two images show different values of it.

    `n` of these pairs; `row` along the run's latent and `fade` of mixed pixels; `original`, `rebuilt` and `blurred`: as
    many of nine pictures that are test images, their reconstructions, and test images blurred by `sigma_px`. None for a
    feature in which no pair differs.
    """
    ids = image_set.split("test")
    pairs = torch.randperm(len(ids), generator=stream(0, "pairs of faces"))[: 2 * min(PAIRS, len(ids) // 2)].view(-1, 2)
    images = image_set.batch(ids[pairs.flatten()]).view(*pairs.shape, *image_set.images.shape[1:])
    rows = torch.stack([interpolate(run.model, pair).pictures for pair in images])  # (pairs, 9, C, H, W)
    fades = torch.stack([cross_fade(pair) for pair in images])
    sigma = pooled_equivalent_blur(luminance(images.flatten(0, 1)), luminance(rows[:, [0, -1]].flatten(0, 1)))
    sets = {"row": rows, "fade": fades, "original": images, "rebuilt": rows[:, [0, -1]]}
    sets["blurred"] = blurred(images.flatten(0, 1), sigma).view(images.shape)
    doubts = {name: _doubts(pictures, classifier) for name, pictures in sets.items()}
    counts: dict[str, list[Any]] = {name: [] for name in ("n", *sets)}
    for name, factor in image_set.factors.items():
        differing = _differing(factor, ids[pairs])
        counts["n"].append(int(differing.sum()))
        for kind, doubt in doubts.items():
            share = float(doubt[name][differing].double().mean()) if differing.any() else None
            counts[kind].append(None if share is None else PICTURES * share)
    return {"pictures": PICTURES, "pairs": len(pairs), "sigma_px": sigma} | counts


def _doubts(pictures: Tensor, classifier: Classifier) -> dict[str, Tensor]:
    """bool (pairs, S) of each feature."""
    opinions = classifier.factor_probabilities(pictures.flatten(0, 1))
    return {name: neither(each).view(pictures.shape[:2]) for name, each in opinions.items()}


def _differing(factor: Factor, pairs: Tensor) -> Tensor:
    """bool (pairs,): both show it, and not the same value."""
    values = factor.values[pairs]
    return (values != HIDDEN).all(1) & (values[:, 0] != values[:, 1])
