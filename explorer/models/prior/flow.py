"""A small normalizing flow: the other candidate for the learned prior of a VAE with one vector."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from explorer.models.prior.latent import normal_noise
from explorer.models.prior.latent_trained import TrainedLatentPrior, bounded, standard_log_density
from explorer.models.prior.space import LatentSpace

#: Of the log scale of one layer.
MOST_LOG_SCALE = 5.0


class MaskedFlow(TrainedLatentPrior):
    """Masked autoregressive flow (Papamakarios et al. 2017, eq. 3): layers of `u_i = (x_i − m_i)·exp(−s_i)`.

    m_i and s_i depend on x_1 … x_{i−1}. Each layer reads the numbers in the opposite order of the one before. It knows
    no labels.

    Args:
        space: of one position.
        layers: of the flow.
        hidden: units of each layer's network.
        generator: of the first weights.
    """

    kind = "flow"

    def __init__(
        self, space: LatentSpace, layers: int = 5, hidden: int = 128, *, generator: torch.Generator | None = None
    ) -> None:
        super().__init__(space)
        self.hidden = hidden
        self.layers = nn.ModuleList(MaskedLayer(space.numbers, hidden, generator) for _ in range(layers))

    def sizes(self) -> dict[str, Any]:
        """See `TrainedLatentPrior.sizes`."""
        return {"layers": len(self.layers), "hidden": self.hidden}

    def numbers_each(self) -> int:
        """See `TrainedLatentPrior.numbers_each`."""
        return 10 * (self.hidden + self.space.numbers)

    def log_density(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `TrainedLatentPrior.log_density`."""
        log_det = z.new_zeros(len(z))
        for layer in self.layers:
            mean, log_scale = layer(z)
            z = ((z - mean) * (-log_scale).exp()).flip(1)
            log_det = log_det - log_scale.sum(1)
        return standard_log_density(z) + log_det

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator) -> Tensor:
        """See `LatentPrior.sample`; one pass a number and layer."""
        z = normal_noise(n, self.space.numbers, generator)
        for layer in reversed(self.layers):
            u, z = z.flip(1), torch.zeros_like(z)
            for i in range(z.shape[1]):
                mean, log_scale = layer(z)
                z[:, i] = mean[:, i] + log_scale[:, i].exp() * u[:, i]
        return z


class MaskedLayer(nn.Module):
    """Means and log scales that at i depend on numbers before i (MADE; Germain et al. 2015); 0 at the start."""

    def __init__(self, size: int, hidden: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        inputs, units = torch.arange(1, size + 1), torch.arange(hidden) % max(size, 1)
        self.first = MaskedLinear(units[:, None] >= inputs, generator)
        self.second = MaskedLinear(units[:, None] >= units, generator)
        self.last = MaskedLinear(inputs.repeat(2)[:, None] > units, generator)
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, Z) each."""
        mean, log_scale = self.last(nn.functional.gelu(self.second(nn.functional.gelu(self.first(x))))).chunk(2, dim=1)
        return mean, bounded(log_scale, MOST_LOG_SCALE)


class MaskedLinear(nn.Module):
    """A linear map without the weights that `mask` (outputs, inputs) forbids."""

    mask: Tensor

    def __init__(self, mask: Tensor, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(*mask.shape))
        self.bias = nn.Parameter(torch.zeros(len(mask)))
        self.register_buffer("mask", mask.float(), persistent=False)
        nn.init.normal_(self.weight, std=mask.shape[1] ** -0.5, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs) to (B, outputs)."""
        return nn.functional.linear(x, self.weight * self.mask, self.bias)
