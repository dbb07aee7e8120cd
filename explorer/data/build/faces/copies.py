"""Faces that are equal in all cells but a few."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from explorer.data.ordering import uniforms


def distinct(faces: NDArray[np.uint8], n: int) -> NDArray[np.int64]:
    """The first `n` (n,) of faces (N, 16, 16, 3) that are equal to none before them."""
    _, first = np.unique(faces.reshape(len(faces), -1), axis=0, return_index=True)
    return np.sort(first)[:n]


def near_copy_cells(faces: NDArray[np.uint8], most: int) -> NDArray[np.int64]:
    """Group number (N,) of each face: single linkage, two faces linked where at most `most` cells differ.

    No pair is missed: of `most` + 1 parts into which the cells are divided, such a pair is equal in at least one (the
    pigeonhole principle). The parts are drawn at random, so that none is all background. A group's number is the lowest
    index in it.
    """
    cells = np.ascontiguousarray(faces).reshape(len(faces), -1, 3)
    packed = cells[..., 0].astype(np.int32) << 16 | cells[..., 1].astype(np.int32) << 8 | cells[..., 2]
    parts = np.array_split(np.argsort(uniforms("faces:cells", packed.shape[1])), most + 1)
    groups = np.arange(len(faces))
    for part in parts:
        for members in _equal(packed[:, part]):
            for one, other in combinations(members, 2):
                if groups[one] != groups[other] and (packed[one] != packed[other]).sum() <= most:
                    low, high = sorted((groups[one], groups[other]))
                    groups[groups == high] = low
    return groups


def _equal(columns: NDArray[np.int32]) -> list[list[int]]:
    """Lists of rows (N, k) that are equal, of two and more."""
    rows: dict[bytes, list[int]] = {}
    for index, row in enumerate(columns):
        rows.setdefault(row.tobytes(), []).append(index)
    return [members for members in rows.values() if len(members) > 1]
