"""Rows of pictures from one image to another: through a latent, and as a plain cross-fade of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.latent.encode import latent_to_decode
from explorer.models import VQVAE, Autoencoder

#: Pictures of a row, the ends included; odd, so that one is half way.
PICTURES = 9


@dataclass(frozen=True)
class Row:
    """S pictures from one image to the other.

    Attributes:
        pictures: (S, C, H, W), as the model decodes them, unclipped.
        latents: (S, Z) or (S, D, h, w), where each lies; a VQ-VAE's are encoder outputs, not quantised yet.
        indices: (S, h, w) int64, the codes of a VQ-VAE as `EncodedSet` has them; None for the others.
    """

    pictures: Tensor
    latents: Tensor
    indices: Tensor | None = None


@torch.no_grad()
def interpolate(model: Autoencoder, pair: Tensor, count: int = PICTURES) -> Row:
    """From one image to another in even steps of a model's latent.

    An AE's `z` and a VAE's posterior mean go straight from end to end; a VQ-VAE's encoder output does so at each
    position by itself, and is then quantised. So both ends are the model's own reconstructions.

    Args:
        model: in eval mode.
        pair: (2, C, H, W) float in [0, 1].
        count: pictures, at least 2.
    """
    x = pair.contiguous(memory_format=torch.channels_last)
    if isinstance(model, VQVAE):
        z_e = _straight(model.encode(x).z_e, count)
        indices = model.quantizer.joint(model.quantizer.nearest(z_e))
        return Row(model.decode(indices), z_e, indices)
    z = _straight(latent_to_decode(model.encode(x)), count)
    return Row(model.decode(z), z)


@torch.no_grad()
def half_way(model: Autoencoder, one: Tensor, other: Tensor) -> Tensor:
    """Of many pairs at once what `interpolate` has of one with three pictures: the ends and what is half way.

    Args:
        model: in eval mode.
        one, other: (N, C, H, W) float in [0, 1].

    Returns:
        (3, N, C, H, W), as the model decodes them, unclipped.
    """
    ends = [x.contiguous(memory_format=torch.channels_last) for x in (one, other)]
    if isinstance(model, VQVAE):
        a, b = (model.encode(x).z_e for x in ends)
        stages = [model.quantizer.joint(model.quantizer.nearest(z_e)) for z_e in (a, (a + b) / 2, b)]
    else:
        a, b = (latent_to_decode(model.encode(x)) for x in ends)
        stages = [a, (a + b) / 2, b]
    return torch.stack([model.decode(stage) for stage in stages])


def cross_fade(pair: Tensor, count: int = PICTURES) -> Tensor:
    """Pixels mixed in even steps: (count, C, H, W). What any model's row is held against.

    Args:
        pair: (2, C, H, W) float in [0, 1].
        count: pictures, at least 2.
    """
    return _straight(pair, count)


def _straight(pair: Tensor, count: int) -> Tensor:
    share = torch.linspace(0, 1, count).view(-1, *[1] * (pair.ndim - 1))
    return (1 - share) * pair[:1] + share * pair[1:]
