"""What each code draws: among the codes that usually surround it, and on average where it was used."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import unfold

BATCH = 250


def commonest_neighbours(indices: Tensor, num_embeddings: int) -> Tensor:
    """(K, h, w): grids with code k in the middle and, elsewhere, the code that stands most often that far from k.

    The middle is (h // 2, w // 2).
    Where none was ever seen at that distance, as for a dead code or one that only lives at an edge, the commonest code
    of that place of the grid.

    Args:
        indices: (N, h, w) of many images.
        num_embeddings: K.
    """
    _, h, w = indices.shape
    usual = indices.mode(0).values  # (h, w)
    grids = usual.repeat(num_embeddings, 1, 1)
    for y in range(h):
        for x in range(w):
            here, there = _pairs(indices, y - h // 2, x - w // 2)
            joint = torch.bincount(here * num_embeddings + there, minlength=num_embeddings**2)
            most, code = joint.view(num_embeddings, num_embeddings).max(1)
            grids[:, y, x] = torch.where(most > 0, code, usual[y, x])
    grids[:, h // 2, w // 2] = torch.arange(num_embeddings)
    return grids


def _pairs(indices: Tensor, dy: int, dx: int) -> tuple[Tensor, Tensor]:
    """All pairs of codes (dy, dx) apart, within the same grid."""
    _, h, w = indices.shape
    here = indices[:, max(0, -dy) : h - max(0, dy), max(0, -dx) : w - max(0, dx)]
    there = indices[:, max(0, dy) : h - max(0, -dy), max(0, dx) : w - max(0, -dx)]
    return here.flatten(), there.flatten()


def mean_patches(images: Tensor, indices: Tensor, num_embeddings: int) -> Tensor:
    """(K, C, 3s, 3s) in [0, 1]: the mean of the pixels around every cell that fell to code k, one cell to each side.

    s is the cell's size, image over grid. At the picture's edge only pixels that exist are averaged; what no image ever
    showed, as for a dead code, is NaN.

    Args:
        images: uint8 (N, C, H, W).
        indices: (N, h, w).
        num_embeddings: K.
    """
    channels, height = images.shape[1:3]
    size = height // indices.shape[1]
    window = {"kernel_size": 3 * size, "stride": size, "padding": size}
    sums = torch.zeros(num_embeddings, channels * 9 * size * size)
    for pixels, codes in zip(images.split(BATCH), indices.split(BATCH), strict=True):
        patches = unfold(pixels.float() / 255, **window).transpose(1, 2).flatten(0, 1)  # (B·P, C·9s²)
        sums.index_add_(0, codes.flatten(), patches)
    seen = _hits_by_cell(indices, num_embeddings) @ unfold(torch.ones(1, 1, height, height), **window)[0].T
    return sums.view(num_embeddings, channels, 3 * size, 3 * size) / seen.view(num_embeddings, 1, 3 * size, 3 * size)


def _hits_by_cell(indices: Tensor, num_embeddings: int) -> Tensor:
    """(K, P) float: how often code k stood at cell p."""
    flat = indices.flatten(1)
    cells = flat.shape[1]
    joint = torch.bincount((flat * cells + torch.arange(cells)).flatten(), minlength=num_embeddings * cells)
    return joint.view(num_embeddings, cells).float()
