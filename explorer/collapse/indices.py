"""Hits of codes, by indices of any layout: levels side by side, one-hot rows, small integers that wrapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.collapse.tensors import MOST_LEVELS
from explorer.errors import FileError
from explorer.files.tensors import StoredArray
from explorer.metrics.codebook import perplexity

Array = NDArray[Any]

#: Codes that bare indices may name; beyond it they are something else.
MOST_BARE = 1 << 24
#: Share of hits that go elsewhere, and how much lower a perplexity is than another's, from which on the places of the
#: last axis are levels rather than columns.
APART, LOWER = 0.5, 0.25


@dataclass(frozen=True)
class IndexFile:
    """A stored array of code indices.

    Attributes:
        array: integers of any shape, or one-hot rows.
        one_hot: whether the last axis stands for the codes.
        ignore: an index that stands for no code.
    """

    array: StoredArray
    one_hot: bool = False
    ignore: int | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the indices."""
        return self.array.shape[:-1] if self.one_hot else self.array.shape

    @cached_property
    def range(self) -> tuple[int, int]:
        """The smallest and the largest index, (0, -1) where all are ignored."""
        low, high = 0, -1
        for values in map(self._kept, self._stored()):
            if len(values):
                low, high = min(low, int(values.min())), max(high, int(values.max()))
        return low, high

    @cached_property
    def wrapped(self) -> bool:
        """Whether indices above the largest number of their type came out negative: more than one negative number."""
        if self.array.kind != "integer" or np.dtype(self.array.dtype).itemsize > 2 or self.range[0] >= 0:
            return False
        negative: set[int] = set()
        for values in map(self._kept, self._stored()):
            negative |= set(np.unique(values[values < 0]).tolist())
        return len(negative) > 1

    @property
    def highest(self) -> int:
        """The largest index, unwrapped."""
        return max((int(v.max()) for v in self.pieces() if len(v)), default=-1) if self.wrapped else self.range[1]

    def fits(self, levels: int, codes: int) -> bool:
        """Whether they can be of this many codebooks of K codes."""
        if self.one_hot and self.array.shape[-1] != codes:
            return False
        return self.highest < codes and (levels == 1 or levels in (self.shape[-1:] + self.shape[:1]))

    def pieces(self) -> Iterator[Array]:
        """All that are not ignored, unwrapped; in stored order."""
        for values in self._stored():
            yield self._unwrapped(self._kept(values))

    def by_level(self, levels: int) -> Iterator[tuple[Array, Array]]:
        """The same with the level of each, of an axis of `levels`, the last or else the first one."""
        last = self.shape[-1] == levels
        inner = last != self.array.fortran  # whether neighbours in the file are of different levels
        begun, run = 0, max(1, self.size // levels)
        for values in self._stored():
            at = np.arange(begun, begun + len(values))
            level = at % levels if inner else at // run
            begun += len(values)
            kept = slice(None) if self.ignore is None else values != self.ignore
            yield self._unwrapped(values[kept]), level[kept]

    @property
    def size(self) -> int:
        """Number of indices, ignored ones too."""
        return self.array.size // (self.array.shape[-1] if self.one_hot else 1)

    def _stored(self) -> Iterator[Array]:
        if not self.one_hot:
            yield from self.array.pieces()
            return
        width, begun = self.array.shape[-1], 0
        for piece in self.array.pieces():
            yield (begun + np.flatnonzero(piece)) % width
            begun += len(piece)

    def _kept(self, values: Array) -> Array:
        return values if self.ignore is None else values[values != self.ignore]

    def _unwrapped(self, values: Array) -> Array:
        return values.view(f"u{values.dtype.itemsize}") if self.wrapped else values


def check_indices(index: IndexFile, known: int | None, most: int = MOST_BARE) -> None:
    """Refuse what cannot be counted.

    Args:
        index: the indices.
        known: K, or None.
        most: that an index may be where K is not known.

    Raises:
        FileError: there are none, one is negative, or not below K, or the type is too small for K.
    """
    if not index.array.size:
        raise FileError("tensor_empty", name=index.array.label)
    bits = 64 if index.array.kind == "float" or index.one_hot else 8 * np.dtype(index.array.dtype).itemsize
    if known is not None and 1 << bits < known:
        raise FileError("indices_narrow", name=index.array.label, codes=known)
    if index.range[0] < 0 and not index.wrapped:
        raise FileError("indices_negative", index=index.range[0])
    if known is None and index.highest >= most:
        raise FileError("indices_bare_large", index=index.highest, limit=most)
    if known is not None and index.highest >= known:
        raise FileError("indices_too_large", index=index.highest, num_embeddings=known)


def count_levels(index: IndexFile, codes: int, levels: int) -> Array:
    """Hits (L, K) int64 of indices that were checked."""
    hits = np.zeros(levels * codes, np.int64)
    if levels == 1:
        for values in index.pieces():
            found = np.bincount(values.astype(np.intp, copy=False))
            hits[: len(found)] += found
        return hits[None]
    for values, level in index.by_level(levels):
        hits += np.bincount(level * codes + values.astype(np.intp), minlength=levels * codes)
    return hits.reshape(levels, codes)


def levels_of(index: IndexFile, codes: int) -> int:
    """How many levels the last axis seems to hold: its length, where one of its places has far fewer codes, or 1.

    Levels that are used alike need no telling apart: none of them hides in their sum. The last two axes of a square
    grid are rows and columns.
    """
    shape = index.shape
    if len(shape) < 2 or not 2 <= shape[-1] <= MOST_LEVELS or shape[-1] >= shape[-2]:
        return 1
    if shape[-1] * codes > MOST_BARE:
        return 1
    hits = count_levels(index, codes, shape[-1])
    total = hits.sum(1, keepdims=True)
    if not total.all():
        return 1
    p = hits / total
    rest = (hits.sum(0) - hits) / (hits.sum() - total)
    noise = np.sqrt((hits.sum(0) > 0).sum() / total.min())
    apart = float(np.abs(p - rest).sum(1).max()) / 2 > APART + noise
    choices = [perplexity(torch.from_numpy(level)) for level in hits]
    return shape[-1] if apart and min(choices) < LOWER * max(choices) else 1
