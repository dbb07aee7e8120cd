"""The terms of every objective, each with its own name and no weight; weights are applied in one line of each model."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import torch
from torch import Tensor

from explorer.models.latents import GaussianLatent

#: Lowest variance of the likelihood: uniform rounding noise of an 8-bit grey value, (1/255)²/12.
VARIANCE_FLOOR = (1 / 255) ** 2 / 12


@dataclass(frozen=True)
class LossTerms:
    """Base of the loss terms: every field is a scalar tensor, unweighted, or None for a term that the run lacks."""

    def named(self) -> dict[str, Tensor]:
        """The terms that there are by name, in the order they are declared."""
        terms = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: term for name, term in terms.items() if term is not None}


@dataclass(frozen=True)
class AETerms(LossTerms):
    """`mse`: mean squared error over all values."""

    mse: Tensor


@dataclass(frozen=True)
class VAETerms(LossTerms):
    """Terms of the negative ELBO.

    Attributes:
        mse: mean squared error over all values of the batch, z ~ q.
        nll: `-log p(x|z)` in nats per image, under the batch's own optimal variance (σ-VAE, Rybkin et al. 2021).
        kl: `KL(q(z|x) ‖ N(0, I))` in nats, summed over latent units, mean over the batch.
        kl_paid: what the objective counts of it, if that is something else (free bits).
    """

    mse: Tensor
    nll: Tensor
    kl: Tensor
    kl_paid: Tensor | None = None


@dataclass(frozen=True)
class VQVAETerms(LossTerms):
    """Terms of van den Oord et al. 2017, eq. 3, as means over elements.

    Attributes:
        mse: mean squared error over all values.
        reconstruction: `mse` over the variance of the training data, without unit.
        codebook: `mean ‖sg[z_e] - e‖²`; moves the codebook under the gradient rule, only reported under EMA.
        commitment: `mean ‖z_e - sg[e]‖²`; moves the encoder.
        regularization: of the regularizer, if there is one.
    """

    mse: Tensor
    reconstruction: Tensor
    codebook: Tensor
    commitment: Tensor
    regularization: Tensor | None = None


def gaussian_kl(latent: GaussianLatent) -> Tensor:
    """`KL(q(z|x) ‖ N(0, I))` of each unit: `½(μ² + σ² - 1 - log σ²)`, nats, same shape as `latent.mean`.

    The loss sums it over units (all channels and positions of a spatial latent) and averages over the batch
    (Kingma & Welling 2014, appendix B).
    """
    return 0.5 * (latent.mean.square() + latent.logvar.exp() - 1 - latent.logvar)


def optimal_variance_nll(mse: Tensor, values: int) -> Tensor:
    """`-log p(x|z)` per image, in nats, of a Gaussian whose shared variance is the batch's own MSE.

    With `s² = MSE`, `SSE/(2s²) + (d/2)·log(2πs²)` is `(d/2)·(1 + log(2π·MSE))`: its gradient weighs the error by the
    best variance, so that β = 1 means β = 1 (Rybkin, Daniilidis & Levine 2021, eq. 6).

    Args:
        mse: mean squared error over the batch.
        values: d = C·H·W.
    """
    return 0.5 * values * (1 + torch.log(2 * math.pi * mse.clamp_min(VARIANCE_FLOOR)))


def gaussian_nll(squared_error: Tensor, values: int, variance: float) -> Tensor:
    """`-log p(x|z) = SSE/(2s²) + (d/2)·log(2πs²)` in nats, for the fixed variance `s²` of a finished run.

    Args:
        squared_error: SSE of each image, any shape.
        values: d = C·H·W.
        variance: s², at least `VARIANCE_FLOOR`.
    """
    return squared_error / (2 * variance) + 0.5 * values * math.log(2 * math.pi * variance)
