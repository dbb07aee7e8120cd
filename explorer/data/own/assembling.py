"""Pictures that were gathered, put in order: classes, splits, a free name, and then into the cache folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.data.image_set import SPLITS, ImageSet
from explorer.data.own.features import Table, factors_from
from explorer.data.own.names import RESERVED, name_for, readable
from explorer.data.own.splitting import NEAR_COPY_RMSE, split_pictures
from explorer.data.stored import LONGEST_NAME, Described, write_stored

LICENCE = "the user's own"


@dataclass(frozen=True)
class Gathered:
    """Good pictures, one after the other in a file.

    Attributes:
        images: uint8 (N, C, H, W), mapped from the file.
        paths: of the files they came from.
        hashes: of each small picture.
        files: looked at, good or not.
        splits: of each picture, where the folders say it, or None.
        features: of each picture, by name, as `factors.csv` says; "" where it is not seen.
    """

    images: NDArray[np.uint8]
    paths: list[str]
    hashes: list[str]
    files: int
    splits: list[str] | None = None
    features: Table = field(default_factory=dict)


def assembled(
    gathered: Gathered,
    class_of: list[str],
    title: str,
    name: str,
    *,
    listed: bool,
    how: str = "alike",
    notes: Mapping[str, Any] | None = None,
) -> ImageSet | None:
    """Split, describe and store; None if too few of the pictures differ for that.

    Args:
        gathered: the pictures.
        class_of: class name of each.
        title: what a person reads.
        name: of the set; "" makes one of the title that is free.
        listed: as in `Described`.
        how: pictures are split, one of `splitting.SPLITTINGS`.
        notes: more on how the set was made.

    Raises:
        DataError: `own_name_taken` or `cache_not_writable`.
    """
    class_names = tuple(sorted(set(class_of)))
    by_name = {class_name: label for label, class_name in enumerate(class_names)}
    labels = np.array([by_name[class_name] for class_name in class_of])
    by_content = np.lexsort((labels, np.array(gathered.hashes)))
    members = split_pictures(gathered.images, labels, gathered.paths, by_content, how, gathered.splits)
    if not len(members["train"]) or len(members["val"]) < 1 or len(members["test"]) < 2:
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
        notes={"files": gathered.files, "near_copies_below_rmse": NEAR_COPY_RMSE, "split": how} | dict(notes or {}),
    )
    factors = factors_from({name: [values[k] for k in order] for name, values in gathered.features.items()})
    names = [name] if name else free_names(name_for(title))
    return write_stored(described, gathered.images, labels, order, names, factors)


def free_names(base: str) -> Iterator[str]:
    """The name itself, then base-2, base-3 and so on, none of them a published set's."""
    for number in count(1):
        name = base if number == 1 else f"{base[: LONGEST_NAME - 5]}-{number}"
        if name not in RESERVED:
            yield name
