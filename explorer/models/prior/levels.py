"""Priors over codes in levels: each level is said given the coarser ones, so that no table of K^L codes is needed."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from explorer.models.prior.base import CodePrior, CodeWriter
from explorer.models.prior.drawing import distribution
from explorer.models.prior.embedding import CodeEmbedding
from explorer.models.prior.space import CodeSpace
from explorer.models.prior.transformer import EXPANSION, CachedWriter, TrunkPrior

#: Tuples up to here are counted and drawn as one code of many; more of them level by level.
MOST_TUPLES = 4096
#: A number that decides a draw stays below 1.
BELOW_ONE = 1 - 2**-53

LogitsOfLevel = Callable[[Tensor], Tensor]


def drawn_by_level(
    space: CodeSpace, of_level: LogitsOfLevel, noise: Tensor, temperature: float = 1.0, top_k: int | None = None
) -> Tensor:
    """Codes (n,) that one uniform number each picks, level after level.

    What is left of the number within the chosen code's share decides the next level: at temperature 1, with all codes,
    that is the draw from all K^L at once, since their numbers put coarse levels first. Another temperature, or the
    `top_k` likeliest of each level, act level by level.

    Args:
        space: of L levels.
        of_level: from codes (n, l) of the coarser levels to logits (n, K) of the next one.
        noise: (n,) in [0, 1).
        temperature, top_k: see `distribution`.
    """
    chosen, left = torch.empty(len(noise), 0, dtype=torch.int64), noise.double()
    k = space.per_level
    for _ in range(space.levels):
        running = distribution(of_level(chosen), temperature, None if top_k is None else min(top_k, k)).cumsum(-1)
        target = left[:, None] * running[:, -1:]
        code = torch.searchsorted(running, target, right=True).clamp_max(k - 1)
        below = torch.where(code > 0, running.gather(1, (code - 1).clamp_min(0)), torch.zeros_like(target))
        left = ((target - below) / (running.gather(1, code) - below))[:, 0].clamp(0, BELOW_ONE)
        chosen = torch.cat([chosen, code], dim=1)
    return space.joint(chosen)


def joint_logits(space: CodeSpace, of_level: LogitsOfLevel, shape: torch.Size) -> Tensor:
    """log p of every one of the K^L codes, (*shape, K^L), normalised.

    Args:
        space: of L levels.
        of_level: from codes (*shape, M, l) of the coarser levels to logits (*shape, M, K) of the next one.
        shape: of what they are asked for.
    """
    k = space.per_level
    whole = torch.zeros(*shape, 1)
    before = torch.empty(1, 0, dtype=torch.int64)  # (M, l): every tuple of the coarser levels
    for _ in range(space.levels):
        found = torch.log_softmax(of_level(before.expand(*shape, -1, -1)), dim=-1)
        whole = (whole[..., None] + found).flatten(-2)
        before = torch.cat([before.repeat_interleave(k, 0), torch.arange(k).repeat(len(before))[:, None]], dim=1)
    return whole


class LevelFrequencies(CodePrior):
    """One histogram for each position and level, as if levels were independent; without counts, uniform codes.

    Args:
        space: the grids it is over.
        counts: (P, L, K) hits of training codes.
        smoothing: α, added to every count.
    """

    kind = "frequencies"
    log_p: Tensor

    def __init__(self, space: CodeSpace, counts: Tensor, smoothing: float) -> None:
        super().__init__(space)
        p = counts.double() + smoothing
        self.register_buffer("log_p", torch.log(p / p.sum(-1, keepdim=True)))

    def logits(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """Log frequencies, (B, h, w, K^L) float64, normalised; for few grids."""
        flat = torch.stack([self._at(j) for j in range(self.space.positions)])
        return flat.view(self.space.height, self.space.width, -1).expand(len(indices), -1, -1, -1)

    def next_logits(self, indices: Tensor, position: int, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.next_logits`."""
        return self._at(position).expand(len(indices), -1)

    def log_prob_of_codes(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.log_prob_of_codes`; level by level."""
        tuples = self.space.apart(indices.flatten(1))  # (B, P, L)
        found = self.log_p.expand(len(tuples), -1, -1, -1).gather(-1, tuples[..., None])
        return found[..., 0].sum(-1).view(indices.shape)

    def writer(self, n: int, labels: Tensor | None = None) -> CodeWriter:
        """See `CodePrior.writer`."""
        return FrequencyWriter(self, n, labels)

    def _at(self, position: int) -> Tensor:
        rows = self.log_p[position]
        return joint_logits(self.space, lambda before: rows[before.shape[-1]].expand(len(before), -1), torch.Size())


class FrequencyWriter(CodeWriter):
    """Draws level by level."""

    prior: LevelFrequencies

    def drawn(self, noise: Tensor, temperature: float, top_k: int | None) -> Tensor:
        """See `CodeWriter.drawn`."""
        rows = self.prior.log_p[self.position]
        return drawn_by_level(
            self.prior.space, lambda before: rows[before.shape[1]].expand(len(noise), -1), noise, temperature, top_k
        )


class LevelTransformer(TrunkPrior):
    """A causal transformer over positions, and at each of them the levels one after the other, coarse first.

    A position is read as the sum of its codes' embeddings; its codes are said by a small network that sees the
    trunk's output and the sum of the coarser codes (RQ-Transformer; Lee et al. 2022, section 3.2, whose depth
    transformer is a network of two layers here). Trunk and sizes are `CausalTransformer`'s.

    Args:
        space: the grids it is over, of L levels.
        width: numbers for each position.
        layers: blocks.
        heads: of each attention.
        dropout: in training only.
        codebook: plays no part: there is no code vector of one level alone.
        generator: of the first weights.
    """

    kind = "levels"

    def __init__(
        self,
        space: CodeSpace,
        width: int = 64,
        layers: int = 3,
        heads: int = 4,
        dropout: float = 0.0,
        *,
        codebook: Tensor | None = None,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(space)
        self.codes = nn.ModuleList(
            CodeEmbedding(space.per_level, width, generator=generator) for _ in range(space.levels)
        )
        self.depths = nn.Parameter(torch.empty(space.levels, width).normal_(std=0.1, generator=generator))
        self.depth = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, EXPANSION * width), nn.GELU(), nn.Linear(EXPANSION * width, width)
        )
        for layer in self.depth:
            if isinstance(layer, nn.Linear):
                nn.init.normal_(layer.weight, std=layer.in_features**-0.5, generator=generator)
                nn.init.zeros_(layer.bias)
        self.said = nn.LayerNorm(width)
        self.add_trunk(space.positions, space.num_classes, width, layers, heads, dropout, generator)

    def read(self, codes: Tensor) -> Tensor:
        """See `TrunkPrior.read`."""
        return self._sum(self.space.apart(codes)) * self.space.levels**-0.5

    def of_level(self, seen: Tensor, coarser: Tensor) -> Tensor:
        """Logits (..., K) of the next level.

        Args:
            seen: (..., width), what the trunk says of the position.
            coarser: (..., l) codes of the levels before.
        """
        level = coarser.shape[-1]
        x = seen + self._sum(coarser) + self.depths[level]
        table = self.codes[level]
        assert isinstance(table, CodeEmbedding)
        return table.scores(self.said(x + self.depth(x)))

    def say(self, seen: Tensor) -> Tensor:
        """See `TrunkPrior.say`: of whole tuples, (..., K^L); for few positions."""
        wide = seen.unsqueeze(-2)
        return joint_logits(self.space, lambda coarser: self.of_level(wide, coarser), seen.shape[:-1])

    def log_prob_of_codes(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.log_prob_of_codes`; level by level."""
        return self._of_codes(indices, labels).double()

    def loss(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """See `CodePrior.loss`; level by level."""
        return -self._of_codes(indices, labels).mean()

    def writer(self, n: int, labels: Tensor | None = None) -> CodeWriter:
        """See `CodePrior.writer`; with a cache."""
        return LevelWriter(self, n, labels)

    def _of_codes(self, indices: Tensor, labels: Tensor | None) -> Tensor:
        seen, tuples = self._seen(indices, labels), self.space.apart(indices)
        found = [
            torch.log_softmax(self.of_level(seen, tuples[..., :level]), dim=-1).gather(-1, tuples[..., level, None])
            for level in range(self.space.levels)
        ]
        return torch.cat(found, dim=-1).sum(-1)

    def _seen(self, indices: Tensor, labels: Tensor | None) -> Tensor:
        """(B, h, w, width)."""
        flat = self.follow(self.read(indices.flatten(1)[:, :-1]), labels)
        return flat.unflatten(1, (self.space.height, self.space.width))

    def _sum(self, codes: Tensor) -> Tensor:
        """(..., l) codes of the first levels to the sum of their embeddings, (..., width)."""
        total = self.depths.new_zeros(*codes.shape[:-1], self.width)
        for level, table in zip(range(codes.shape[-1]), self.codes, strict=False):
            total = total + table(codes[..., level])
        return total


class LevelWriter(CachedWriter):
    """Draws level by level where there are many tuples, and else as from any other prior."""

    prior: LevelTransformer

    def drawn(self, noise: Tensor, temperature: float, top_k: int | None) -> Tensor:
        """See `CodeWriter.drawn`."""
        if self.prior.space.num_embeddings <= MOST_TUPLES:
            return super().drawn(noise, temperature, top_k)
        with torch.no_grad():
            seen = self.seen()
            return drawn_by_level(
                self.prior.space, lambda coarser: self.prior.of_level(seen, coarser), noise, temperature, top_k
            )
