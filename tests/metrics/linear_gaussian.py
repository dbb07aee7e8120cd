"""A decoder whose evidence, posterior and bound are known: `f(z) = A z + b`, x ~ N(f(z), s²I), z ~ N(0, I)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class LinearGaussian:
    """Everything about one image, in closed form and in NumPy.

    Attributes:
        a, b: the decoder.
        s2: the likelihood's variance.
        image: (d,).
        mean, logvar: (2,) of a q that is not the true posterior.
    """

    a: Tensor
    b: Tensor
    s2: float
    image: Tensor
    mean: Tensor
    logvar: Tensor

    def decode(self, z: Tensor) -> Tensor:
        return z @ self.a.T + self.b

    @property
    def log_px(self) -> float:
        a, centred = self.a.double().numpy(), (self.image - self.b).double().numpy()
        covariance = a @ a.T + self.s2 * np.eye(len(a))
        _, log_det = np.linalg.slogdet(2 * np.pi * covariance)
        return float(-0.5 * (centred @ np.linalg.solve(covariance, centred) + log_det))

    @property
    def covariance(self) -> np.ndarray:
        """(2, 2) of the true posterior."""
        a = self.a.double().numpy()
        return np.asarray(np.linalg.inv(np.eye(2) + a.T @ a / self.s2))

    @property
    def kl(self) -> float:
        mu, logvar = self.mean.double().numpy(), self.logvar.double().numpy()
        return float(0.5 * (mu**2 + np.exp(logvar) - 1 - logvar).sum())

    @property
    def expected_log_likelihood(self) -> float:
        a, mu, sigma2 = self.a.double().numpy(), self.mean.double().numpy(), np.exp(self.logvar.double().numpy())
        centred = (self.image - self.b).double().numpy() - a @ mu
        expected_error = centred @ centred + (a**2 @ sigma2).sum()
        return float(-expected_error / (2 * self.s2) - len(a) / 2 * math.log(2 * math.pi * self.s2))

    @property
    def elbo(self) -> float:
        return self.expected_log_likelihood - self.kl


def linear_gaussian(seed: int, values: int = 30, s2: float = 0.02, scale: float = 1.0) -> LinearGaussian:
    """An image drawn from the model; q is off in place, width and correlation, as an encoder's is.

    With `scale` 1 the true posterior's σ are about .03; a small one makes it nearly the prior.
    """
    random = torch.Generator().manual_seed(seed)
    a = scale * torch.randn(values, 2, generator=random)
    a[:, 1] = 0.6 * a[:, 0] + 0.8 * a[:, 1]  # a correlated posterior, which no diagonal q can be
    b = torch.rand(values, generator=random)
    z = torch.randn(2, generator=random)
    image = a @ z + b + math.sqrt(s2) * torch.randn(values, generator=random)
    precision = torch.eye(2) + a.T @ a / s2
    mean = torch.linalg.solve(precision, a.T @ (image - b) / s2)
    sigma = precision.diagonal().rsqrt()
    off = 0.4 * sigma * torch.randn(2, generator=random)
    return LinearGaussian(a, b, s2, image, mean + off, (1.1 * sigma).log() * 2)
