"""Move one unit of a latent, or exchange one code, and see which pixels answer."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from explorer.metrics.influence import Field, Kernel, change, reach
from explorer.models import Autoencoder
from explorer.models.trunk import Decoder

BATCH = 250


def decoder_field(decoder: Decoder) -> Field:
    """The pixels that a cell of the grid at the decoder's entrance can reach.

    A residual step hears no farther than the convolution within it.
    """
    return reach(_kernel(layer) for layer in (decoder.enter, decoder.mix, decoder.up1, decoder.up2))


def _kernel(layer: nn.Conv2d | nn.ConvTranspose2d) -> Kernel:
    return Kernel(
        size=layer.kernel_size[0],
        stride=layer.stride[0],
        padding=int(layer.padding[0]),
        transposed=isinstance(layer, nn.ConvTranspose2d),
    )


def move_unit(model: Autoencoder, latents: Tensor, unit: tuple[int, ...], amount: float) -> Tensor:
    """`|Δ|` of each picture, (N, H, W), when one unit moves by `amount`.

    Args:
        model: an AE or a VAE.
        latents: (N, Z) or (N, D, h, w), for instance posterior means.
        unit: its index in one latent.
        amount: for instance one standard deviation of this unit over the test set.
    """
    moved = latents.clone()
    moved.movedim(0, -1)[unit] += amount  # a view: all images at once
    return _changes(model, latents, moved)


def exchange_code(model: Autoencoder, indices: Tensor, cells: Tensor, codes: Tensor) -> Tensor:
    """`|Δ|` of each picture, (N, H, W), when the code at one cell becomes another.

    Args:
        model: a VQ-VAE.
        indices: (N, h, w).
        cells: (N,) which cell of each image, row by row.
        codes: (N,) what stands there afterwards.
    """
    changed = indices.flatten(1).clone()
    changed[torch.arange(len(changed)), cells] = codes
    return _changes(model, indices, changed.view_as(indices))


def other_codes(present: Tensor, hits: Tensor, generator: torch.Generator) -> Tensor:
    """For each code of `present` (N,) another one, drawn by use: with a chance in proportion to `hits` (K,).

    Where no other code is ever used, any other is drawn; with a single code in the book, that one.
    """
    ends = hits.cumsum(0)
    own = hits[present]
    rest = ends[-1] - own  # hits of all others: one of them is drawn, and the code it belongs to is the answer
    drawn = (torch.rand(len(present), generator=generator, dtype=torch.float64) * rest).long()
    drawn += own * (drawn >= ends[present] - own)
    others = torch.randint(1, max(2, len(hits)), present.shape, generator=generator)
    return torch.where(rest > 0, torch.searchsorted(ends, drawn, right=True), (present + others) % len(hits))


@torch.no_grad()
def _changes(model: Autoencoder, before: Tensor, after: Tensor) -> Tensor:
    parts = zip(before.split(BATCH), after.split(BATCH), strict=True)
    return torch.cat([change(model.decode(b), model.decode(a)) for b, a in parts])
