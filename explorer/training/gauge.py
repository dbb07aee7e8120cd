"""The live gauge of a codebook: hits over a sliding window of the last training steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

#: A window holds at least this many vectors per code, and at least this many steps.
WINDOW_PER_CODE = 100
LEAST_STEPS = 20


def window_steps(num_embeddings: int, vectors_per_step: int) -> int:
    """Steps of the sliding window: at least 100·K vectors and at least 20 steps."""
    return max(LEAST_STEPS, math.ceil(WINDOW_PER_CODE * num_embeddings / vectors_per_step))


@dataclass(frozen=True)
class Gauge:
    """A reading. Counts are of codes, of all codebooks together.

    Attributes:
        used: hit at least once in the window.
        stale: not hit in the window.
        perplexity: `exp(-Σ p log p)` of the window's hits; 0 before the first step. Of several codebooks the geometric
            mean of theirs.
        vectors: how many vectors the window holds, at each codebook.
        levels: used codes and perplexity of each codebook, where there are several.
    """

    used: int
    stale: int
    perplexity: float
    vectors: int
    levels: tuple[tuple[int, float], ...] = ()


class HitWindow:
    """Hits of each code over the last `steps` steps, kept as a ring: O(K) a step, whatever the window's length.

    Args:
        num_embeddings: K, codes of all codebooks together.
        steps: of the window.
        levels: L codebooks, whose codes are laid end to end.
        device: where hits are counted; only a reading waits for it.
    """

    def __init__(
        self, num_embeddings: int, steps: int, levels: int = 1, device: torch.device | str | None = None
    ) -> None:
        self.levels = levels
        self.ring = torch.zeros(steps, num_embeddings, dtype=torch.int32, device=device)
        self._hits = torch.zeros(num_embeddings, dtype=torch.int64, device=device)
        self.position = 0

    @property
    def hits(self) -> Tensor:
        """(K,) hits over the window, on the CPU."""
        return self._hits.cpu()

    def push(self, counts: Tensor) -> None:
        """Add one step's hits, (K,), and forget the oldest."""
        row = self.ring[self.position]
        self._hits += counts - row
        row.copy_(counts)
        self.position = (self.position + 1) % len(self.ring)

    def read(self) -> Gauge:
        """The gauge over the window as it stands."""
        each = [_read(hits) for hits in self.hits.view(self.levels, -1)]
        if self.levels == 1:
            return each[0]
        used = sum(gauge.used for gauge in each)
        perplexity = math.prod(gauge.perplexity for gauge in each) ** (1 / self.levels)
        levels = tuple((gauge.used, gauge.perplexity) for gauge in each)
        return Gauge(used, len(self.hits) - used, perplexity, each[0].vectors, levels)

    def state(self) -> dict[str, Tensor]:
        """What a resumed run needs."""
        return {"ring": self.ring.cpu(), "hits": self.hits, "position": torch.tensor(self.position)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Take up where `state` left off."""
        self.ring.copy_(state["ring"])
        self._hits.copy_(state["hits"])
        self.position = int(state["position"])


def _read(hits: Tensor) -> Gauge:
    total = int(hits.sum())
    used = int((hits > 0).sum())
    p = hits[hits > 0].double() / max(total, 1)
    perplexity = float(torch.exp(-(p * p.log()).sum())) if total else 0.0
    return Gauge(used, len(hits) - used, perplexity, total)
