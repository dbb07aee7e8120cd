"""Pictures that were gathered, put in order: classes, splits, a free name, and then into the cache folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from explorer.data.image_set import SPLITS, ImageSet
from explorer.data.near_copies import near_copy_groups, split_by_group
from explorer.data.ordering import balanced_order
from explorer.data.own.names import RESERVED, name_for, readable
from explorer.data.stored import LONGEST_NAME, Described, write_stored

#: Pictures closer than this are one picture saved twice, and stay in one split. As a JPEG it differs by .004.
NEAR_COPY_RMSE = 0.02
LICENCE = "the user's own"


@dataclass(frozen=True)
class Gathered:
    """Good pictures, one after the other in a file.

    Attributes:
        images: uint8 (N, C, H, W), mapped from the file.
        paths: of the files they came from.
        hashes: of each small picture.
        files: looked at, good or not.
    """

    images: NDArray[np.uint8]
    paths: list[str]
    hashes: list[str]
    files: int


def assembled(gathered: Gathered, class_of: list[str], title: str, name: str, *, listed: bool) -> ImageSet | None:
    """Split, describe and store; None if too few of the pictures differ for that.

    Args:
        gathered: the pictures.
        class_of: class name of each.
        title: what a person reads.
        name: of the set; "" makes one of the title that is free.
        listed: as in `Described`.

    Raises:
        DataError: `own_name_taken` or `cache_not_writable`.
    """
    class_names = tuple(sorted(set(class_of)))
    by_name = {class_name: label for label, class_name in enumerate(class_names)}
    labels = np.array([by_name[class_name] for class_name in class_of])
    by_content = np.lexsort((labels, np.array(gathered.hashes)))
    members = _split(gathered.images, labels, by_content)
    if len(members["val"]) < 1 or len(members["test"]) < 2:
        return None
    order = np.concatenate([members[split] for split in SPLITS])
    channels, height, width = gathered.images.shape[1:]
    described = Described(
        name=name or name_for(title),
        title=title,
        class_names=class_names,
        captions=tuple(readable(PurePosixPath(gathered.paths[index]).stem) for index in order),
        counts={split: len(members[split]) for split in SPLITS},
        shape=(channels, height, width),
        licence=LICENCE,
        source=f"{title}: pictures cropped to a square and resized",
        own=True,
        listed=listed,
        notes={"files": gathered.files, "near_copies_below_rmse": NEAR_COPY_RMSE},
    )
    return write_stored(described, gathered.images, labels, order, [name] if name else free_names(name_for(title)))


def free_names(base: str) -> Iterator[str]:
    """The name itself, then base-2, base-3 and so on, none of them a published set's."""
    for number in count(1):
        name = base if number == 1 else f"{base[: LONGEST_NAME - 5]}-{number}"
        if name not in RESERVED:
            yield name


def _split(
    images: NDArray[np.uint8], labels: NDArray[np.int64], by_content: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Indices by split, each in an order of which every prefix is balanced; near copies share a split.

    All of it happens in the order of contents, so that names of files play no part.
    """
    groups = near_copy_groups(images, NEAR_COPY_RMSE)[by_content]
    _, first, which = np.unique(groups, return_index=True, return_inverse=True)
    members = split_by_group(first[which], labels[by_content], [], "own:split")
    return {
        split: by_content[found[balanced_order(labels[by_content[found]], f"own:{split}")]]
        for split, found in members.items()
    }
