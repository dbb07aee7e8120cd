"""Near-copies and splits that keep them together: a test picture's twin in training would flatter every model."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from explorer.data.ordering import uniforms

#: Pictures compared at a time, down and across.
ROWS, COLUMNS = 256, 1024
#: Patches a side of the coarse picture by which most pairs are told apart.
GRID = 4


def near_copy_groups(images: NDArray[np.uint8], rmse: float) -> NDArray[np.int64]:
    """Group number (N,) of each picture: single linkage, two pictures linked where their RMSE is below `rmse`.

    Args:
        images: uint8 (N, C, H, W), which may be mapped from a file.
        rmse: in [0, 1], for values in [0, 1].

    A group's number is the lowest index in it. No pair is missed: the difference of two means, and the RMSE of two
    pictures of patch means, never exceed the RMSE of the pictures (Jensen). So pictures are sorted by mean and only
    neighbours are looked at, coarsely first. What remains is compared in sums of integers, so that no machine rounds a
    pair to the other side of the threshold. 10,000 pictures take seconds; memory stays flat.
    """
    coarse = _patch_means(images)
    means = coarse.mean(1)
    order = np.argsort(means, kind="stable")
    ascending = means[order]
    groups = np.arange(len(images))
    for start in range(0, len(order), ROWS):
        rows = order[start : start + ROWS]
        end = int(np.searchsorted(ascending, means[rows[-1]] + 255 * rmse + 0.1, side="right"))
        for begin in range(start, end, COLUMNS):
            _link(images, coarse, rows, order[begin : min(begin + COLUMNS, end)], 255 * rmse, groups)
    return groups


def _patch_means(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(N, C·16): means of the patches of each channel, or of whole channels that cannot be cut into equal patches."""
    n, channels, height, width = images.shape
    grid = GRID if height % GRID == 0 and width % GRID == 0 else 1
    means = np.empty((n, channels * grid * grid), np.float32)
    for start in range(0, n, COLUMNS):
        block = images[start : start + COLUMNS]
        patches = block.reshape(len(block), channels, grid, height // grid, grid, width // grid)
        means[start : start + COLUMNS] = patches.mean((3, 5), dtype=np.float32).reshape(len(block), -1)
    return means


def _link(
    images: NDArray[np.uint8],
    coarse: NDArray[np.float32],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    limit: float,
    groups: NDArray[np.int64],
) -> None:
    """Join the groups of all near pairs of `rows` and `columns`; `limit` in grey levels."""
    a, b = coarse[rows], coarse[columns]
    squared = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :] - 2 * a @ b.T
    near = squared < limit**2 * coarse.shape[1] + 16  # float32: what rounding may add or take away is below 16
    for row in np.flatnonzero(near.any(1)):
        index = rows[row]
        others = columns[near[row]]
        others = others[groups[others] != groups[index]]
        if len(others):
            differences = images[others].astype(np.int32) - images[index]
            exact = (differences**2).reshape(len(others), -1).sum(1, dtype=np.int64)
            linked = others[exact < limit**2 * images[index].size]
            together = np.unique(groups[np.append(linked, index)])
            groups[np.isin(groups, together)] = together[0]


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
    Travel & Places. A single picture never is, however small the share. Rounding the running total instead of each
    label keeps the sum right.
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
            if group not in taken and size[group] <= min(room, max(1, quota / 4)):
                taken.add(group)
                room -= size[group]
    return taken
