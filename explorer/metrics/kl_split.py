"""What a VAE's KL is made of (ELBO surgery; Hoffman & Johnson 2016)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.metrics.holes import aggregate_log_density


@dataclass(frozen=True)
class KlSplit:
    """`mean KL(q(z|x) ‖ p(z)) = I(x; z) + KL(q(z) ‖ p(z))`, nats; q(z) is the mean of N posteriors.

    For few units only, and read with N: the information saturates at `ln N`.

    Attributes:
        kl: mean over images, exact.
        information: I(x; z), what a z tells of which image it came from.
        mismatch: KL(q(z) ‖ p(z)), what the aggregate posterior is off the prior by.
        standard_error: of both parts, over draws of z.
        images: N.
    """

    kl: float
    information: float
    mismatch: float
    standard_error: float
    images: int


def kl_split(mean: Tensor, logvar: Tensor, generator: torch.Generator) -> KlSplit:
    """One z ~ q(z|x_i) for each of N posteriors (N, Z), weighed against all of them."""
    sigma = (0.5 * logvar).exp()
    z = mean + sigma * torch.empty_like(mean).normal_(generator=generator)
    log_prior = -0.5 * (z.double().square() + math.log(2 * math.pi)).sum(1)
    gaps = aggregate_log_density(z, mean, logvar) - log_prior
    kl = float((0.5 * (mean.square() + logvar.exp() - 1 - logvar)).double().sum(1).mean())
    mismatch = float(gaps.mean())
    return KlSplit(kl, kl - mismatch, mismatch, float(gaps.std()) / math.sqrt(len(gaps)), len(gaps))
