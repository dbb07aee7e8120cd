"""What the causes look at: one codebook of a record, with its hits at the end and its encoder outputs on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.collapse.sketch import Sketch, series
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

    @cached_property
    def vectors_a_step(self) -> float:
        """Encoder outputs of a step, by the frames that hold some; 0 if none does."""
        totals = [frame.z_e_total for frame in self.record.frames if frame.z_e_total]
        return float(np.median(totals)) if totals else 0.0

    @cached_property
    def dead_sketch(self) -> Sketch:
        """Share of codes without a hit since the frame before."""
        frames = self.record.frames[1:] or self.record.frames
        shares = [float((frame.hits[self.level] == 0).mean()) for frame in frames]
        drawn = series("dead_share", [max(1, frame.step) for frame in frames], shares, role="bad")
        return Sketch("step", "dead_share", (drawn,), log_x=True)

    def setting(self, name: str) -> float | None:
        """A number that the record knows of its quantizer."""
        value = self.record.settings.get(name)
        return float(value) if isinstance(value, int | float) else None

    def curve(self, name: str) -> tuple[Array, Array] | None:
        """Steps and values of the later half of a curve, without gaps; None without any."""
        values = self.record.curves.get(name)
        if values is None:
            return None
        there = np.flatnonzero(np.isfinite(values))
        there = there[len(there) // 2 :]
        return (self.record.curve_steps[there], values[there]) if len(there) else None

    def named_curve(self, word: str) -> tuple[Array, Array] | None:
        """The only logged loss whose name holds `word`."""
        found = [name for name in self.record.curves if word in name.lower() and not name.startswith("recorder/")]
        return self.curve(found[0]) if len(found) == 1 else None

    def distortion(self, frame: RecordedFrame) -> float:
        """Mean over numbers of `(z_e - e)²` of a frame that holds vectors, codes and indices; 0 without any vector."""
        chosen = np.asarray(frame.indices)[:, self.level]
        kept = (chosen >= 0) & (chosen < self.codes)
        codes = np.asarray(frame.codebook)[self.level]
        return float(np.square(np.asarray(frame.z_e)[kept] - codes[chosen[kept]]).mean()) if kept.any() else 0.0

    def hits_after(self, frame: RecordedFrame) -> Array:
        """(K,) hits from the last frame that holds vectors and codes up to this one."""
        place = self.record.frames.index(frame)
        first = place
        while first > 0 and not _holds(self.record.frames[first - 1], ("z_e", "codebook")):
            first -= 1
        return np.asarray(sum(one.hits[self.level] for one in self.record.frames[first : place + 1]))

    def having(self, *names: str) -> list[RecordedFrame]:
        """The frames that hold all of these."""
        return [frame for frame in self.record.frames if _holds(frame, names)]

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


def distances(codes: Array, vectors: Array) -> Array:
    """(K,) how far each of `codes` (K, D) is from the nearest of `vectors` (N, D)."""
    squared = np.square(codes).sum(1)[:, None] - 2 * codes @ vectors.T + np.square(vectors).sum(1)[None]
    return np.asarray(np.sqrt(np.maximum(squared.min(1), 0)))


def variances(vectors: Array) -> Array:
    """(D,) of (N, D) along its principal directions, rising."""
    centred = vectors.astype(np.float64) - vectors.mean(0, dtype=np.float64)
    return np.asarray(np.linalg.eigvalsh(centred.T @ centred).clip(min=0) / len(vectors))


def directions(vectors: Array) -> float:
    """Participation ratio of the variances of (N, D), in [1, D]: how many directions they vary in; 0 if in none."""
    values = variances(vectors)
    length = float(np.square(vectors.astype(np.float64)).sum(1).mean())
    if values.sum() <= 1e-8 * length:
        return 0.0
    return float(values.sum() ** 2 / np.square(values).sum())
