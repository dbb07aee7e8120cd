"""What to do with codes that no vector chooses any more. One frozen class and one registry line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.codebook_inits import draw_distinct

State = Mapping[str, Tensor]

LEAST_PULL = 1e-3  # a code pulled by less than this share of the way is left alone


class DeadCodePolicy(Protocol):
    """What a policy offers. `state` maps the names from `begin` to the quantizer's buffers."""

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        """The policy's buffers."""

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        """Note this batch's hits (K,) among `num_vectors`; return the rows (R,) that are to be restarted now."""

    def draw(self, state: State, due: Tensor, vectors: Tensor, codebook: Tensor, generator: torch.Generator) -> Tensor:
        """Where to put codes `due` (R,): up to R rows, from this batch's `vectors` (N, D) and the `codebook` (K, D).

        `vectors` are this rank's; what is drawn comes from those of all ranks, and is the same on each.
        """

    def note(self, state: State, rows: Tensor) -> None:
        """The codes `rows` were restarted: count it, and begin their grace."""


@dataclass(frozen=True)
class KeepDead:
    """Leave dead codes alone."""

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        return {}

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        return counts.new_empty(0)

    def draw(self, state: State, due: Tensor, vectors: Tensor, codebook: Tensor, generator: torch.Generator) -> Tensor:
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

    def draw(self, state: State, due: Tensor, vectors: Tensor, codebook: Tensor, generator: torch.Generator) -> Tensor:
        return draw_distinct(vectors, len(due), generator, over_ranks=True)

    def note(self, state: State, rows: Tensor) -> None:
        state["idle_vectors"][rows] = 0
        state["idle_steps"][rows] = 0
        state["restarts"][rows] += 1


@dataclass(frozen=True)
class OnlineAnchors:
    """Pull every code toward a vector of the batch, the harder the less it is used (CVQ-VAE; Zheng & Vedaldi 2023).

    `p_k <- decay p_k + (1 - decay) n_k / N`, `a_k = exp(-10 K p_k / (1 - decay) - 0.001)` and
    `e_k <- (1 - a_k) e_k + a_k z_k` at every step; the anchors z_k are different vectors of the batch at random, the
    paper's "unique". A code that is never hit is put on a new vector at each step; one with an even share stays.
    """

    decay: float = 0.99

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        names = {"share": torch.float32, "pull": torch.float32, "restarts": torch.int64}
        return {name: torch.zeros(num_embeddings, dtype=dtype) for name, dtype in names.items()}

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        share, pull = state["share"], state["pull"]
        share.mul_(self.decay).add_(counts / num_vectors, alpha=1 - self.decay)
        pull.copy_(torch.exp(share * (-10 * len(counts) / (1 - self.decay)) - 1e-3))
        return (pull > LEAST_PULL).nonzero()[:, 0]

    def draw(self, state: State, due: Tensor, vectors: Tensor, codebook: Tensor, generator: torch.Generator) -> Tensor:
        anchors = draw_distinct(vectors, len(due), generator, over_ranks=True)
        due = due[: len(anchors)]
        return torch.lerp(codebook[due], anchors, state["pull"][due][:, None].to(anchors))

    def note(self, state: State, rows: Tensor) -> None:
        state["restarts"][rows] += state["pull"][rows] > 0.5  # more than half way is a new code


DEAD_CODE_POLICIES: dict[str, DeadCodePolicy] = {
    "keep": KeepDead(),
    "restart": RestartDead(),
    "anchors": OnlineAnchors(),
}
