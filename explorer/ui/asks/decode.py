"""Decoding on the server, for decoders that are too large to run under the pointer in a browser."""

from __future__ import annotations

import base64
from typing import Any

import torch

from explorer.ui import encoded
from explorer.ui.asks.params import Params
from explorer.ui.view import MAX_ABS_Z


@torch.no_grad()
def answer(params: Params) -> dict[str, Any]:
    """The picture of a latent: `width`, `height`, `channels` and `pixels`, uint8 channels-last in base64.

    Asked for with `run` and, for a VQ-VAE, `indices` (P, row by row), else `z` (the whole latent, channels first).
    """
    run = params.run()
    shape, config = run.model.shape, run.config
    grid = shape.grid
    if config.is_vq:
        codes = params.integers("indices", grid**2, len(encoded.codebook(run)))
        latent = torch.tensor(codes).view(1, grid, grid)
    else:
        size = (config.latent_dim, grid, grid) if config.spatial else (config.latent_dim,)
        latent = torch.tensor(params.numbers("z", torch.Size(size).numel(), MAX_ABS_Z)).view(1, *size)
    image = run.model.decode(latent)[0]
    pixels = (image.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    return {
        "width": shape.width,
        "height": shape.height,
        "channels": shape.channels,
        "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
    }
