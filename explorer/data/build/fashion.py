"""Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): a third of it, each class equally often."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.data.bundle import split_ranges
from explorer.data.debian import licence_text, package_file, package_version
from explorer.data.image_set import ImageSet, fingerprint
from explorer.data.ordering import balanced_order
from explorer.data.published import FASHION_CLASSES
from explorer.data.published_files import read_idx

PACKAGE = "dataset-fashion-mnist"
FOLDER = "/usr/share/datasets/fashion-mnist"
COUNTS = {"train": 18_000, "val": 2_000, "test": 5_000}


def build_fashion() -> tuple[ImageSet, str, dict[str, Any]]:
    """The image set, its licence text, and notes for the manifest.

    train and val come from the published training set, test from the published test set. The balanced order makes any
    multiple of ten pictures class-balanced, so taking prefixes is all the sampling there is.
    """
    train_images, train_labels = _read("train")
    test_images, test_labels = _read("t10k")
    train = balanced_order(train_labels, "fashion:train")[: COUNTS["train"] + COUNTS["val"]]
    test = balanced_order(test_labels, "fashion:test")[: COUNTS["test"]]
    images = torch.from_numpy(np.concatenate([train_images[train], test_images[test]])[:, None])
    labels = torch.from_numpy(np.concatenate([train_labels[train], test_labels[test]]).astype(np.int64))
    splits = split_ranges(COUNTS)
    image_set = ImageSet(
        name="fashion",
        images=images,
        labels=labels,
        class_names=FASHION_CLASSES,
        captions=(),
        splits=splits,
        licence="MIT",
        source=f"Fashion-MNIST, Zalando SE, from the Debian package {PACKAGE} {package_version(PACKAGE)}",
        sha256=fingerprint(images, labels, splits),
    )
    return image_set, licence_text(PACKAGE), {"published_counts": {"train": 60_000, "test": 10_000}}


def _read(part: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images (N, 28, 28) and labels (N,) of one published part."""
    images, labels = (f"{FOLDER}/{part}-{what}-ubyte.gz" for what in ("images-idx3", "labels-idx1"))
    return read_idx(package_file(PACKAGE, images)), read_idx(package_file(PACKAGE, labels))
