"""Rows of pictures between two test images, and what the small classifier sees in them; remembered for a while."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from explorer.classifier import has_classifier, load_classifier
from explorer.files.bounded_cache import newest
from explorer.latent.interpolate import Row, cross_fade, interpolate
from explorer.metrics.interpolation import largest_step, midpoint_confidence, path_ratio
from explorer.ui.computed import catalog, encoded

#: Of a plain cross-fade of pixels, beside the kinds of runs.
FADE = "fade"


@dataclass(frozen=True)
class Seen:
    """A row as the classifier sees it.

    Attributes:
        path_ratio: at least 1; NaN if the ends are equal.
        largest_step: share of the way that one step takes; NaN if nothing moves.
        confidence: of each picture's most probable class, (S,).
        classes: which class that is, (S,).
        middle: confidence of the picture half way.
        opinions: of each known feature, probabilities of its values, (S, values); none where no feature is known.
    """

    path_ratio: float
    largest_step: float
    confidence: tuple[float, ...]
    classes: tuple[int, ...]
    middle: float
    opinions: dict[str, Tensor] = field(default_factory=dict)


@dataclass(frozen=True)
class SeenRow:
    """Pictures and latents of a row, and what the classifier makes of them; None where the set has no classifier."""

    row: Row
    seen: Seen | None


def between(data: str, run_id: str, pair: tuple[int, int]) -> SeenRow:
    """The row of a run from one test image to another; `FADE` for the cross-fade of the images themselves.

    Raises:
        RunError: the run or the image set's classifier cannot be read.
    """
    weights = "" if run_id == FADE else catalog.run(run_id).weights_sha256
    return _between(data, run_id, weights, pair)


@newest(128, 64e6)
def _between(data: str, run_id: str, weights_sha256: str, pair: tuple[int, int]) -> SeenRow:  # noqa: ARG001
    images = encoded.test_images(data)[list(pair)].float() / 255
    if run_id == FADE:
        pictures = cross_fade(images)
        row = Row(pictures, pictures)
    else:
        row = interpolate(catalog.run(run_id).model, images)
    return SeenRow(row, see(data, row.pictures) if has_classifier(data) else None)


def see(data: str, pictures: Tensor) -> Seen:
    """What the set's classifier makes of pictures (S, C, H, W) in order."""
    classifier = load_classifier(data)
    features = classifier.features(pictures)
    probabilities = classifier.probabilities_of(features)
    confidence, classes = torch.max(probabilities, dim=1)
    return Seen(
        path_ratio=path_ratio(features),
        largest_step=largest_step(features),
        confidence=tuple(confidence.tolist()),
        classes=tuple(classes.tolist()),
        middle=midpoint_confidence(probabilities),
        opinions=classifier.factor_probabilities(pictures),
    )
