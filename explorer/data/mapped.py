"""Image sets larger than memory: pictures in one file of bytes, mapped, and read a batch at a time.

The system keeps what was read in its page cache, shared between processes, and gives it up when memory is needed. But a
page also stays mapped into the process that read it, and counts as its memory: a pass over a million pictures seems
to take gigabytes, and a machine with a limit on memory believes it. So pages are let go of every so many pictures.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from explorer.data.image_set import ImageSet

#: Bytes that Linux maps around a page that is touched, and how much of it is held before it is let go of.
MAPPED_AROUND = 1 << 16
MOST_HELD = 1 << 27


class Pages:
    """The pages of a mapped file that this process holds.

    Args:
        mapped: of the file, copy-on-write and never written to.
        most: bytes to hold.
    """

    def __init__(self, mapped: mmap.mmap, most: int = MOST_HELD) -> None:
        self.mapped = mapped
        self.most = most
        self._held = 0
        if hasattr(mmap, "MADV_RANDOM"):  # a picture of the next batch is anywhere: what follows on disk is no use
            mapped.madvise(mmap.MADV_RANDOM)

    def note(self, pictures: int, nbytes: int) -> None:
        """So many pictures of together `nbytes` were read: let go of all pages if that makes too many."""
        self._held += nbytes + pictures * MAPPED_AROUND
        if self._held > self.most and hasattr(mmap, "MADV_DONTNEED"):
            self.mapped.madvise(mmap.MADV_DONTNEED)
            self._held = 0


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
    return torch.from_numpy(array), pages_of(array)


def pages_of(array: NDArray[np.uint8]) -> Pages:
    """The pages of an array that `numpy` mapped, copy-on-write (mode "c"), or of a view of one."""
    base: Any = array
    while not isinstance(base, mmap.mmap):
        base = base.base
    return Pages(base)


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
