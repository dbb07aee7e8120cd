"""The latents a VAE's priors learn from: z ~ q(z|x) of the training and validation images, never the means."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.data.augment import augment
from explorer.latent import EncodedSet, encode_images
from explorer.metrics.rate import latent_nats, rate_of
from explorer.models import VAE
from explorer.models.prior import LatentPrior, LatentSpace
from explorer.streams import stream


class LatentDraws:
    """Posteriors, draws and labels of a run's images.

    Each epoch draws anew; where the run was trained on shifted and flipped images, it encodes them anew too.

    Attributes:
        space: the grids they are.
        num_classes: labels there are.
        train: posteriors of the N training images as they are.
        train_labels: (N,).
        val: (N_val, Z), one draw each.

    Args:
        model: a trained VAE, in eval mode.
        image_set: the one it was trained on.
        augmented: whether to shift and flip, training images only.
        seed: of draws and augmentation.
    """

    #: Training starts at N(0, I).
    begins_at_a_prior = True

    def __init__(self, model: VAE, image_set: ImageSet, *, augmented: bool = False, seed: int = 0) -> None:
        self._model, self._image_set = model, image_set
        self._augmented, self._seed = augmented, seed
        self.num_classes = len(image_set.class_names)
        ids = image_set.split("train")
        self.train, self.train_labels = encode_images(model, image_set.images[ids]), image_set.labels[ids]
        self.space = latent_space(model, self.num_classes)
        held_out = encode_images(model, image_set.images[image_set.split("val")])
        self.val = drawn(held_out, stream(seed, "prior latents of val"))
        self._val_kl, self._negentropy = kl_per_image(held_out), -float(entropy(self.train).mean())

    def epoch(self, number: int) -> Tensor:
        """(N, Z): what epoch 0, 1, … trains on; a pure function of seed and number."""
        encoded = self.train
        if self._augmented:
            images = self._image_set.images[self._image_set.split("train")]
            encoded = encode_images(self._model, augment(images, stream(self._seed, "prior augment", number)))
        return drawn(encoded, stream(self._seed, "prior latents", number))

    def shuffled(self, number: int) -> Tensor:
        """The order (N,) in which an epoch goes through them."""
        return torch.randperm(len(self.train_labels), generator=stream(self._seed, "prior batches", number))

    def bits(self, loss: float) -> float:
        """Rate in bits a position of a loss in nats a position, with E log q(z|x) of the training split."""
        return (loss + self._negentropy / self.space.positions) / math.log(2)

    @torch.no_grad()
    def val_bits(self, model: LatentPrior) -> float:
        """Rate of the validation images in bits a position, without labels."""
        return rate_of(latent_nats(self._val_kl, model.log_prob(self.val), self.val)).bits / self.space.positions


def latent_space(model: VAE, num_classes: int = 0) -> LatentSpace:
    """What a VAE's priors are over."""
    side = model.shape.grid if model.spatial else 1
    return LatentSpace(model.latent_dim, side, side, num_classes)


def drawn(encoded: EncodedSet, generator: torch.Generator) -> Tensor:
    """One z ~ q(z|x) of each image, flattened, (N, Z)."""
    mean, logvar = _posteriors(encoded)
    return mean + (0.5 * logvar).exp() * torch.empty_like(mean).normal_(generator=generator)


def kl_per_image(encoded: EncodedSet) -> Tensor:
    """KL(q(z|x) ‖ N(0, I)) in nats, (N,) float64."""
    mean, logvar = _posteriors(encoded)
    return 0.5 * (mean.double().square() + logvar.double().exp() - 1 - logvar.double()).sum(1)


def entropy(encoded: EncodedSet) -> Tensor:
    """Of q(z|x) in nats, (N,) float64."""
    logvar = _posteriors(encoded)[1]
    return 0.5 * (logvar.double() + math.log(2 * math.pi * math.e)).sum(1)


def _posteriors(encoded: EncodedSet) -> tuple[Tensor, Tensor]:
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    return encoded.mean.flatten(1), encoded.logvar.flatten(1)
