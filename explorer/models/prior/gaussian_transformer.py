"""The learned prior over a grid of continuous latents: the codes' transformer with Gaussians in place of a softmax."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from explorer.models.prior.latent import COMPONENTS, normal_noise, pick
from explorer.models.prior.latent_trained import TrainedLatentPrior, bounded, standard_log_density
from explorer.models.prior.space import LatentSpace
from explorer.models.prior.transformer import EXPANSION, Cache, CausalTrunk

#: Of log scale: a component is at least e^-7 wide, far below a posterior.
MOST_LOG_SCALE = 7.0
SAMPLED_AT_ONCE = 250


class GaussianTransformer(CausalTrunk, TrainedLatentPrior):
    """`p(z) = Π_j p(z_j | z_0 … z_{j-1}, label)`, positions row by row, each a mixture of full Gaussians.

    Trunk and order are `CausalTransformer`'s. Instead of a table it reads with a two-layer network, and instead of K
    logits it says M weights, means and precision factors A with p_m(z) = N(A_m (z − mean_m); 0, I)·det A_m
    (a mixture density network, Bishop 1994).

    Args:
        space: the grids it is over.
        width: numbers for each position.
        layers: blocks.
        heads: of each attention.
        dropout: in training only.
        components: M.
        generator: of the first weights.
    """

    kind = "gaussian_transformer"

    def __init__(
        self,
        space: LatentSpace,
        width: int = 64,
        layers: int = 3,
        heads: int = 4,
        dropout: float = 0.0,
        components: int = COMPONENTS,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(space)
        self.read = nn.Sequential(
            nn.Linear(space.dim, EXPANSION * width), nn.GELU(), nn.Linear(EXPANSION * width, width)
        )
        for layer in self.read:
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=generator)
                nn.init.uniform_(layer.bias, -1, 1, generator=generator)
        self.add_trunk(space.positions, space.num_classes, width, layers, heads, dropout, generator)
        self.head = MixtureHead(width, space.dim, components, generator)

    def sizes(self) -> dict[str, Any]:
        """See `TrainedLatentPrior.sizes`."""
        return self.trunk_sizes() | {"components": self.head.components}

    def numbers_each(self) -> int:
        """See `TrainedLatentPrior.numbers_each`."""
        return self.space.positions * (self.head.components * self.space.dim**2 + 10 * self.width)

    def log_density(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `TrainedLatentPrior.log_density`; one pass over the whole grid."""
        grids = self.space.by_position(z)
        return self.head.log_density(self.follow(self.read(grids[:, :-1]), labels), grids).sum(1)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator, labels: Tensor | None = None) -> Tensor:
        """See `LatentPrior.sample`; `labels` (n,) where it is asked for classes."""
        shape = (self.space.positions, self.space.dim + 1)
        noise = normal_noise(n, shape[0] * shape[1], generator).view(n, *shape)
        starts = range(0, n, SAMPLED_AT_ONCE)
        blocks = [slice(k, k + SAMPLED_AT_ONCE) for k in starts]
        parts = [self._written(noise[block], None if labels is None else labels[block]) for block in blocks]
        return torch.cat([torch.empty(0, self.space.numbers), *parts])

    def _written(self, noise: Tensor, labels: Tensor | None) -> Tensor:
        """Latents (B, Z) of noise (B, P, D + 1), position by position, with keys and values remembered."""
        caches = [Cache(self.space.positions) for _ in self.blocks]
        columns: list[Tensor] = []
        for j in range(self.space.positions):
            last = columns[-1][:, None] if columns else noise.new_empty(len(noise), 0, self.space.dim)
            columns.append(self.head.draw(self.follow_on(self.read(last), caches, labels), noise[:, j]))
        return self.space.flat(torch.stack(columns, dim=1))


class MixtureHead(nn.Module):
    """M full Gaussians of D numbers from a hidden vector; exactly N(0, I) until the gains leave zero.

    The weights behind the gains are random from the first step: M components that began equal in everything would get
    equal gradients and stay one (the gains are ReZero's; Bachlechner et al. 2021).

    Args:
        width: of the hidden vector.
        dim: D.
        components: M.
        generator: of the first weights.
    """

    def __init__(self, width: int, dim: int, components: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.dim, self.components = dim, components
        self.parts = (1, dim, dim, dim * (dim - 1) // 2)
        outputs = components * sum(self.parts)
        self.linear = nn.Linear(width, outputs)
        self.gain = nn.Parameter(torch.zeros(outputs))
        nn.init.normal_(self.linear.weight, std=width**-0.5, generator=generator)
        nn.init.normal_(self.linear.bias, generator=generator)

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(…, width) to log weights (…, M), means (…, M, D), precision factors (…, M, D, D), lower triangular."""
        raw = (self.gain * self.linear(h)).unflatten(-1, (self.components, -1))
        weight, mean, scale, below = raw.split(self.parts, dim=-1)
        factor = torch.diag_embed(bounded(scale, MOST_LOG_SCALE).exp())
        if self.dim > 1:
            lower = torch.zeros_like(factor)
            row, column = torch.tril_indices(self.dim, self.dim, -1)
            lower[..., row, column] = below
            factor = factor + lower
        return torch.log_softmax(weight[..., 0], dim=-1), mean, factor

    def log_density(self, h: Tensor, z: Tensor) -> Tensor:
        """Of z (…, D) given h (…, width), nats, (…)."""
        log_weight, mean, factor = self(h)
        u = (factor * (z[..., None, :] - mean)[..., None, :]).sum(-1)  # (…, M, D)
        log_det = factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        return torch.logsumexp(log_weight + standard_log_density(u) + log_det, dim=-1)

    def draw(self, h: Tensor, noise: Tensor) -> Tensor:
        """(B, D) from noise (B, D + 1) ~ N(0, I): its first number picks the component."""
        log_weight, mean, factor = self(h)
        rows = torch.arange(len(h))
        chosen = pick(log_weight.double().exp(), noise[:, 0])
        offset = torch.linalg.solve_triangular(factor[rows, chosen], noise[:, 1:, None], upper=False)
        return mean[rows, chosen] + offset[..., 0]
