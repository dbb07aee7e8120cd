"""How code vectors move: by gradient, or as an exponential moving average (EMA) of the vectors that chose them.

A rule here is a frozen value without state; its state (EMA counts and sums) lives in the quantizer's buffers, so that
it is saved with the model and two quantizers never share it. A new published rule is one class and one registry line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.threads import one_thread

EMA_STARTS = ("hold", "ones", "sonnet", "snippet")
COUNT_FLOOR = 1e-12  # `hold`: counts of unhit rows stop falling here, so that m_k / N_k never becomes 0 / 0

State = Mapping[str, Tensor]


class CodebookUpdate(Protocol):
    """What a rule offers. `state` maps the names from `begin` to the quantizer's buffers; `codebook` is (K, D)."""

    by_gradient: ClassVar[bool]

    @property
    def forced_init(self) -> str | None:
        """The codebook init that the rule insists on, or None."""

    def begin(self, codebook: Tensor, generator: torch.Generator | None) -> dict[str, Tensor]:
        """The rule's buffers for a codebook that was just drawn."""

    def step(self, codebook: Tensor, state: State, counts: Tensor, sums: Tensor) -> None:
        """Move the codebook in place, given this batch's hits (K,) and sums of vectors (K, D)."""

    def place(self, codebook: Tensor, state: State, rows: Tensor, vectors: Tensor) -> None:
        """Put `vectors` (R, D) into `rows` (R,) and make the state agree, so that the next step does not undo it."""

    def load(self, codebook: Tensor, state: State, vectors: Tensor) -> None:
        """Begin anew with `vectors` (K, D) as the codebook; the next step does not undo it either."""


@dataclass(frozen=True)
class GradientUpdate:
    """The paper's second loss term: the optimizer moves the codebook along `||sg[z_e] - e||^2` (VQ-VAE, eq. 3)."""

    by_gradient: ClassVar[bool] = True
    forced_init: ClassVar[str | None] = None

    def begin(self, codebook: Tensor, generator: torch.Generator | None) -> dict[str, Tensor]:
        return {}

    def step(self, codebook: Tensor, state: State, counts: Tensor, sums: Tensor) -> None:
        pass

    def place(self, codebook: Tensor, state: State, rows: Tensor, vectors: Tensor) -> None:
        codebook[rows] = vectors

    def load(self, codebook: Tensor, state: State, vectors: Tensor) -> None:
        codebook.copy_(vectors)


