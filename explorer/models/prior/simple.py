"""Priors that look at no other code: the lower rungs of the ladder."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from explorer.models.prior.base import CodePrior
from explorer.models.prior.space import CodeSpace


class UniformPrior(CodePrior):
    """Every code everywhere with probability 1/K: decodes to noise, since neighbours know nothing of each other."""

    kind = "uniform"

    def logits(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """Constant, (B, h, w, K), normalised."""
        k = self.space.num_embeddings
        return torch.full((*indices.shape, k), -math.log(k))


class PositionFrequencies(CodePrior):
    """One histogram for each position: knows where things are, not what goes with what.

    Args:
        space: the grids it is over.
        counts: (P, K) hits of training codes.
        smoothing: α, added to every count, so that no code is impossible.
    """

    kind = "frequencies"
    log_p: Tensor

    def __init__(self, space: CodeSpace, counts: Tensor, smoothing: float) -> None:
        super().__init__(space)
        p = counts.double() + smoothing
        log_p = torch.log(p / p.sum(1, keepdim=True))
        self.register_buffer("log_p", log_p.view(space.height, space.width, -1))

    def logits(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """Log frequencies, (B, h, w, K) float64, normalised."""
        return self.log_p.expand(len(indices), -1, -1, -1)


def position_counts(indices: Tensor, num_embeddings: int) -> Tensor:
    """(P, K) int64: how often each code stands at each position of the grids (N, h, w)."""
    codes = indices.flatten(1)
    positions = codes.shape[1]
    cell = codes + num_embeddings * torch.arange(positions)
    return torch.bincount(cell.flatten(), minlength=positions * num_embeddings).view(positions, num_embeddings)
