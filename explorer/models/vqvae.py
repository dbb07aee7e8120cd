"""The vector-quantised autoencoder of van den Oord, Vinyals & Kavukcuoglu 2017."""

from __future__ import annotations

import torch
from torch import Tensor

from explorer.errors import ConfigError
from explorer.models.base import DEFAULT_WIDTH, Autoencoder, ImageShape
from explorer.models.composed import ComposedQuantizer
from explorer.models.latents import CodeLatent
from explorer.models.objectives import VQVAETerms
from explorer.models.quantizer_base import Quantizer, QuantizerOutput


class VQVAE(Autoencoder):
    """A grid of codes, `H/4 × W/4`, each the nearest of K vectors to what the encoder put there.

    Args:
        shape: of the images.
        quantizer: holds the codebook `(K, D)` and the rule that moves it.
        data_variance: of the training values in [0, 1]; the reconstruction term is MSE over it, which is the scale the
            commitment cost is tuned to (sonnet's convention).
        width: channels of the trunk.
        seed: of encoder and decoder.
    """

    kind = "vqvae"

    def __init__(
        self,
        shape: ImageShape,
        quantizer: Quantizer,
        *,
        data_variance: float,
        width: int = DEFAULT_WIDTH,
        seed: int = 0,
    ) -> None:
        dim = quantizer.embedding_dim
        super().__init__(shape, encoder_outputs=dim, decoder_inputs=dim, spatial=True, width=width, seed=seed)
        self.quantizer = quantizer
        self.data_variance = data_variance
        self.last_output: QuantizerOutput | None = None

    def encode(self, x: Tensor) -> CodeLatent:
        """Images `(B, C, H, W)` in [0, 1] to encoder outputs, code indices and code vectors; trains nothing."""
        z_e = self.quantizer.project(self.features(x))
        indices = self.quantizer.nearest(z_e)
        return CodeLatent(z_e, indices, self.quantizer.lookup(indices))

    def decode(self, z: Tensor) -> Tensor:
        """Integer indices `(B, h, w)` or vectors `(B, D, h, w)` to images `(B, C, H, W)`, unclipped.

        Of a quantizer of L levels the indices are `(B, h, w, l)`, of the first l <= L levels, or `(B, h, w)` with one
        number for all of them (`ComposedQuantizer.joint`).
        """
        if not z.is_floating_point():
            grid = self.shape.grid
            if isinstance(self.quantizer, ComposedQuantizer) and z.ndim == 3:
                z = self.quantizer.apart(z)
            places = z.shape[1:] if self.quantizer.num_levels is None else z.shape[1:-1]
            if places != (grid, grid):
                raise ConfigError("code_grid", got=tuple(z.shape), grid=grid)
            z = self.quantizer.lookup(z)
        image: Tensor = self.decoder(z)
        return image

    def loss_terms(self, x: Tensor, generator: torch.Generator | None = None) -> VQVAETerms:
        """In training mode this also lets the codebook rule take its step; `last_output` keeps what it saw.

        `generator` is not used: nothing here is drawn.
        """
        output: QuantizerOutput = self.quantizer(self.features(x))
        self.last_output = output
        mse = (self.decode(output.quantized) - x).square().mean()
        return VQVAETerms(
            mse=mse,
            reconstruction=mse / self.data_variance,
            codebook=output.codebook_loss,
            commitment=output.commitment_loss,
            regularization=output.regularization,
        )

    def loss(self, terms: VQVAETerms) -> Tensor:
        """Eq. 3 of the paper; under EMA the codebook term is detached, so that only commitment pulls the encoder."""
        beside = terms.reconstruction + terms.codebook
        return self.quantizer.weigh(terms.commitment, terms.regularization, beside)