@dataclass(frozen=True)
class EMAUpdate:
    """Exponential moving averages of hits and sums (VQ-VAE, appendix A.1), with Laplace smoothing of the counts.

    `N <- decay N + (1 - decay) n`, `m <- decay m + (1 - decay) sum z`, `e = m / S(N)` with
    `S(N) = (N + epsilon) / (sum N + K epsilon) * sum N`.

    Args:
        decay: gamma, in [0, 1).
        epsilon: Laplace smoothing, > 0, in hits.
        start: where counts and sums begin.
            hold: as `ones`, but a row without hits keeps `m / N` unsmoothed: a dead code stays where it died.
            ones: `N = 1`, `m = e`; a code that is never hit holds for about ln(1/epsilon) steps, then shrinks to 0.
            sonnet: zero, with both averages divided by `1 - decay^t`; a code never hit is exactly 0 from step 1.
            snippet: `N = 0` and `m` drawn from N(0, 1), unrelated to the codebook, itself N(0, 1). After one step a
                code never hit is about 1/epsilon times too long, and sweeps inward from there.
        store_smoothed: store `S(N)` back as `N`, which leaves every code a phantom count of `epsilon / (1 - decay)`.
    """

    decay: float = 0.99
    epsilon: float = 1e-5
    start: str = "hold"
    store_smoothed: bool = False

    by_gradient: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.start not in EMA_STARTS:
            raise QuantizerError("ema_start_unknown", name=self.start, known=", ".join(EMA_STARTS))
        if not 0 <= self.decay < 1:
            raise QuantizerError("decay_out_of_range", value=self.decay)
        if not self.epsilon > 0:
            raise QuantizerError("epsilon_out_of_range", value=self.epsilon)

    @property
    def forced_init(self) -> str | None:
        return "normal" if self.start == "snippet" else None

    def begin(self, codebook: Tensor, generator: torch.Generator | None) -> dict[str, Tensor]:
        count = codebook.new_zeros(len(codebook))
        if self.start == "snippet":
            total = torch.randn(codebook.shape, generator=generator).to(codebook)
        elif self.start == "sonnet":
            total = torch.zeros_like(codebook)
        else:
            count, total = count + 1, codebook.detach().clone()
        return {"ema_count": count, "ema_sum": total, "ema_step": torch.zeros((), dtype=torch.int64)}

    def step(self, codebook: Tensor, state: State, counts: Tensor, sums: Tensor) -> None:
        count, total = state["ema_count"], state["ema_sum"]
        hits = counts.to(count.dtype)
        unhit = counts == 0
        state["ema_step"].add_(1)
        if self.start == "hold":
            # An unhit row's sum falls exactly as its count does, so that m / N stays; below the floor neither falls.
            kept = torch.where(unhit, (count * self.decay).clamp_(min=COUNT_FLOOR) / count, self.decay)
        else:
            kept = torch.full_like(count, self.decay)
        count.mul_(kept).add_(hits, alpha=1 - self.decay)
        total.mul_(kept[:, None]).add_(sums, alpha=1 - self.decay)
        weight = self._weight(state)
        smoothed = self._smooth(count / weight)
        divisor = torch.where(unhit, count, smoothed) if self.start == "hold" else smoothed
        torch.div(total, (divisor * weight)[:, None], out=codebook)
        if self.store_smoothed:
            count.copy_(divisor * weight)

    def place(self, codebook: Tensor, state: State, rows: Tensor, vectors: Tensor) -> None:
        codebook[rows] = vectors
        weight = self._weight(state)
        state["ema_count"][rows] = weight
        state["ema_sum"][rows] = vectors * weight

    def load(self, codebook: Tensor, state: State, vectors: Tensor) -> None:
        # `sonnet` divides by the weight of the steps so far: a codebook that comes from elsewhere counts as one step.
        state["ema_step"].fill_(self.start == "sonnet")
        self.place(codebook, state, torch.arange(len(codebook), device=codebook.device), vectors)

    def _weight(self, state: State) -> float:
        """What the averages of a constant 1 hold by now: `1 - decay^t` when they began at zero, else 1."""
        if self.start != "sonnet":
            return 1.0
        return 1.0 - self.decay ** int(state["ema_step"])

    def _smooth(self, count: Tensor) -> Tensor:
        with one_thread():  # one order of the sum, however many threads there are
            total = count.sum()
        return (count + self.epsilon) * (total / (total + len(count) * self.epsilon))


@dataclass(frozen=True)
class FixedUpdate:
    """Codes stay as they were drawn; commitment alone moves the encoder.

    The codebook of Gaussian quantization (Xu et al. 2025, arXiv 2512.06609), which trains none, is a fixed N(0, 1).
    """

    by_gradient: ClassVar[bool] = False
    forced_init: ClassVar[str | None] = None

    def begin(self, codebook: Tensor, generator: torch.Generator | None) -> dict[str, Tensor]:
        return {}

    def step(self, codebook: Tensor, state: State, counts: Tensor, sums: Tensor) -> None:
        pass

    def place(self, codebook: Tensor, state: State, rows: Tensor, vectors: Tensor) -> None:
        codebook[rows] = vectors

    def load(self, codebook: Tensor, state: State, vectors: Tensor) -> None:
        codebook.copy_(vectors)


CODEBOOK_UPDATES: dict[str, CodebookUpdate] = {
    "gradient": GradientUpdate(),
    "ema": EMAUpdate(),
    "snippet": EMAUpdate(start="snippet", store_smoothed=True),
    "fixed": FixedUpdate(),
}
