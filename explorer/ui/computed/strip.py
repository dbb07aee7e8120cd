"""Which test images stand in sheets: in the strip on top of the page, and as thumbnails on a plane."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from explorer.data import load_image_set
from explorer.ui.computed.pairs import default_pair

STRIP_LENGTH = 24
#: Test images that a plane can draw as thumbnails: the first of the split, whose order is random. 0.7 MB of PNG.
THUMBS = 2000
THUMB_COLUMNS = 50


def strip_images(data: str) -> tuple[int, ...]:
    """Image ids, by class: as many of each class as fit, those with the lowest ids after the default pair.

    The test split's order is random, so the first of a class are as good as any.
    """
    labels = _labels(data)
    return tuple(sorted(strip_by_rounds(data), key=lambda i: (labels[i], i)))


def strip_by_rounds(data: str) -> tuple[int, ...]:
    """The same images, one of each class before the second of any: where only a few of them fit."""
    return _strip_by_rounds(data, load_image_set(data).sha256)


@lru_cache(maxsize=8)
def _strip_by_rounds(data: str, sha256: str) -> tuple[int, ...]:  # noqa: ARG001
    labels = _labels(data)
    classes = range(len(load_image_set(data).class_names))
    order = [*default_pair(data), *(i for i in range(len(labels)) if i not in default_pair(data))]
    by_class = [[i for i in order if labels[i] == c] for c in classes]
    rounds = [members[turn] for turn in range(STRIP_LENGTH) for members in by_class if turn < len(members)]
    return tuple(rounds[:STRIP_LENGTH])


def thumb_count(data: str) -> int:
    """How many of a set's test images have a thumbnail: the first ones by id."""
    return min(THUMBS, len(_labels(data)))


def _labels(data: str) -> list[int]:
    image_set = load_image_set(data)
    return cast(list[int], image_set.labels[image_set.split("test")].tolist())
