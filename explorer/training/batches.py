"""Which images a step sees: a pure function of the seed and the step, so that resuming needs no stored position."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.data.augment import augment
from explorer.errors import ConfigError
from explorer.models.ranks import share_of, this_rank
from explorer.streams import stream


class BatchPlan:
    """Epochs of shuffled image ids; a last, smaller batch of an epoch is dropped.

    Args:
        ids: the training images, (N,).
        batch_size: images per step, at most N.
        seed: runs of one seed see the same batches, whatever else differs.
    """

    def __init__(self, ids: Tensor, batch_size: int, seed: int) -> None:
        if batch_size > len(ids):
            raise ConfigError("config_batch_too_large", got=batch_size, images=len(ids))
        self.ids = ids
        self.batch_size = batch_size
        self.seed = seed
        self.per_epoch = len(ids) // batch_size
        self._epoch = -1
        self._order = ids

    def batch(self, step: int) -> Tensor:
        """Image ids of step 1, 2, ...: (batch_size,)."""
        epoch, position = divmod(step - 1, self.per_epoch)
        if epoch != self._epoch:
            shuffled = torch.randperm(len(self.ids), generator=stream(self.seed, "batches", epoch))
            self._order, self._epoch = self.ids[shuffled], epoch
        return self._order[position * self.batch_size : (position + 1) * self.batch_size]


def training_pixels(image_set: ImageSet, ids: Tensor, seed: int, step: int, *, augmented: bool) -> Tensor:
    """What update `step` (1, 2, ...) of a run of `seed` sees of the images `ids`: uint8 (B, C, H, W).

    Where several ranks train, each reads and gets its share.
    """
    mine = share_of(ids)
    pixels = image_set.pixels(mine)
    if not augmented:
        return pixels
    return augment(pixels, stream(seed, "augment", step), first=this_rank() * len(mine), of=len(ids))


def training_images(image_set: ImageSet, ids: Tensor, seed: int, step: int, *, augmented: bool) -> Tensor:
    """`training_pixels` as the model takes them."""
    return as_floats(training_pixels(image_set, ids, seed, step, augmented=augmented))


def as_floats(pixels: Tensor) -> Tensor:
    """float32 in [0, 1], channels last, of uint8 (B, C, H, W), where they are."""
    return (pixels.float() / 255).contiguous(memory_format=torch.channels_last)
