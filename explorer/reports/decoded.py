"""Reconstructions of encoded images, and their errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.latent import EncodedSet
from explorer.metrics.reconstruction import mse, squared_error, ssim
from explorer.models import Autoencoder
from explorer.streams import stream

BATCH = 500


@dataclass(frozen=True)
class Decoded:
    """Errors of N reconstructions.

    Attributes:
        squared_error: (N,) SSE, unclipped.
        mse: (N,) clipped to [0, 1].
        ssim: (N,), empty if not asked for.
    """

    squared_error: Tensor
    mse: Tensor
    ssim: Tensor


@torch.no_grad()
def decode_and_compare(
    model: Autoencoder, images: Tensor, encoded: EncodedSet, *, sample: bool, with_ssim: bool = False, first: int = 0
) -> Decoded:
    """Decode the latents of uint8 `images` (N, C, H, W) and measure.

    Args:
        model: whose latents they are.
        images: the originals.
        encoded: `encode_images(model, images)`.
        sample: draw `z ~ q` (what a KL pays for) in place of the posterior mean; the same where nothing is drawn.
        with_ssim: SSIM too; by far the slowest part.
        first: number of the first block of `BATCH` images, where these are some of many; decides the noise.
    """
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    for pixels, y in zip(images.split(BATCH), decoded(model, encoded, sample=sample, first=first), strict=True):
        x = pixels.float() / 255
        parts.append((squared_error(x, y), mse(x, y), ssim(x, y) if with_ssim else torch.empty(0)))
    errors, mses, ssims = (torch.cat(column) for column in zip(*parts, strict=True))
    return Decoded(errors.double(), mses.double(), ssims)


@torch.no_grad()
def decoded(model: Autoencoder, encoded: EncodedSet, *, sample: bool, first: int = 0) -> Iterator[Tensor]:
    """Reconstructions from latents, unclipped, `BATCH` at a time; `sample` and `first` as in `decode_and_compare`."""
    latent = encoded.mean if encoded.indices is None else encoded.indices
    assert latent is not None
    for k, ids in enumerate(torch.arange(len(latent)).split(BATCH)):
        latents = _codes(encoded, ids, stream(0, "evaluation noise", first + k) if sample else None)
        yield model.decode(latents.to(model.device)).cpu()


def _codes(encoded: EncodedSet, ids: Tensor, generator: torch.Generator | None) -> Tensor:
    if encoded.indices is not None:
        return encoded.indices[ids]
    assert encoded.mean is not None
    z = encoded.mean[ids]
    if encoded.logvar is not None and generator is not None:
        z = z + (0.5 * encoded.logvar[ids]).exp() * torch.empty_like(z).normal_(generator=generator)
    return z
