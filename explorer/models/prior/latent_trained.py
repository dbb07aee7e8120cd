"""Densities over latents that are trained: what the trainer asks of them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import torch
from torch import Tensor, nn

from explorer.errors import ConfigError
from explorer.models.prior.latent import LatentPrior
from explorer.models.prior.space import LatentSpace

#: Numbers a density may hold at a time; bounds how many latents are scored at once.
MOST_NUMBERS = 20_000_000


class TrainedLatentPrior(nn.Module, LatentPrior, ABC):
    """A density whose weights are learned; untrained it is exactly N(0, I).

    Args:
        space: the grids it is over.
    """

    def __init__(self, space: LatentSpace) -> None:
        super().__init__()
        self.space = space

    @abstractmethod
    def log_density(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Log density of (B, Z) in nats, (B,); carries the gradient."""

    @abstractmethod
    def sizes(self) -> dict[str, Any]:
        """The constructor's arguments beside `space`, plain JSON values: enough to build it again."""

    @abstractmethod
    def numbers_each(self) -> int:
        """Numbers that one latent takes while it is scored."""

    def loss(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Mean negative log density of (B, Z), nats a position."""
        return -self.log_density(z, labels).mean() / self.space.positions

    @torch.no_grad()
    def log_prob(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `LatentPrior.log_prob`; `labels` (N,) where it is asked for classes."""
        if labels is not None and bool(((labels < 0) | (labels >= self.space.num_classes)).any()):
            raise ConfigError("prior_label", got=int(labels.max()), classes=self.space.num_classes)
        size = max(1, MOST_NUMBERS // self.numbers_each())
        blocks = z.float().split(size) if len(z) else ()
        marks = [None] * len(blocks) if labels is None else labels.split(size)
        parts = [self.log_density(block, mark).double() for block, mark in zip(blocks, marks, strict=True)]
        return torch.cat([torch.empty(0, dtype=torch.float64), *parts])

    def tensors(self) -> dict[str, Tensor]:
        """See `LatentPrior.tensors`."""
        return dict(self.state_dict())


def bounded(x: Tensor, most: float) -> Tensor:
    """`x` near 0, never beyond ± `most`: keeps exp() of it finite."""
    return most * torch.tanh(x / most)


def standard_log_density(u: Tensor) -> Tensor:
    """Of N(0, I), summed over the last axis."""
    return -0.5 * (u.square() + math.log(2 * math.pi)).sum(-1)
