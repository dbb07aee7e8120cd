"""Which test images stand in the strip on top of the page."""

from __future__ import annotations

from functools import lru_cache

from explorer.data import load_image_set

STRIP_LENGTH = 24


@lru_cache(maxsize=8)
def strip_images(data: str) -> tuple[int, ...]:
    """Image ids, by class: as many of each class as fit, those with the lowest ids.

    The test split's order is random, so the first of a class are as good as any; image 0 is always among them.
    """
    image_set = load_image_set(data)
    labels = image_set.labels[image_set.split("test")].tolist()
    by_class = [[i for i, label in enumerate(labels) if label == c] for c in range(len(image_set.class_names))]
    rounds = [members[turn] for turn in range(STRIP_LENGTH) for members in by_class if turn < len(members)]
    chosen = sorted(rounds[:STRIP_LENGTH], key=lambda i: (labels[i], i))
    return tuple(chosen)
