"""What an encoder says about an image: one frozen dataclass for each model kind."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.models.ranks import number_of_ranks, share_of


@dataclass(frozen=True)
class PointLatent:
    """A deterministic code.

    Attributes:
        z: (B, Z), or (B, D, h, w) for a spatial latent.
    """

    z: Tensor


@dataclass(frozen=True)
class GaussianLatent:
    """The posterior `q(z|x) = N(mean, diag exp(logvar))`.

    Attributes:
        mean: (B, Z), or (B, D, h, w) for a spatial latent.
        logvar: log of the variance, same shape.
    """

    mean: Tensor
    logvar: Tensor

    def sample(self, generator: torch.Generator | None = None, *, over_ranks: bool = False) -> Tensor:
        """`z = μ + σ·ε`, ε ~ N(0, I) (Kingma & Welling 2014, eq. 10).

        With `over_ranks` ε is this rank's share of what is drawn for the joined batch. It is drawn on the CPU, so that
        a device changes nothing about it.
        """
        epsilon = torch.empty_like(self.mean, device="cpu")
        if over_ranks:
            shape = (len(epsilon) * number_of_ranks(), *epsilon.shape[1:])
            joined = torch.empty_strided(shape, epsilon.stride(), dtype=epsilon.dtype)
            epsilon = share_of(joined.normal_(generator=generator))
        else:
            epsilon.normal_(generator=generator)
        return self.mean + (0.5 * self.logvar).exp() * epsilon.to(self.mean.device)


@dataclass(frozen=True)
class CodeLatent:
    """A grid of codes.

    Attributes:
        z_e: encoder output, (B, D, h, w).
        indices: nearest code of each position, (B, h, w), int64; (B, h, w, L) of a quantizer of L levels.
        quantized: the code vectors `z_q`, (B, D, h, w); in training mode they carry the straight-through gradient.
    """

    z_e: Tensor
    indices: Tensor
    quantized: Tensor


Latent = PointLatent | GaussianLatent | CodeLatent
