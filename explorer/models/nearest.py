"""Nearest code vector, without ever holding the whole N x K matrix of distances."""

from __future__ import annotations

import torch
from torch import Tensor

BLOCK_ELEMENTS = 1 << 20  # scores held at a time: 4 MB in float32


@torch.no_grad()
def nearest(vectors: Tensor, codebook: Tensor) -> Tensor:
    """The index of the nearest code for every vector, `argmin_k ||z - e_k||^2`; of equal codes the lowest index.

    Args:
        vectors: (N, D) floating point.
        codebook: (K, D), same dtype and device.

    Returns:
        (N,) int64.
    """
    codes = codebook.t().contiguous()  # (D, K)
    bias = codebook.square().sum(1).mul_(-0.5)  # (K,): argmin of the distance is argmax of z.e - |e|^2 / 2
    rows = max(1, BLOCK_ELEMENTS // len(codebook))
    best = [torch.addmm(bias, block, codes).max(1).indices for block in vectors.split(rows)]
    return torch.cat(best) if best else vectors.new_empty(0, dtype=torch.int64)
