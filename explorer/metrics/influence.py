"""Who answers when one number of a latent changes: which pixels, how many, and which ones could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Field:
    """The pixels that a cell of a latent grid can reach, along one axis: `step·c - before` to `step·c + after`.

    They are the theoretical receptive field, seen from the latent: outside of it nothing can change, inside of it most
    pixels hardly do.
    """

    step: int
    before: int
    after: int


@dataclass(frozen=True)
class Kernel:
    """A convolution along one axis; a transposed one spreads each input over `size` outputs, `stride` apart."""

    size: int
    stride: int = 1
    padding: int = 0
    transposed: bool = False


def reach(kernels: Iterable[Kernel]) -> Field:
    """How far one input is heard through a chain of convolutions, by interval arithmetic.

    A plain convolution must have stride 1: decoders go up, not down.
    """
    step, before, after = 1, 0, 0
    for kernel in kernels:
        if kernel.transposed:  # input i reaches outputs stride·i - padding + t for t < size
            step, before = kernel.stride * step, kernel.stride * before + kernel.padding
            after = kernel.stride * after - kernel.padding + kernel.size - 1
        else:  # output o hears inputs o - padding + t
            before, after = before + kernel.size - 1 - kernel.padding, after + kernel.padding
    return Field(step, before, after)


def change(before: Tensor, after: Tensor) -> Tensor:
    """`|Δ|` of two batches of images as they are seen, clipped to [0, 1]: (N, C, H, W) each -> (N, H, W).

    The mean over channels: a pixel counts once, whatever its colours.
    """
    return (after.clamp(0, 1) - before.clamp(0, 1)).abs().mean(1)


def footprint(changed: Tensor) -> Tensor:
    """`(Σ|Δ|)² / (P_pix·ΣΔ²)` of each map, (N, H, W) -> (N,), in [1/P_pix, 1].

    The share of the picture that answers: 1 if every pixel changes by the same amount, 1/P_pix if a single one does,
    and m/P_pix if m pixels change alike. It knows nothing of how strong the change is. NaN where nothing changes.
    """
    flat = changed.flatten(1).double()
    return flat.sum(1).square() / (flat.shape[1] * flat.square().sum(1))


@dataclass(frozen=True)
class Answering:
    """Changes of many images to one move of their latents.

    Attributes:
        footprint: mean over the images that changed at all; NaN if none did.
        spread: standard deviation over them.
        n: how many changed.
        mean: (H, W) mean `|Δ|` over all images.
    """

    footprint: float
    spread: float
    n: int
    mean: Tensor


def answering(changed: Tensor) -> Answering:
    """Summarise maps (N, H, W)."""
    shares = footprint(changed)
    shares = shares[~torch.isnan(shares)]
    return Answering(
        footprint=float(shares.mean()),
        spread=float(shares.std(correction=0)) if len(shares) else float("nan"),
        n=len(shares),
        mean=changed.mean(0),
    )
