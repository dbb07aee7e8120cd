"""Which of somebody's pictures are for training, val and test: by likeness, by time, each by itself, or by folder."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from explorer.data.image_set import SPLITS
from explorer.data.near_copies import near_copy_groups, split_by_group
from explorer.data.ordering import balanced_order
from explorer.data.own.names import natural

#: Pictures closer than this are one picture saved twice. As a JPEG it differs by .004.
NEAR_COPY_RMSE = 0.02
#: alike: near-copies stay in one split. time: by the order of names, the last fifth is test. file: each by itself.
SPLITTINGS = ("alike", "time", "file")
TEST_SHARE, VAL_SHARE = 0.2, 0.1

Indices = NDArray[np.int64]


def split_pictures(
    images: NDArray[np.uint8],
    labels: Indices,
    paths: list[str],
    by_content: Indices,
    how: str,
    given: list[str] | None,
) -> dict[str, Indices]:
    """Indices by split, each in an order of which every prefix is balanced.

    All of it happens in the order of contents, so that names of files play no part, but for `time`.

    Args:
        images: uint8 (N, C, H, W).
        labels: (N,).
        paths: of the N files.
        by_content: (N,), an order that follows from the pictures alone.
        how: one of `SPLITTINGS`; it also says how what is not given is taken from the rest.
        given: a split for each picture, or None. Without val, a tenth of train becomes it; without test, a fifth.
    """
    if given is None:
        members = _split(images, labels, paths, by_content, how)
    else:
        members = {split: np.flatnonzero(np.array(given) == split) for split in SPLITS}
        missing = [split for split in ("test", "val") if not len(members[split])]
        rest = members["train"]
        if missing and len(rest):
            inner = by_content[np.isin(by_content, rest)]
            carved = _split(images, labels, paths, inner, how)
            members |= {split: carved[split] for split in missing}
            members["train"] = np.setdiff1d(rest, np.concatenate([carved[split] for split in missing]))
    rank = np.argsort(by_content)
    ordered = {split: found[np.argsort(rank[found], kind="stable")] for split, found in members.items()}
    return {split: found[balanced_order(labels[found], f"own:{split}")] for split, found in ordered.items()}


def _split(
    images: NDArray[np.uint8], labels: Indices, paths: list[str], indices: Indices, how: str
) -> dict[str, Indices]:
    """Of the pictures `indices`, which are in the order of their contents."""
    if how == "time":
        return _by_time(labels, paths, indices)
    if how == "file":
        groups = np.arange(len(indices))
    else:
        groups = near_copy_groups(images, NEAR_COPY_RMSE)[indices]
    _, first, which = np.unique(groups, return_index=True, return_inverse=True)
    members = split_by_group(first[which], labels[indices], [], "own:split")
    return {split: indices[found] for split, found in members.items()}


def _by_time(labels: Indices, paths: list[str], indices: Indices) -> dict[str, Indices]:
    """Of each class the first files train, then val, and the last test: neighbours in time meet at two seams only."""
    members: dict[str, list[int]] = {split: [] for split in SPLITS}
    for label in np.unique(labels[indices]):
        found = sorted((int(i) for i in indices[labels[indices] == label]), key=lambda i: natural(paths[i]))
        test = round(TEST_SHARE * len(found))
        val = round(VAL_SHARE * (len(found) - test))
        begin = len(found) - test - val
        for split, part in (
            ("train", found[:begin]),
            ("val", found[begin : begin + val]),
            ("test", found[begin + val :]),
        ):
            members[split] += part
    return {split: np.array(found, np.int64) for split, found in members.items()}
