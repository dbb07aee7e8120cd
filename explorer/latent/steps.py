"""Steps of one length in random directions of a latent, to see what they do."""

from __future__ import annotations

import torch
from torch import Tensor


def spread(latents: Tensor) -> float:
    """A latent's yardstick: root of the mean squared distance of (N, ...) from their mean, `sqrt(Σ_j Var z_j)`."""
    return float(latents.flatten(1).double().var(0, unbiased=False).sum().sqrt())


def stepped(latents: Tensor, length: float, count: int, generator: torch.Generator) -> Tensor:
    """`count` steps of one length from each of n latents, in directions uniform on the sphere: (n, count, ...).

    Args:
        latents: (n, ...).
        length: in units of the latent.
        count: steps from each.
        generator: draws the directions; the same one gives the same directions in every latent of that size.
    """
    flat = latents.flatten(1)
    directions = torch.randn((len(flat), count, flat.shape[1]), generator=generator)
    directions /= torch.linalg.vector_norm(directions, dim=2, keepdim=True)
    return (flat[:, None] + length * directions).view(len(latents), count, *latents.shape[1:])


def jumped(latents: Tensor, rows: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """From each of the latents at `rows` (n,), jumps to `count` others, never to itself: (n, count, ...)."""
    away = torch.randint(1, len(latents), (len(rows), count), generator=generator)
    return latents[(rows[:, None] + away) % len(latents)]
