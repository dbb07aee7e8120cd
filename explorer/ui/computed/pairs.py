"""Which two test images are looked at before a reader has chosen: a pair that asks the question by itself."""

from __future__ import annotations

from functools import lru_cache

from explorer.data import load_image_set
from explorer.ui.computed import encoded

#: Captions of the pair of a set that has captions: the note's own question, what lies between 🐶 and 🐱.
CAPTIONS = {"emoji": ("dog face", "cat face")}

#: The feature by which the pair of a set differs whose features are known: half a pair of glasses is no glasses.
FEATURE = "glasses"


def default_pair(data: str) -> tuple[int, int]:
    """Two image ids: those that `CAPTIONS` names, else image 0 and the first of another class, or `FEATURE`."""
    return _default_pair(data, load_image_set(data).sha256)


@lru_cache(maxsize=8)
def _default_pair(data: str, sha256: str) -> tuple[int, int]:  # noqa: ARG001
    image_set = load_image_set(data)
    if data in CAPTIONS and image_set.captions:
        captions = [image_set.captions[int(place)] for place in image_set.split("test")]
        if set(CAPTIONS[data]) <= set(captions):
            return captions.index(CAPTIONS[data][0]), captions.index(CAPTIONS[data][1])
    known = image_set.factors.get(FEATURE)
    labels = (encoded.test_labels(data) if known is None else known.values[image_set.split("test")]).tolist()
    return 0, next((image for image, label in enumerate(labels) if label != labels[0]), len(labels) - 1)


def partner(data: str, image: int) -> int:
    """The image that `image` is compared with while none is chosen: of the default pair, of another class if it can."""
    first, second = default_pair(data)
    if image in (first, second):
        return second if image == first else first
    labels = encoded.test_labels(data)
    return first if labels[image] == labels[second] else second


def shown_pair(data: str, image: int, other: int | None) -> tuple[int, int]:
    """The two images of a View; one that is to be compared with nothing or itself gets its usual partner."""
    return image, partner(data, image) if other is None or other == image else other
