"""What lies half way between many pairs of test images of different classes, through a run and through plain pixels."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from explorer.classifier import Classifier, load_classifier
from explorer.data import load_image_set
from explorer.files.bounded_cache import newest
from explorer.latent.interpolate import half_way
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.between import FADE
from explorer.ui.computed.halfway import SURE

#: Pairs that are looked at, where the split has so many, and how many at a time.
PAIRS, BATCH = 300, 100
SEED = 0


def pairs_of(data: str) -> Tensor:
    """(N, 2) ids of test images, drawn without replacement, the two of a pair of different classes; N may be 0."""
    return _pairs(data, load_image_set(data).sha256, PAIRS)


@lru_cache(maxsize=4)
def _pairs(data: str, sha256: str, most: int) -> Tensor:  # noqa: ARG001
    labels = encoded.test_labels(data)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(SEED))
    pairs = order[: len(order) // 2 * 2].view(-1, 2)
    return pairs[labels[pairs[:, 0]] != labels[pairs[:, 1]]][:most]


def third_class(data: str, run_id: str) -> Tensor:
    """(N,) bool: of which pairs the picture half way is of a class that neither end has, more surely than not.

    An end has the class of its label, and those that the classifier sees in the image and in what the run makes of it:
    as `explorer.ui.computed.halfway` has it for one pair.

    Args:
        data: image set.
        run_id: of an AE, a VAE or a VQ-VAE; `FADE` for mixed pixels.

    Raises:
        RunError: the run cannot be read, or the set has no classifier.
    """
    weights = "" if run_id == FADE else catalog.run(run_id).weights_sha256
    return _third_class(data, run_id, weights, PAIRS)


@newest(32, 1e6)
def _third_class(data: str, run_id: str, weights_sha256: str, most: int) -> Tensor:  # noqa: ARG001
    classifier = load_classifier(data)
    pairs = pairs_of(data)
    found = [_of_batch(classifier, data, run_id, batch) for batch in pairs.split(BATCH) if len(batch)]
    return torch.cat(found) if found else torch.zeros(0, dtype=torch.bool)


def _of_batch(classifier: Classifier, data: str, run_id: str, pairs: Tensor) -> Tensor:
    images, labels = encoded.test_images(data), encoded.test_labels(data)
    one, other = (images[ids].float() / 255 for ids in pairs.T)
    faded = torch.stack([one, (one + other) / 2, other])
    seen = _seen(classifier, faded)
    known = [labels[ids] for ids in pairs.T] + [seen[1][0], seen[1][2]]
    if run_id != FADE:
        seen = _seen(classifier, half_way(catalog.run(run_id).model, one, other))
        known += [seen[1][0], seen[1][2]]
    sure, classes = (values[1] for values in seen)
    return (sure >= SURE) & (torch.stack(known) != classes).all(0)


def _seen(classifier: Classifier, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """(3, N) probability of the likeliest class of pictures (3, N, C, H, W), and which class it is."""
    probabilities = classifier.probabilities_of(classifier.features(pictures.flatten(0, 1)))
    sure, classes = probabilities.max(dim=1)
    return sure.view(3, -1), classes.view(3, -1)
