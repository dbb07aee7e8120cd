"""Pictures as PNG: one, or many in one sheet."""

from __future__ import annotations

import io

import torch
from PIL import Image
from torch import Tensor


def png(pixels: Tensor, *, optimize: bool = True) -> bytes:
    """A PNG of uint8 pixels (C, H, W), C = 1 or 3. `optimize` takes longer and makes it smaller."""
    array = pixels.permute(1, 2, 0).numpy()
    buffer = io.BytesIO()
    Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array).save(buffer, "PNG", optimize=optimize)
    return buffer.getvalue()


def sheet(images: Tensor, columns: int) -> Tensor:
    """Images (n, C, H, W) row by row in one picture (C, rows·H, columns·W); what is left of the last row is 0."""
    padded = torch.cat([images, images.new_zeros(-len(images) % columns, *images.shape[1:])])
    return padded.unflatten(0, (-1, columns)).permute(2, 0, 3, 1, 4).flatten(3).flatten(1, 2)
