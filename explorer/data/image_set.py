"""The image set: pictures as one tensor, with labels, captions and splits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import torch
from torch import Tensor

from explorer.data.factors import Factor
from explorer.errors import DataError

SPLITS = ("train", "val", "test")
BLOCK = 4096  # pictures counted or hashed at a time


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Pictures of one size, and everything that is known about them. Read-only and shared: never write into a tensor.

    Attributes:
        name: what `load_image_set` calls it.
        images: uint8 (N, C, H, W), 0 black to 255 white.
        labels: int64 (N,), each in [0, len(class_names)).
        class_names: one English name per label.
        captions: one English name per picture, or empty.
        splits: int64 index tensors for "train", "val" and "test", disjoint. val is 10 % of train and val together and
            serves every stop and choice; test is only reported.
        licence: the licence's name; the text stands beside the bundled files.
        source: where the pictures come from, with the version.
        sha256: `fingerprint(images, labels, splits)`.
        factors: the features that are known of every picture, by name; none for most sets.
    """

    name: str
    images: Tensor
    labels: Tensor
    class_names: tuple[str, ...]
    captions: tuple[str, ...]
    splits: Mapping[str, Tensor]
    licence: str
    source: str
    sha256: str
    factors: Mapping[str, Factor] = field(default_factory=dict, kw_only=True)

    def __len__(self) -> int:
        return len(self.images)

    def split(self, name: str) -> Tensor:
        """Indices (n,) of a split, in an order of which every prefix has about the class shares of the whole.

        Raises:
            DataError: `split_unknown`.
        """
        if name not in self.splits:
            raise DataError("split_unknown", name=name, known=", ".join(self.splits))
        return self.splits[name]

    def images_of(self, name: str) -> Tensor:
        """uint8 (N, C, H, W) of a split; not copied where its pictures lie one behind the other.

        Raises:
            DataError: `split_unknown`.
        """
        rows = self.split(name)
        start, n = int(rows[0]) if len(rows) else 0, len(rows)
        behind = bool((rows == torch.arange(start, start + n)).all())
        return self.images[start : start + n] if behind else self.images[rows]

    def pixels(self, indices: Tensor) -> Tensor:
        """uint8 (B, C, H, W) of the pictures at `indices` (B,), as a copy."""
        return self.images.index_select(0, indices)  # ten times as fast as images[indices]

    def batch(self, indices: Tensor) -> Tensor:
        """float32 (B, C, H, W) in [0, 1] of the pictures at `indices` (B,)."""
        return self.pixels(indices).float() / 255

    @property
    def channels(self) -> int:
        return self.images.shape[1]

    @property
    def height(self) -> int:
        return self.images.shape[2]

    @property
    def width(self) -> int:
        return self.images.shape[3]

    @cached_property
    def variance(self) -> float:
        """Population variance of the training split's values in [0, 1], over images, channels and pixels together.

        It scales the reconstruction term of a VQ-VAE (van den Oord 2017; sonnet's `data_variance`). Counting the 256
        levels is exact where a float32 sum over 14 million values is not. Counted in blocks: the set may be larger than
        memory.
        """
        blocks = self.splits["train"].split(BLOCK)
        counts = sum(torch.bincount(self.pixels(ids).flatten(), minlength=256) for ids in blocks)
        assert isinstance(counts, Tensor)
        counts = counts.double()
        levels = torch.arange(256, dtype=torch.float64) / 255
        mean = (counts * levels).sum() / counts.sum()
        return float((counts * (levels - mean) ** 2).sum() / counts.sum())


def fingerprint(
    images: Tensor,
    labels: Tensor,
    splits: Mapping[str, Tensor],
    on_block: Callable[[int, int], None] | None = None,
) -> str:
    """SHA-256 in hex of decoded pictures, labels and splits, with their shapes. 13 ms for 20 MB.

    Args:
        images: uint8 (N, C, H, W).
        labels: int64 (N,).
        splits: int64 index tensors by name.
        on_block: told how many pictures of how many bytes were read, block by block.
    """
    digest = hashlib.sha256()
    for name, tensor in [("images", images), ("labels", labels), *((split, splits[split]) for split in SPLITS)]:
        digest.update(f"{name} {tuple(tensor.shape)}\n".encode())
        for block in tensor.split(BLOCK):
            digest.update(block.contiguous().numpy().data)
            if name == "images" and on_block is not None:
                on_block(len(block), block.numel())
    return digest.hexdigest()
