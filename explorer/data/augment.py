"""Light augmentation for training: small shifts and mirror images."""

from __future__ import annotations

import torch
from torch import Tensor

MAX_SHIFT = 2  # pixels, each way


def augment(images: Tensor, generator: torch.Generator, *, first: int = 0, of: int | None = None) -> Tensor:
    """Each picture shifted by up to 2 pixels each way, the edge repeated, and mirrored left to right with p = 1/2.

    Args:
        images: (B, C, H, W), uint8; left as it is.
        generator: where all randomness comes from; three draws per picture, in a fixed order.
        first: place of `images` in a larger batch, whose pictures would be drawn for alike.
        of: size of that batch; None for B.

    Returns:
        A new tensor of the same shape, type and device.
    """
    B, _, H, W = images.shape
    drawn = B if of is None else of
    mine = slice(first, first + B)
    dy, dx = torch.randint(-MAX_SHIFT, MAX_SHIFT + 1, (2, drawn, 1), generator=generator, device=generator.device)
    flip = torch.rand((drawn, 1), generator=generator, device=generator.device) < 0.5
    dy, dx, flip = dy[mine], dx[mine], flip[mine]
    rows = (torch.arange(H, device=generator.device) + dy).clamp(0, H - 1)  # (B, H): the row each output row reads
    columns = (torch.arange(W, device=generator.device) + dx).clamp(0, W - 1)
    columns = torch.where(flip, W - 1 - columns, columns)
    sources = (rows[:, :, None] * W + columns[:, None, :]).flatten(1).to(images.device)  # (B, H·W)
    return images.flatten(2).gather(2, sources[:, None].expand(-1, images.shape[1], -1)).view_as(images)
