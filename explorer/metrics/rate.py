"""Rate: how many bits a latent costs, which every figure of quality must be read beside."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

#: How much of a prior was learned: nothing; each position by itself; all of it. Only rates of one rung are comparable.
RUNGS = ("fixed", "simple", "learned")
#: Added to every count of a histogram, so that a code unseen in training is not impossible in the test split.
SMOOTHING = 0.5


@dataclass(frozen=True)
class Rate:
    """What a latent costs under one prior.

    Attributes:
        bits: mean per image.
        error: standard error of that mean over images.
    """

    bits: float
    error: float


def rate_of(nats: Tensor) -> Rate:
    """From what each image costs, (N,) nats."""
    bits = nats.double() / math.log(2)
    return Rate(float(bits.mean()), float(bits.std() / math.sqrt(len(bits))) if len(bits) > 1 else math.nan)


def latent_nats(kl_nats: Tensor, log_prior: Tensor, z: Tensor) -> Tensor:
    """What each image's z ~ q costs under a prior p, E_q[log q(z|x) − log p(z)], in nats, (N,) float64.

    Estimated as `KL(q ‖ N(0, I)) − [log p(z) − log N(z; 0, I)]` with one draw: the first part is exact, and the second
    depends far less on the draw than log q does.

    Args:
        kl_nats: (N,), KL to N(0, I), summed over units.
        log_prior: (N,), log p(z) in nats.
        z: (N, Z), the draws.
    """
    normal = -0.5 * (z.double().square() + math.log(2 * math.pi)).sum(1)
    return kl_nats.double() - (log_prior.double() - normal)


def kl_bits(kl_nats: Tensor) -> float:
    """Bits per image of a Gaussian latent: the mean KL to the prior over `ln 2`. `kl_nats`: (N,), summed over units."""
    return float(kl_nats.double().mean()) / math.log(2)


def uniform_bits(positions: int, num_embeddings: int) -> float:
    """Bits per image of a code grid under uniform codes: `P·log2 K`."""
    return positions * math.log2(num_embeddings)


def per_position_nats(
    train_indices: Tensor, test_indices: Tensor, num_embeddings: int, smoothing: float = SMOOTHING
) -> Tensor:
    """Nats of each image's test codes under one histogram for each position, fitted on training codes, (N,) float64.

    A cross-entropy, so its mean may exceed `uniform_bits` when the splits differ. Indices: (N, h, w) or (N, P),
    integers.

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
    log_p = torch.log(p / p.sum(1, keepdim=True))
    return -log_p.gather(1, test.T).sum(0)
