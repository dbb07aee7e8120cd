"""Which training images a generated picture is nearest to, in the features of the set's small classifier."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock, Thread

import numpy as np
import torch
from torch import Tensor

from explorer.classifier import Classifier, load_classifier
from explorer.data import load_image_set
from explorer.ui.computed import encoded, generated
from explorer.ui.computed.stored import Arrays, stored

KIND = "features"
#: Training images read between two looks at how far the job is.
PART = 250
#: Further candidates whose features are computed again: stored ones are float16.
DOUBTFUL = 8
#: Test images that say what a usual distance is.
USUAL = 500


@dataclass
class Reading:
    """A job that reads the training images of one set, in a thread of its own.

    Attributes:
        done: share of it, 1 when `features` are there.
        features: (N, F) of all training images, float16 where they were stored so.
        usual: median distance of a test image to its nearest training image.
        failed: what ended it early.
        thread: that reads.
    """

    done: float = 0.0
    features: Tensor | None = None
    usual: float = 0.0
    failed: BaseException | None = field(default=None, repr=False)
    thread: Thread | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Neighbours:
    """The training images nearest to one picture.

    Attributes:
        images: their places in the image set, the nearest first.
        distances: Euclidean, between features.
        usual: `Reading.usual`, to read the distances by.
    """

    images: tuple[int, ...]
    distances: tuple[float, ...]
    usual: float


_STARTING = Lock()


def reading(data: str) -> Reading:
    """The job for a set; the first call starts it.

    Raises:
        RunError: the set has no classifier, or a damaged one.
    """
    classifier = load_classifier(data)
    with _STARTING:
        return _reading(data, classifier.sha256)


@lru_cache(maxsize=4)
def _reading(data: str, sha256: str) -> Reading:
    job = Reading()
    if (known := stored(data, KIND, sha256)) and len(known["features"]) == len(load_image_set(data).split("train")):
        job.features = torch.from_numpy(known["features"])
        job.usual, job.done = float(known["usual"]), 1.0
        return job
    job.thread = Thread(target=_read, args=(job, load_classifier(data)), daemon=True, name=f"features of {data}")
    job.thread.start()
    return job


def _read(job: Reading, classifier: Classifier) -> None:
    try:
        pixels = generated.training_images(classifier.data)
        parts = []
        for part in pixels.split(PART):
            parts.append(classifier.features(part.float() / 255))
            job.done = 0.95 * PART * len(parts) / len(pixels)
        features = torch.cat(parts)
        test = classifier.features(encoded.test_images(classifier.data)[:USUAL].float() / 255)
        job.usual = float(torch.cdist(test, features).amin(1).median())
        job.features, job.done = features, 1.0
    except BaseException as error:  # the next question raises it, so that it is not lost with the thread
        job.failed = error
        raise


def packed(data: str) -> Arrays:
    """What `reading` then finds: features as float16, which moves a distance by less than a thousandth of it."""
    job = reading(data)
    if job.thread is not None:
        job.thread.join()
    assert job.features is not None
    return {"features": job.features.half().numpy(), "usual": np.array(job.usual)}


def neighbours(data: str, picture: Tensor, count: int) -> Neighbours | float:
    """The `count` nearest training images of a picture (C, H, W), or the share of the reading that is done.

    Raises:
        RunError: see `reading`.
    """
    job = reading(data)
    if job.failed is not None:
        _reading.cache_clear()  # the next question tries again
        raise job.failed
    if job.features is None:
        return job.done
    classifier, image_set = load_classifier(data), load_image_set(data)
    mine, train = classifier.features(picture[None]), image_set.split("train")
    near = (
        torch.cdist(mine, job.features.float())[0].topk(min(count + DOUBTFUL, len(job.features)), largest=False).indices
    )
    exact = torch.cdist(mine, classifier.features(image_set.images[train[near]].float() / 255))[0]
    found = exact.topk(count, largest=False)
    return Neighbours(tuple(train[near[found.indices]].tolist()), tuple(found.values.tolist()), job.usual)
