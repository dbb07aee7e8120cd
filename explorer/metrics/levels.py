"""Codes in levels: what each codebook has in use, and how many whole tuples do."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.metrics.codebook import CodebookHealth, codebook_health


@dataclass(frozen=True)
class LevelHealth:
    """Of L codebooks of K codes each, over N vectors.

    Attributes:
        levels: each codebook by itself.
        used, dead: code vectors of all levels together, of K L.
        perplexity: geometric mean of those of the levels, from 1 to K.
        distinct: tuples of L codes that occur, of K^L.
        alone: share of vectors whose tuple no other vector has, in [0, 1]: 1 - alone is the rate of collisions that
            semantic ids are judged by (TIGER; Rajput et al. 2023).
        tuple_perplexity: `exp(-Σ p log p)` of tuples, from 1 to the smaller of K^L and N.
    """

    levels: tuple[CodebookHealth, ...]
    used: int
    dead: int
    perplexity: float
    distinct: int
    alone: float
    tuple_perplexity: float


def level_health(indices: Tensor, num_embeddings: int) -> LevelHealth:
    """The health of codes in levels.

    Args:
        indices: (..., L) int64 in [0, K).
        num_embeddings: K.
    """
    rows = indices.reshape(-1, indices.shape[-1])
    levels = tuple(codebook_health(column, num_embeddings) for column in rows.unbind(1))
    counts = torch.unique(rows, dim=0, return_counts=True)[1].double()
    p = counts / max(len(rows), 1)
    log_mean = torch.tensor([level.perplexity for level in levels], dtype=torch.float64).clamp_min(1e-300).log().mean()
    return LevelHealth(
        levels=levels,
        used=sum(level.used for level in levels),
        dead=sum(level.dead for level in levels),
        perplexity=float(log_mean.exp()),
        distinct=len(counts),
        alone=float((counts == 1).sum()) / max(len(rows), 1),
        tuple_perplexity=float(torch.special.entr(p).sum().exp()),
    )
