"""What to do with codes that no vector chooses any more. One frozen class and one registry line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.codebook_inits import draw_distinct
from explorer.models.nearest import nearest
from explorer.models.ranks import from_first_rank, join_over_ranks

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
class ExpireRare:
    """Put a code on a random encoder output once its average of hits a step is below a threshold.

    `c_k <- decay c_k + (1 - decay) n_k` from 1; below the threshold the code moves and `c_k` becomes the threshold, as
    in `vector_quantize_pytorch` (`threshold_ema_dead_code`, off by default there; 2 is a common setting). The threshold
    is in hits a step: beside N/K, the even share, it says how many codes a batch can keep.
    """

    threshold: float = 2.0
    decay: float = 0.99

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        return {"expiry": torch.ones(num_embeddings), "restarts": torch.zeros(num_embeddings, dtype=torch.int64)}

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        average = state["expiry"]
        average.mul_(self.decay).add_(counts, alpha=1 - self.decay)
        return (average < self.threshold).nonzero()[:, 0]

    def draw(self, state: State, due: Tensor, vectors: Tensor, codebook: Tensor, generator: torch.Generator) -> Tensor:
        return draw_distinct(vectors, len(due), generator, over_ranks=True)

    def note(self, state: State, rows: Tensor) -> None:
        state["expiry"][rows] = self.threshold
        state["restarts"][rows] += 1


@dataclass(frozen=True)
class ReplaceRare:
    """Every so many steps, put codes that few of these steps used beside used ones (NSVQ and DiVeQ; Vali et al.).

    A code is rare if less than `share` of the window's steps hit it. It goes beside a used code, N(0, nudge²) off in
    each number; which one is drawn with probability as the steps that hit it. Nothing moves while no code is used.

    Their code: diveq.py as in `DirectedNoise`, lines 143-147 and `_replace_unused_entries`: 100 steps, 1 % and
    1e-9, which float32 loses beside a number of .1. Of two equal codes the lower index is hit and moves on; the other
    one is left where it was.
    """

    window: int = 100
    share: float = 0.01
    nudge: float = 1e-9

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        counts = ("used_steps", "restarts")
        made = {name: torch.zeros(num_embeddings, dtype=torch.int64) for name in counts}
        return made | {"window_steps": torch.zeros((), dtype=torch.int64)}

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        used, steps = state["used_steps"], state["window_steps"]
        used.add_(counts > 0)
        steps.add_(1)
        if int(steps) < self.window:
            return counts.new_empty(0)
        rare = used < self.share * self.window
        if bool(rare.all()) or not bool(rare.any()):
            used.zero_()
            steps.zero_()
            return counts.new_empty(0)
        return rare.nonzero()[:, 0]

    def draw(self, state: State, due: Tensor, vectors: Tensor, codebook: Tensor, generator: torch.Generator) -> Tensor:
        weights = state["used_steps"].double().cpu()
        weights[due.cpu()] = 0
        onto = from_first_rank(torch.multinomial(weights, len(due), replacement=True, generator=generator))
        nudge = torch.randn(len(due), codebook.shape[1], generator=generator, dtype=codebook.dtype)
        found = codebook[onto.to(codebook.device)]
        return found + self.nudge * from_first_rank(nudge.to(codebook.device))

    def note(self, state: State, rows: Tensor) -> None:
        state["restarts"][rows] += 1
        state["used_steps"].zero_()
        state["window_steps"].zero_()


class Anchors(Protocol):
    """Where a pulled code is pulled to: for codes (R, D) up to R rows of vectors (N, D) of this rank."""

    def __call__(self, codes: Tensor, vectors: Tensor, generator: torch.Generator) -> Tensor: ...


def unique_anchors(codes: Tensor, vectors: Tensor, generator: torch.Generator) -> Tensor:
    """Different vectors at random: the paper's "unique"."""
    return draw_distinct(vectors, len(codes), generator, over_ranks=True)


def closest_anchors(codes: Tensor, vectors: Tensor, generator: torch.Generator) -> Tensor:  # noqa: ARG001
    """Each code's nearest vector; on the unit sphere, the one at the smallest angle."""
    everything = join_over_ranks(vectors)
    return everything[nearest(codes.to(vectors), everything)]


def probable_anchors(codes: Tensor, vectors: Tensor, generator: torch.Generator) -> Tensor:
    """A vector drawn for each code with probability softmax over vectors of their cosine."""
    everything = join_over_ranks(vectors)
    cosine = F.normalize(codes.to(vectors), dim=1) @ F.normalize(everything, dim=1).t()  # (R, N)
    summed = cosine.softmax(1).cumsum(1)
    at = torch.rand(len(codes), 1, generator=generator).to(summed) * summed[:, -1:]
    return everything[from_first_rank(torch.searchsorted(summed, at)[:, 0].clamp_max(len(everything) - 1))]


@dataclass(frozen=True)
class OnlineAnchors:
    """Pull every code toward a vector of the batch, the harder the less it is used (CVQ-VAE; Zheng & Vedaldi 2023).

    `p_k <- decay p_k + (1 - decay) n_k / N`, `a_k = exp(-10 K p_k / (1 - decay) - 0.001)` and
    `e_k <- (1 - a_k) e_k + a_k z_k` at every step; `anchors` chooses the z_k. A code that is never hit is put on a new
    vector at each step; one with an even share stays.

    The authors' code: lyndonzheng/CVQ-VAE, quantise.py at 04864b7, lines 82-103. Its class's defaults are the cosine
    and "probrandom" (lines 21-22), those of its main.py (d8614f0, `--distance`, `--anchor`) the cosine and "closest".
    """

    decay: float = 0.99
    anchors: Anchors = unique_anchors

    def begin(self, num_embeddings: int) -> dict[str, Tensor]:
        names = {"share": torch.float32, "pull": torch.float32, "restarts": torch.int64}
        return {name: torch.zeros(num_embeddings, dtype=dtype) for name, dtype in names.items()}

    def due(self, state: State, counts: Tensor, num_vectors: int) -> Tensor:
        share, pull = state["share"], state["pull"]
        share.mul_(self.decay).add_(counts / num_vectors, alpha=1 - self.decay)
        pull.copy_(torch.exp(share * (-10 * len(counts) / (1 - self.decay)) - 1e-3))
        return (pull > LEAST_PULL).nonzero()[:, 0]

    def draw(self, state: State, due: Tensor, vectors: Tensor, codebook: Tensor, generator: torch.Generator) -> Tensor:
        anchors = self.anchors(codebook[due], vectors, generator)
        due = due[: len(anchors)]
        return torch.lerp(codebook[due], anchors, state["pull"][due][:, None].to(anchors))

    def note(self, state: State, rows: Tensor) -> None:
        state["restarts"][rows] += state["pull"][rows] > 0.5  # more than half way is a new code


DEAD_CODE_POLICIES: dict[str, DeadCodePolicy] = {
    "keep": KeepDead(),
    "restart": RestartDead(),
    "expire": ExpireRare(),
    "replace": ReplaceRare(),
    "anchors": OnlineAnchors(),
    "anchors-closest": OnlineAnchors(anchors=closest_anchors),
    "anchors-probable": OnlineAnchors(anchors=probable_anchors),
}
