"""Rate: how many bits a latent costs, which every figure of quality must be read beside."""

from __future__ import annotations

import math

import torch
from torch import Tensor

#: Added to every count of a histogram, so that a code unseen in training is not impossible in the test split.
SMOOTHING = 0.5


def kl_bits(kl_nats: Tensor) -> float:
    """Bits per image of a Gaussian latent: the mean KL to the prior over `ln 2`. `kl_nats`: (N,), summed over units."""
    return float(kl_nats.double().mean()) / math.log(2)


def uniform_bits(positions: int, num_embeddings: int) -> float:
    """Bits per image of a code grid under uniform codes: `P·log2 K`."""
    return positions * math.log2(num_embeddings)


def per_position_bits(
    train_indices: Tensor, test_indices: Tensor, num_embeddings: int, smoothing: float = SMOOTHING
) -> float:
    """Bits per image of test codes under one histogram for each position, fitted on training codes.

    A cross-entropy, so it may exceed `uniform_bits` when the splits differ. Indices: (N, h, w) or (N, P), integers.

    Args:
        train_indices: codes the histograms are counted on.
        test_indices: codes that are paid for.
        num_embeddings: K.
        smoothing: α, added to every count.
    """
    train, test = train_indices.flatten(1), test_indices.flatten(1)  # (N, P)
    positions = train.shape[1]
    cell = train + num_embeddings * torch.arange(positions)
    counts = torch.bincount(cell.flatten(), minlength=positions * num_embeddings).view(positions, num_embeddings)
    p = (counts + smoothing).double()
    log2_p = torch.log2(p / p.sum(1, keepdim=True))
    return -float(log2_p.gather(1, test.T).mean(1).sum())
