"""Priors over latent vectors: what a VAE promises, what it keeps, and what can be fitted to either afterwards."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from explorer.models.prior.space import LatentSpace
from explorer.streams import stream_seed

#: Components of a mixture, as in Ghosh et al. 2020 ("From Variational to Deterministic Autoencoders", 5.1).
COMPONENTS = 10


class LatentPrior(ABC):
    """A density over latent vectors of Z numbers, to be sampled from and decoded."""

    kind: ClassVar[str]

    @abstractmethod
    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """`n` latents, (n, Z) float32; the first rows are the same for every `n`."""

    @abstractmethod
    def log_prob(self, z: Tensor) -> Tensor:
        """Log density of (N, Z) in nats, (N,) float64."""

    def tensors(self) -> dict[str, Tensor]:
        """What was fitted, float32; enough to build the prior again."""
        return {}


class StandardNormal(LatentPrior):
    """N(0, I): the prior a VAE was trained with."""

    kind = "normal"

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """See `LatentPrior.sample`."""
        return normal_noise(n, self.dim, generator)

    def log_prob(self, z: Tensor) -> Tensor:
        """See `LatentPrior.log_prob`."""
        return -0.5 * (z.double().square() + math.log(2 * math.pi)).sum(1)


class OwnSpread(LatentPrior):
    """A normal of each unit's own mean and spread: what N(0, I) would be to an autoencoder without a prior.

    Args:
        mean: (Z,) of the training latents.
        spread: (Z,) their standard deviation.
    """

    kind = "own_spread"

    def __init__(self, mean: Tensor, spread: Tensor) -> None:
        self.mean, self.spread = mean.float(), spread.float()

    @classmethod
    def fit(cls, z: Tensor) -> OwnSpread:
        """From training latents (N, Z)."""
        return cls(z.double().mean(0), z.double().std(0, unbiased=False))

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """See `LatentPrior.sample`."""
        return self.mean + self.spread * normal_noise(n, len(self.mean), generator)

    def log_prob(self, z: Tensor) -> Tensor:
        """See `LatentPrior.log_prob`."""
        standard = (z.double() - self.mean) / self.spread
        return StandardNormal(len(self.mean)).log_prob(standard) - self.spread.double().log().sum()

    def tensors(self) -> dict[str, Tensor]:
        """See `LatentPrior.tensors`."""
        return {"mean": self.mean, "spread": self.spread}


class PositionGaussians(LatentPrior):
    """One full Gaussian for each position of a grid, independent of the others; of one vector one over all of it.

    What a histogram for each position is to codes: it knows where things are, not what goes with what.

    Args:
        space: the grids it is over.
        means: (P, D).
        factors: (P, D, D) lower Cholesky factors of the covariances.
    """

    kind = "simple"

    def __init__(self, space: LatentSpace, means: Tensor, factors: Tensor) -> None:
        self.space, self.means, self.factors = space, means.float(), factors.float()

    @classmethod
    def fit(cls, space: LatentSpace, mean: Tensor, logvar: Tensor) -> PositionGaussians:
        """Of z ~ q, from the posteriors N(mean, diag exp(logvar)) of N training images, (N, D, h, w) or (N, Z).

        Mean and covariance of the aggregate posterior are known without a draw: Cov(mean) + diag E[exp(logvar)].
        """
        centres = space.by_position(mean.flatten(1).double())
        means = centres.mean(0)
        offsets = centres - means
        within = space.by_position(logvar.flatten(1).double().exp()).mean(0)
        covariances = torch.einsum("npi,npj->pij", offsets, offsets) / len(offsets) + torch.diag_embed(within)
        return cls(space, means, torch.linalg.cholesky(covariances))

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """See `LatentPrior.sample`."""
        noise = normal_noise(n, self.space.numbers, generator).view(n, self.space.positions, self.space.dim)
        return self.space.flat(self.means + torch.einsum("pij,npj->npi", self.factors, noise))

    def log_prob(self, z: Tensor) -> Tensor:
        """See `LatentPrior.log_prob`."""
        factors = self.factors.double()
        offsets = (self.space.by_position(z.double()) - self.means.double()).permute(1, 2, 0)  # (P, D, N)
        standard = torch.linalg.solve_triangular(factors, offsets, upper=False)
        log_det = factors.diagonal(dim1=1, dim2=2).log().sum()
        return -0.5 * (standard.square() + math.log(2 * math.pi)).sum((0, 1)) - log_det

    def tensors(self) -> dict[str, Tensor]:
        """See `LatentPrior.tensors`."""
        return {"means": self.means, "factors": self.factors}


class GaussianMixture(LatentPrior):
    """A mixture of full Gaussians.

    Args:
        weights: (M,), sum 1.
        means: (M, Z).
        factors: (M, Z, Z) lower Cholesky factors of the covariances.
    """

    kind = "mixture"

    def __init__(self, weights: Tensor, means: Tensor, factors: Tensor) -> None:
        self.weights, self.means, self.factors = weights.float(), means.float(), factors.float()

    @classmethod
    def fit(cls, z: Tensor, components: int = COMPONENTS, seed: int = 0) -> GaussianMixture:
        """By expectation maximisation (scikit-learn) on training latents (N, Z), for a VAE drawn from q(z|x)."""
        from sklearn.mixture import GaussianMixture as Mixture

        state = stream_seed(seed, "mixture") % 2**32
        fitted = Mixture(min(components, len(z)), reg_covar=1e-5, random_state=state).fit(z.double().numpy())
        factors = torch.linalg.cholesky(torch.from_numpy(fitted.covariances_))
        return cls(torch.from_numpy(fitted.weights_), torch.from_numpy(fitted.means_), factors)

    def parameters(self) -> int:
        """Free numbers: M weights that sum to 1, means, and symmetric covariances."""
        m, z = self.means.shape
        return m - 1 + m * z + m * z * (z + 1) // 2

    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """See `LatentPrior.sample`."""
        noise = normal_noise(n, self.means.shape[1] + 1, generator)
        chosen = pick(self.weights.double().expand(n, -1), noise[:, 0])
        return self.means[chosen] + (self.factors[chosen] @ noise[:, 1:, None])[..., 0]

    def log_prob(self, z: Tensor) -> Tensor:
        """See `LatentPrior.log_prob`."""
        factors = self.factors.double()
        offsets = (z.double()[None] - self.means.double()[:, None]).transpose(1, 2)  # (M, Z, N)
        standard = torch.linalg.solve_triangular(factors, offsets, upper=False)
        log_det = factors.diagonal(dim1=1, dim2=2).log().sum(1)
        normal = -0.5 * (standard.square() + math.log(2 * math.pi)).sum(1) - log_det[:, None]
        return torch.logsumexp(normal + self.weights.double().log()[:, None], dim=0)

    def tensors(self) -> dict[str, Tensor]:
        """See `LatentPrior.tensors`."""
        return {"weights": self.weights, "means": self.means, "factors": self.factors}


def normal_noise(n: int, dim: int, generator: torch.Generator) -> Tensor:
    """(n, dim) ~ N(0, 1), the first rows equal for every n: torch fills tensors of under 16 numbers in another way."""
    return torch.randn(n + 16, dim, generator=generator)[:n]


def pick(weights: Tensor, noise: Tensor) -> Tensor:
    """The component (N,) that one number of N(0, 1) each picks; `weights` (N, M) float64."""
    share = 0.5 * (1 + torch.erf(noise.double() / math.sqrt(2)))
    running = weights.cumsum(1)
    return torch.searchsorted(running, share[:, None] * running[:, -1:], right=True)[:, 0].clamp_max(
        weights.shape[1] - 1
    )
