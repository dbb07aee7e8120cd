"""The learned prior of a VAE with one vector: the better on validation latents of mixtures and a small flow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from explorer.models.prior import GaussianMixture
from explorer.training.latent_draws import LatentDraws
from explorer.training.prior_config import PriorConfig

#: Full Gaussians of each candidate.
COMPONENTS = (10, 20, 30, 40, 50)
#: Draws z ~ q that a mixture is fitted to, at least; of fewer images each has several.
DRAWS = 18_000
#: How a flow is trained whatever the settings of a prior over codes: latents a step, and the highest learning rate.
FLOW_BATCH, FLOW_LR = 256, 2e-3


@dataclass(frozen=True)
class MixtureCandidate:
    """A fitted mixture.

    Attributes:
        mixture: the density.
        val_bits: rate of the validation images, bits an image.
    """

    mixture: GaussianMixture
    val_bits: float


def flow_config(config: PriorConfig) -> PriorConfig:
    """The settings of the flow: steps, seed and patience of `config`."""
    return replace(config, batch_size=FLOW_BATCH, lr=FLOW_LR)


def mixtures(draws: LatentDraws, seed: int = 0) -> Iterator[MixtureCandidate]:
    """Each size of `COMPONENTS` for which there are latents enough, fitted to training draws."""
    z = training_draws(draws)
    for components in COMPONENTS:
        if components * (draws.space.numbers + 1) <= len(z):
            mixture = GaussianMixture.fit(z, components, seed)
            yield MixtureCandidate(mixture, draws.val_bits(mixture))


def training_draws(draws: LatentDraws) -> Tensor:
    """(≥ DRAWS, Z), whole epochs."""
    epochs = -(-DRAWS // len(draws.train_labels))
    return torch.cat([draws.epoch(number) for number in range(epochs)])
