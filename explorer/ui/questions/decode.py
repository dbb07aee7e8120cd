"""Decoding on the server, for decoders that are too large to run under the pointer in a browser."""

from __future__ import annotations

import base64
from typing import Any

import torch
from torch import Tensor

from explorer.runs import Run
from explorer.ui.computed import encoded
from explorer.ui.questions.params import Params
from explorer.ui.view.values import MAX_ABS_Z

#: The snippet's codes begin 1e5 times too long; nothing trained lies farther out.
MAX_ABS_VECTOR = 1e7


def answer(params: Params) -> dict[str, Any]:
    """The picture of a latent: `width`, `height`, `channels` and `pixels`, uint8 channels-last in base64.

    Asked for with `run` and, for a VQ-VAE, `indices` (P, row by row) or, where the reader has moved codes, `vectors`
    (P·D, a cell's numbers together); else with `z` (the whole latent, channels first).
    """
    run = params.run()
    shape, image = run.model.shape, decoded(run, params)
    pixels = (image.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    return {
        "width": shape.width,
        "height": shape.height,
        "channels": shape.channels,
        "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
    }


@torch.no_grad()
def decoded(run: Run, params: Params) -> Tensor:
    """The picture (C, H, W), unclipped, of the latent that a question names as `answer` takes it."""
    return run.model.decode(_codes(run, params) if run.config.is_vq else _vector(run, params))[0]


def _codes(run: Run, params: Params) -> Tensor:
    """Indices (1, h, w), or vectors (1, D, h, w)."""
    grid, size = run.model.shape.grid, run.config.embedding_dim
    if not params.has("vectors"):
        codes = params.integers("indices", grid**2, len(encoded.codebook(run)))
        return torch.tensor(codes).view(1, grid, grid)
    vectors = params.numbers("vectors", grid**2 * size, MAX_ABS_VECTOR)
    return torch.tensor(vectors).view(1, grid, grid, size).permute(0, 3, 1, 2)


def _vector(run: Run, params: Params) -> Tensor:
    """z (1, Z), or (1, D, h, w) of a spatial latent."""
    grid, size = run.model.shape.grid, run.config.latent_dim
    shape = (size, grid, grid) if run.config.spatial else (size,)
    return torch.tensor(params.numbers("z", torch.Size(shape).numel(), MAX_ABS_Z)).view(1, *shape)
