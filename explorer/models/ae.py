"""The autoencoder: a point for every picture, and no rule for what lies between the points."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.models.base import DEFAULT_WIDTH, Autoencoder, ImageShape
from explorer.models.latents import PointLatent
from explorer.models.objectives import AETerms


class AE(Autoencoder):
    """Deterministic autoencoder, squared error only.

    Args:
        shape: of the images.
        latent_dim: Z, or channels per position with `spatial`.
        spatial: a grid of latents in place of one vector.
        width: channels of the trunk.
        seed: of the weights.
    """

    kind = "ae"

    def __init__(
        self,
        shape: ImageShape,
        latent_dim: int = 2,
        *,
        spatial: bool = False,
        width: int = DEFAULT_WIDTH,
        seed: int = 0,
    ) -> None:
        super().__init__(
            shape, encoder_outputs=latent_dim, decoder_inputs=latent_dim, spatial=spatial, width=width, seed=seed
        )
        self.latent_dim = latent_dim

    def encode(self, x: Tensor) -> PointLatent:
        """Images `(B, C, H, W)` in [0, 1] to `z` `(B, Z)` (or `(B, D, h, w)`)."""
        return PointLatent(self.features(x))

    def decode(self, z: Tensor) -> Tensor:
        """`z` to images `(B, C, H, W)`, unclipped."""
        image: Tensor = self.decoder(z)
        return image

    def loss_terms(self, x: Tensor, generator: torch.Generator | None = None) -> AETerms:
        """`generator` is not used: nothing here is drawn."""
        return AETerms(mse=(self.decode(self.encode(x).z) - x).square().mean())

    def loss(self, terms: AETerms) -> Tensor:
        """The mean squared error itself."""
        return terms.mse
