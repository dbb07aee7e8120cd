"""Image sets larger than memory: pictures in one file of bytes, mapped, and read a batch at a time.

The system keeps what was read in its page cache, shared between processes, and gives it up when memory is needed. But a
page also stays mapped into the process that read it, and counts as its memory: a pass over a million pictures seems
to take gigabytes, and a machine with a limit on memory believes it. So pages are let go of every so many pictures.
"""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.data.image_set import ImageSet
from explorer.data.places import cache_folder
from explorer.errors import DataError

#: Where nobody says how much is held: bytes that are mapped around a page that is touched. It may be far more, as much
#: as the system read at once, up to megabytes.
MAPPED_AROUND = 1 << 16
#: How much is held before it is let go of.
MOST_HELD = 1 << 27


class Pages:
    """The pages of a mapped file that this process holds.

    Args:
        mapped: of the file; if written to, then shared, so that the file has what is let go of.
        most: bytes to hold.
    """

    def __init__(self, mapped: mmap.mmap, most: int = MOST_HELD) -> None:
        self.mapped = mapped
        self.most = most
        self._held = 0  # by our own count
        self._others = _files_in_memory()  # what the process holds of all files without these pages

    def shuffled(self) -> Pages:
        """From now on a picture of the next batch is anywhere: what follows on the disk is no use."""
        if hasattr(mmap, "MADV_RANDOM"):
            self.mapped.madvise(mmap.MADV_RANDOM)
        return self

    def note(self, pictures: int, nbytes: int) -> None:
        """So many pictures of together `nbytes` were read: let go of all pages if that makes too many."""
        self._held += nbytes + pictures * MAPPED_AROUND
        held = self._held if self._others is None else (_files_in_memory() or 0) - self._others
        if held > self.most and hasattr(mmap, "MADV_DONTNEED"):
            self.let_go()

    def let_go(self) -> None:
        """Of all pages; whoever reads on has them back from the system's page cache."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self.mapped.madvise(mmap.MADV_DONTNEED)
            self._held, self._others = 0, _files_in_memory()


def _files_in_memory() -> int | None:
    """Bytes of mapped files that this process holds; None where the system does not say. 20 µs."""
    try:
        with Path("/proc/self/statm").open("rb") as file:
            return int(file.read().split()[2]) * mmap.PAGESIZE
    except (OSError, IndexError, ValueError):
        return None


@dataclass(frozen=True, eq=False)
class MappedImageSet(ImageSet):
    """An image set whose `images` are a mapped file.

    Attributes:
        pages: of `images`, or None to leave them to the system.
    """

    pages: Pages | None = field(default=None, repr=False)

    def pixels(self, indices: Tensor) -> Tensor:
        """uint8 (B, C, H, W) of the pictures at `indices` (B,), copied out of the file."""
        copied = super().pixels(indices)
        if self.pages is not None:
            self.pages.note(len(copied), copied.numel())
        return copied


def map_images(path: Path, shape: tuple[int, int, int], offset: int = 0) -> tuple[Tensor, Pages]:
    """A file of bytes as uint8 (N, C, H, W), and its pages.

    Args:
        path: N pictures, channels first, without gaps.
        shape: (C, H, W).
        offset: of the first picture in the file.
    """
    array = np.memmap(path, np.uint8, mode="c", offset=offset).reshape(-1, *shape)
    return torch.from_numpy(array), pages_of(array).shuffled()


def pages_of(array: NDArray[np.uint8]) -> Pages:
    """The pages of an array that `numpy` mapped, or of a view of one; copy-on-write only if nobody writes."""
    base: Any = array
    while not isinstance(base, mmap.mmap):
        base = base.base
    return Pages(base)


#: The pages of what stands in files without a name.
_SPILLED: list[Pages] = []


def spilled(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Room for pictures in a file without a name, which is gone with the process; in memory where none can be had."""
    try:
        # mapped for as long as the array is there, also when the file is closed
        with tempfile.TemporaryFile(dir=cache_folder()) as file:
            os.posix_fallocate(file.fileno(), 0, int(np.prod(shape)))  # a disk that is full must not show later
            array = np.memmap(file, np.uint8, "r+", shape=shape)
    except (OSError, DataError, AttributeError):  # the last: no such call here
        return np.empty(shape, np.uint8)
    _SPILLED.append(pages_of(array))
    return array


def let_go() -> None:
    """Of all pages of what is `spilled`: the system keeps them as long as it has the room."""
    for pages in _SPILLED:
        pages.let_go()


def mapped_set(
    name: str, path: Path, shape: tuple[int, int, int], splits: Mapping[str, Tensor], sha256: str, source: str = ""
) -> MappedImageSet:
    """A set of one class, from a file of bytes that somebody else checked."""
    images, pages = map_images(path, shape)
    labels = torch.zeros(len(images), dtype=torch.int64)
    return MappedImageSet(
        name=name,
        images=images,
        labels=labels,
        class_names=("any",),
        captions=(),
        splits=splits,
        licence="",
        source=source or str(path),
        sha256=sha256,
        pages=pages,
    )
