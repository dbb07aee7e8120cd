"""The interface of every prior over code grids, and sampling from any of them, code by code."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from explorer.errors import ConfigError
from explorer.models.prior.drawing import distribution, draw
from explorer.models.prior.space import CodeSpace

#: In `fixed` grids: this cell is for the prior to write.
FREE = -1
#: Grids that are sampled or scored at a time; bounds the memory of caches and logits.
CHUNK = 250


class CodePrior(nn.Module, ABC):
    """`p(codes) = Π_j p(c_j | c_0 … c_{j-1}, label)`, positions row by row.

    Args:
        space: the grids it is over.
    """

    kind: ClassVar[str]

    def __init__(self, space: CodeSpace) -> None:
        super().__init__()
        self.space = space

    @abstractmethod
    def logits(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """Unnormalised log p of every code at every position, (B, h, w, K); those at j see only codes before j.

        Args:
            indices: (B, h, w), integers.
            labels: (B,) int64, or None for the prior without a condition.
        """

    def sizes(self) -> dict[str, Any]:
        """The constructor's arguments beside `space`, plain JSON values: enough to build it again."""
        return {}

    def log_prob(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """`log p` of whole grids (B, h, w), in nats, (B,) float64."""
        self.space.check(indices, labels)
        pairs = zip(_chunks(indices), _label_chunks(labels, len(indices)), strict=True)
        parts = [self.log_prob_of_codes(grids, y).flatten(1).sum(1) for grids, y in pairs]
        return torch.cat([torch.empty(0, dtype=torch.float64), *parts])

    def log_prob_of_codes(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """`log p(c_j | before)` at each position, in nats, (B, h, w) float64."""
        log_p = torch.log_softmax(self.logits(indices, labels), dim=-1)
        return log_p.gather(-1, indices[..., None])[..., 0].double()

    def loss(self, indices: Tensor, labels: Tensor | None = None) -> Tensor:
        """Mean cross-entropy of the codes of a batch (B, h, w), nats a code; carries the gradient."""
        return cross_entropy(self.logits(indices, labels).flatten(0, 2), indices.flatten())

    def next_logits(self, indices: Tensor, position: int, labels: Tensor | None = None) -> Tensor:
        """(B, K) of the code at `position`; what `indices` (B, h, w) holds from there on has no influence."""
        return self.logits(indices, labels).flatten(1, 2)[:, position]

    def writer(self, n: int, labels: Tensor | None = None) -> CodeWriter:
        """`n` empty grids that are written code by code."""
        return CodeWriter(self, n, labels)

    def noise(self, n: int, generator: torch.Generator) -> Tensor:
        """(n, P) float64 uniform numbers, one for each code; the first rows are the same for every `n`."""
        return torch.rand(n, self.space.positions, generator=generator, dtype=torch.float64)

    @torch.no_grad()
    def sample(
        self,
        n: int,
        generator: torch.Generator,
        *,
        temperature: float = 1.0,
        top_k: int | None = None,
        fixed: Tensor | None = None,
        labels: Tensor | None = None,
    ) -> Tensor:
        """`n` grids (n, h, w), int64.

        Args:
            n: how many.
            generator: decides everything: one uniform number for each code.
            temperature: see `distribution`.
            top_k: see `distribution`.
            fixed: (h, w) or (n, h, w) of given codes, `FREE` (-1) where the prior writes. Given codes are conditioned
                on from their position onward, so only a beginning (a top half) is completed exactly.
            labels: (n,) int64.
        """
        noise, given = self.noise(n, generator), self._given(n, fixed)
        parts = [
            self.writer(len(u), y).finish(u, given=g, temperature=temperature, top_k=top_k)
            for u, g, y in zip(_chunks(noise), _chunks(given), _label_chunks(labels, n), strict=True)
        ]
        codes = torch.cat([torch.empty(0, self.space.positions, dtype=torch.int64), *parts])
        return codes.view(n, self.space.height, self.space.width)

    def _given(self, n: int, fixed: Tensor | None) -> Tensor:
        if fixed is None:
            return torch.full((n, self.space.positions), FREE)
        grids = fixed.expand(n, self.space.height, self.space.width) if fixed.ndim == 2 else fixed
        self.space.check(grids.clamp_min(0), None)
        return grids.reshape(n, -1)


def _chunks(rows: Tensor) -> tuple[Tensor, ...]:
    return rows.split(CHUNK) if len(rows) else ()


def _label_chunks(labels: Tensor | None, n: int) -> Sequence[Tensor | None]:
    return [None] * math.ceil(n / CHUNK) if labels is None else _chunks(labels)


class CodeWriter:
    """`n` grids that are written row by row. This one looks at the whole grid each time; subclasses remember.

    Attributes:
        position: of the next code, 0 to P; P once the grids are full.
        indices: (n, P), what was written; 0 from `position` on.

    Args:
        prior: whose distribution is asked.
        n: grids.
        labels: (n,) int64, or None.
    """

    def __init__(self, prior: CodePrior, n: int, labels: Tensor | None = None) -> None:
        prior.space.check_labels(labels)
        self.prior = prior
        self.labels = labels
        self.position = 0
        self.indices = torch.zeros(n, prior.space.positions, dtype=torch.int64)

    @property
    def grids(self) -> Tensor:
        """(n, h, w)."""
        return self.indices.view(-1, self.prior.space.height, self.prior.space.width)

    @torch.no_grad()
    def logits(self) -> Tensor:
        """(n, K) of the next code."""
        if self.position == self.prior.space.positions:
            raise ConfigError("prior_grid_full", positions=self.position)
        return self._next_logits()

    def _next_logits(self) -> Tensor:
        return self.prior.next_logits(self.grids, self.position, self.labels)

    def drawn(self, noise: Tensor, temperature: float, top_k: int | None) -> Tensor:
        """The next codes (n,), as one uniform number each (n,) decides; see `distribution` and `draw`."""
        return draw(distribution(self.logits(), temperature, top_k), noise)

    def write(self, codes: Tensor) -> None:
        """Put `codes` (n,) at `position` and go on to the next one."""
        self.indices[:, self.position] = codes
        self.position += 1

    def finish(
        self, noise: Tensor, *, given: Tensor | None = None, temperature: float = 1.0, top_k: int | None = None
    ) -> Tensor:
        """Write all that is left and return (n, P).

        Args:
            noise: (n, P), from `CodePrior.noise`; column j decides code j.
            given: (n, P), a code where it is not `FREE`.
            temperature: see `distribution`.
            top_k: see `distribution`.
        """
        while self.position < self.prior.space.positions:
            j = self.position
            codes = self.drawn(noise[:, j], temperature, top_k)
            if given is not None:
                codes = torch.where(given[:, j] == FREE, codes, given[:, j])
            self.write(codes)
        return self.indices
