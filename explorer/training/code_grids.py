"""The codes a prior learns from: what a trained encoder makes of the training and validation images."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.data.augment import augment
from explorer.latent import encode_images
from explorer.models import VQVAE
from explorer.models.prior import CodePrior
from explorer.streams import stream


class CodeGrids:
    """Code grids and labels of a run's images.

    Where the run was trained on shifted and flipped images, so is its prior: each epoch encodes them anew.

    Attributes:
        train: (N, h, w), of the images as they are.
        val: (N_val, h, w).
        train_labels: (N,).
        val_labels: (N_val,).

    Args:
        model: a trained VQ-VAE, in eval mode.
        image_set: the one it was trained on.
        augmented: whether to shift and flip, training images only.
        seed: of the augmentation.
    """

    #: An untrained prior over codes is nothing to keep.
    begins_at_a_prior = False

    def __init__(self, model: VQVAE, image_set: ImageSet, *, augmented: bool = False, seed: int = 0) -> None:
        self._model, self._image_set = model, image_set
        self._augmented, self._seed = augmented, seed
        self.num_classes = len(image_set.class_names)
        self.train, self.train_labels = self._split("train")
        self.val, self.val_labels = self._split("val")

    def _split(self, name: str) -> tuple[Tensor, Tensor]:
        ids = self._image_set.split(name)
        return self._encode(self._image_set.images[ids]), self._image_set.labels[ids]

    def _encode(self, images: Tensor) -> Tensor:
        indices = encode_images(self._model, images).indices
        assert indices is not None
        return indices

    def epoch(self, number: int) -> Tensor:
        """(N, h, w): what epoch 0, 1, … trains on, in the order of `train`; a pure function of seed and number."""
        if not self._augmented:
            return self.train
        images = self._image_set.images[self._image_set.split("train")]
        return self._encode(augment(images, stream(self._seed, "prior augment", number)))

    def shuffled(self, number: int) -> Tensor:
        """The order (N,) in which an epoch goes through them."""
        return torch.randperm(len(self.train), generator=stream(self._seed, "prior batches", number))

    def bits(self, loss: float) -> float:
        """Bits a code of a cross-entropy in nats a code."""
        return loss / math.log(2)

    @torch.no_grad()
    def val_bits(self, model: CodePrior) -> float:
        """Bits a code of the validation grids, without labels."""
        return bits_per_code(model, self.val)


@torch.no_grad()
def bits_per_code(model: CodePrior, indices: Tensor, labels: Tensor | None = None) -> float:
    """Cross-entropy of grids (N, h, w) under a prior in eval mode, over `ln 2` and the codes of a grid."""
    return -float(model.log_prob(indices, labels).mean()) / math.log(2) / model.space.positions
