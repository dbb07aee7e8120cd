"""Near-copies and splits that keep them together: a test picture's twin in training would flatter every model."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from explorer.data.build.ordering import uniforms


def near_copy_groups(images: NDArray[np.uint8], rmse: float) -> NDArray[np.int64]:
    """Group number (N,) of each picture: single linkage, two pictures linked where their RMSE is below `rmse`.

    Args:
        images: uint8 (N, C, H, W).
        rmse: in [0, 1], for values in [0, 1].

    A group's number is the lowest index in it. Distances are sums of integers, exact in float64, so that no machine
    rounds a pair to the other side of the threshold.
    """
    flat = images.reshape(len(images), -1).astype(np.float64)
    norms = (flat**2).sum(1)
    squared = norms[:, None] + norms[None, :] - 2 * flat @ flat.T
    groups = np.arange(len(images))
    for a, b in np.argwhere(np.triu(squared < (255 * rmse) ** 2 * flat.shape[1], k=1)):
        low, high = sorted((groups[a], groups[b]))
        groups[groups == high] = low
    return groups


def split_by_group(
    groups: NDArray[np.int64], labels: NDArray[np.int64], always_test: Collection[int], seed: str
) -> dict[str, NDArray[np.int64]]:
    """Indices of train, val and test with every group whole: a fifth is test, a tenth of the rest is val, per label.

    Args:
        groups: (N,) group numbers.
        labels: (N,); a group counts under the label of its first picture.
        always_test: indices whose groups go to test.
        seed: names the random order.
    """
    order = np.unique(groups)[np.argsort(uniforms(seed, len(np.unique(groups))), kind="stable")]
    test = _take(order, groups, labels, share=0.2, first=[groups[index] for index in always_test])
    rest = np.array([group for group in order if group not in test])
    val = _take(rest, groups, labels, share=0.1, first=[])
    chosen = {"val": np.isin(groups, list(val)), "test": np.isin(groups, list(test))}
    chosen["train"] = ~(chosen["val"] | chosen["test"])
    return {split: np.flatnonzero(chosen[split]) for split in ("train", "val", "test")}


def _take(
    order: NDArray[np.int64], groups: NDArray[np.int64], labels: NDArray[np.int64], *, share: float, first: list[int]
) -> set[int]:
    """Groups that make up `share` of each label's pictures, after those in `first`.

    A group larger than a quarter of its label's share is passed over: 24 clocks would be half of what is asked of
    Travel & Places. Rounding the running total instead of each label keeps the sum right.
    """
    size = dict(zip(*np.unique(groups, return_counts=True), strict=True))
    taken: set[int] = set(first)
    passed = wanted = 0.0
    for label in np.unique(labels[order]):
        members = [group for group in order if labels[group] == label]
        passed += share * sum(size[group] for group in members)
        quota = round(passed) - round(wanted)
        wanted = passed
        room = quota - sum(size[group] for group in members if group in taken)
        for group in members:
            if group not in taken and size[group] <= min(room, quota / 4):
                taken.add(group)
                room -= size[group]
    return taken
