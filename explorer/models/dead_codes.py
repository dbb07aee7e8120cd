"""What to do with codes that no vector chooses any more. One frozen class and one registry line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.distributed as dist
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.codebook_inits import draw_distinct

State = Mapping[str, Tensor]


class DeadCodePolicy(Protocol):
    """What a policy offers. `state` maps the names from `begin` to the quantizer's buffers."""

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        """The policy's buffers."""

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        """Note this batch's hits (K,) among `num_vectors`; return the rows (R,) that are to be restarted now."""

    def draw(self, vectors: Tensor, wanted: int, generator: torch.Generator) -> Tensor:
        """Up to `wanted` rows of `vectors` (N, D) to restart codes on."""

    def note(self, state: State, rows: Tensor) -> None:
        """The codes `rows` were restarted: count it, and begin their grace."""


@dataclass(frozen=True)
class KeepDead:
    """Leave dead codes alone."""

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        return {}

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        return counts.new_empty(0)

    def draw(self, vectors: Tensor, wanted: int, generator: torch.Generator) -> Tensor:
        return vectors[:0]

    def note(self, state: State, rows: Tensor) -> None:
        pass


@dataclass(frozen=True)
class RestartDead:
    """Put a code without hits on a random encoder output of the current batch (Jukebox; Dhariwal 2020).

    A code is due when it had no hit in the window that ends now, and at least one window has passed since the start or
    its last restart (its grace). The window is the live gauge's: at least `vectors_per_code * K` vectors and at least
    `steps` training steps.
    """

    vectors_per_code: int = 100
    steps: int = 20

    def __post_init__(self) -> None:
        if self.vectors_per_code < 1 or self.steps < 1:
            raise QuantizerError("restart_window", vectors=self.vectors_per_code, steps=self.steps)

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        names = ("idle_vectors", "idle_steps", "restarts")
        return {name: torch.zeros(num_embeddings, dtype=torch.int64) for name in names}

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        idle_vectors, idle_steps = state["idle_vectors"], state["idle_steps"]
        unhit = counts == 0
        idle_vectors.add_(num_vectors).mul_(unhit)
        idle_steps.add_(1).mul_(unhit)
        late = (idle_vectors >= self.vectors_per_code * len(counts)) & (idle_steps >= self.steps)
        return late.nonzero()[:, 0]

    def draw(self, vectors: Tensor, wanted: int, generator: torch.Generator) -> Tensor:
        return _from_first_rank(draw_distinct(vectors, wanted, generator), wanted)

    def note(self, state: State, rows: Tensor) -> None:
        state["idle_vectors"][rows] = 0
        state["idle_steps"][rows] = 0
        state["restarts"][rows] += 1


def _from_first_rank(drawn: Tensor, wanted: int) -> Tensor:
    """Every rank restarts on the first rank's vectors, or the codebooks would part."""
    if not (dist.is_available() and dist.is_initialized()):
        return drawn
    number = torch.tensor(len(drawn), device=drawn.device)
    dist.broadcast(number, 0)
    shared = drawn.new_zeros(wanted, drawn.shape[1])
    shared[: len(drawn)] = drawn
    dist.broadcast(shared, 0)
    return shared[: int(number)]


DEAD_CODE_POLICIES: dict[str, DeadCodePolicy] = {
    "keep": KeepDead(),
    "restart": RestartDead(),
}
