"""What the causes look at: one codebook of a record, with its hits at the end and its encoder outputs on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.metrics.codebook import perplexity
from explorer.metrics.collapse import near_duplicates
from explorer.metrics.verdict import verdict
from explorer.runs.recorded import RecordedFrame, RecordedRun

Array = NDArray[Any]

#: Vectors for each code of the window at the end in which a code without a hit is dead; the gauge's.
WINDOW_VECTORS_PER_CODE = 100


@dataclass(frozen=True)
class Evidence:
    """One codebook of a record.

    Attributes:
        record: all of it.
        level: which codebook.
    """

    record: RecordedRun
    level: int = 0

    @property
    def codes(self) -> int:
        """K."""
        return self.record.num_embeddings

    @cached_property
    def hits(self) -> Array:
        """(T, K) between frames."""
        return np.stack([frame.hits[self.level] for frame in self.record.frames])

    @cached_property
    def window(self) -> Array:
        """(K,) hits at the end: of as many frames as hold 100 vectors a code, or of the last half if that is fewer."""
        behind = np.cumsum(self.hits.sum(1)[::-1])
        frames = int(np.searchsorted(behind, WINDOW_VECTORS_PER_CODE * self.codes)) + 1
        return np.asarray(self.hits[-min(frames, max(1, (len(self.hits) + 1) // 2)) :].sum(0))

    @property
    def dead(self) -> Array:
        """(K,) bool, without a hit in the window."""
        return self.window == 0

    @property
    def dead_share(self) -> float:
        """Of K."""
        return float(self.dead.mean())

    @property
    def vectors(self) -> int:
        """In the window."""
        return int(self.window.sum())

    @cached_property
    def distinct(self) -> int | None:
        """Codes of the last codebook that are not the same point as another; None without one."""
        codes = self.last("codebook")
        return None if codes is None else near_duplicates(codes.codebook[self.level]).distinct  # type: ignore[index]

    @property
    def perplexity(self) -> float:
        """Of the hits in the window."""
        return perplexity(torch.from_numpy(self.window))

    @property
    def verdict(self) -> str:
        """As of any codebook."""
        return verdict(
            self.codes,
            dead=int(self.dead.sum()),
            perplexity=self.perplexity,
            num_vectors=self.vectors,
            distinct=self.distinct,
        )

    def first(self, *names: str) -> RecordedFrame | None:
        """The first frame that holds all of these."""
        return next((frame for frame in self.record.frames if _holds(frame, names)), None)

    def last(self, *names: str) -> RecordedFrame | None:
        """The last one."""
        return next((frame for frame in reversed(self.record.frames) if _holds(frame, names)), None)


def _holds(frame: RecordedFrame, names: tuple[str, ...]) -> bool:
    return all(getattr(frame, name) is not None for name in names)


def spread(vectors: Array) -> float:
    """Root mean squared distance from the mean of (N, D)."""
    return float(np.sqrt(np.square(vectors - vectors.mean(0)).sum(1).mean()))


def nearest(vectors: Array, codes: Array) -> Array:
    """(N,) the nearest of `codes` (K, D) to each of `vectors` (N, D)."""
    squared = np.square(codes).sum(1)[None] - 2 * vectors @ codes.T
    return np.asarray(squared.argmin(1))


def directions(vectors: Array) -> float:
    """Participation ratio of the variances of (N, D), in [1, D]: how many directions they vary in; 0 if in none."""
    centred = vectors.astype(np.float64) - vectors.mean(0, dtype=np.float64)
    values = np.linalg.eigvalsh(centred.T @ centred).clip(min=0)
    length = float(np.square(vectors.astype(np.float64)).sum())
    if values.sum() <= 1e-8 * length:
        return 0.0
    return float(values.sum() ** 2 / np.square(values).sum())
