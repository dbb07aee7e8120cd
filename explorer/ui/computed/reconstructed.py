"""Test images through a run, a few at a time: what the tab Reconstruct shows and measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from explorer.files.bounded_cache import newest
from explorer.latent.encode import EncodedSet, encode_images
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.strip import strip_images


@dataclass(frozen=True)
class Reconstructed:
    """N test images through one run.

    Attributes:
        originals: (N, C, H, W) float in [0, 1].
        pictures: (N, C, H, W), unclipped; a VAE decodes its posterior mean.
        latent: of the N images.
    """

    originals: Tensor
    pictures: Tensor
    latent: EncodedSet


def reconstructed(run_id: str, images: tuple[int, ...]) -> Reconstructed:
    """Test images, by id, through a run; remembered for a while."""
    return _reconstructed(run_id, catalog.run(run_id).weights_sha256, images)


@newest(64, 64e6)
@torch.no_grad()
def _reconstructed(run_id: str, weights_sha256: str, images: tuple[int, ...]) -> Reconstructed:  # noqa: ARG001
    run = catalog.run(run_id)
    pixels = encoded.test_images(run.config.data)[list(images)]
    latent = encode_images(run.model, pixels)
    codes = latent.indices if latent.indices is not None else cast(Tensor, latent.mean)
    return Reconstructed(pixels.float() / 255, run.model.decode(codes), latent)


def strip_latents(run_id: str) -> bytes:
    """Of each image of the strip: posterior mean or z as float32, a grid channels-last; or its codes as uint32."""
    latent = _of_strip(run_id).latent
    if latent.indices is not None:
        return latent.indices.numpy().astype("<u4").tobytes()
    return _channels_last(cast(Tensor, latent.mean)).numpy().astype("<f4").tobytes()


def strip_pixels(run_id: str) -> bytes:
    """The strip's images as the run gives them back, uint8 (N, H, W, C): for decoders too large for the browser."""
    pixels = (_of_strip(run_id).pictures.clamp(0, 1) * 255).round().to(torch.uint8)
    return _channels_last(pixels).numpy().tobytes()


def _of_strip(run_id: str) -> Reconstructed:
    return reconstructed(run_id, strip_images(catalog.run(run_id).config.data))


def _channels_last(values: Tensor) -> Tensor:
    return values.permute(0, 2, 3, 1).contiguous() if values.ndim == 4 else values
