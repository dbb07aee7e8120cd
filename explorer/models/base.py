"""What all three models share: an image shape, a trunk, weights drawn from streams of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from explorer.errors import ConfigError
from explorer.models.latents import Latent
from explorer.models.objectives import LossTerms
from explorer.models.trunk import STRIDE, Decoder, Encoder, initialize
from explorer.streams import stream

DEFAULT_WIDTH = 32


@dataclass(frozen=True)
class ImageShape:
    """C, H and W of the images a model was built for; H = W, a multiple of 4."""

    channels: int
    height: int
    width: int

    def __post_init__(self) -> None:
        if self.height != self.width or self.height % STRIDE:
            raise ConfigError("image_shape", height=self.height, width=self.width, stride=STRIDE)

    @property
    def values(self) -> int:
        """d = C·H·W, the numbers of one image."""
        return self.channels * self.height * self.width

    @property
    def grid(self) -> int:
        """h = w of the latent grid."""
        return self.height // STRIDE


class Autoencoder(nn.Module, ABC):
    """Encoder and decoder around a latent. `AE`, `VAE` and `VQVAE` give it a meaning."""

    kind: ClassVar[str]

    @abstractmethod
    def encode(self, x: Tensor) -> Latent:
        """Images `(B, C, H, W)` in [0, 1] to their latents."""

    @abstractmethod
    def decode(self, z: Tensor) -> Tensor:
        """Latents to images `(B, C, H, W)`, unclipped."""

    @abstractmethod
    def loss_terms(self, x: Tensor, generator: torch.Generator | None = None) -> LossTerms:
        """The named, unweighted terms of the objective on images `(B, C, H, W)`; `generator` draws what is drawn."""

    @abstractmethod
    def loss(self, terms: Any) -> Tensor:
        """The weighted sum that training lowers, a scalar."""

    def __init__(
        self,
        shape: ImageShape,
        *,
        encoder_outputs: int,
        decoder_inputs: int,
        spatial: bool,
        width: int,
        seed: int,
        decoder_width: int | None = None,
    ) -> None:
        super().__init__()
        self.shape = shape
        self.spatial = spatial
        self.encoder = Encoder(shape.channels, encoder_outputs, shape.height, width, spatial=spatial)
        self.decoder = Decoder(decoder_inputs, shape.channels, shape.height, decoder_width or width, spatial=spatial)
        initialize(self.encoder, stream(seed, "encoder"))
        initialize(self.decoder, stream(seed, "decoder"))

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.parameters()).device

    def features(self, x: Tensor) -> Tensor:
        """The encoder's raw output for images `(B, C, H, W)` in [0, 1]."""
        if x.shape[1:] != (self.shape.channels, self.shape.height, self.shape.width):
            raise ConfigError(
                "batch_shape",
                got=tuple(x.shape),
                expected=("B", self.shape.channels, self.shape.height, self.shape.width),
            )
        features: Tensor = self.encoder(x)
        return features.to(x.dtype)  # under autocast too: what follows the network is computed in full precision
