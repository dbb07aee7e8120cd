"""Causes of dead codes, one small class each. A new one is a class, a registry line, and its sentences.

A cause looks at `Evidence` and answers how sure it is, in [0, 1], and the number that its sentence names, or None where
it does not apply. Thresholds are where its own test and its neighbours' tests part; `docs` say how they were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from explorer.metrics.verdict import MANY_DEAD, VECTORS_PER_CODE
from explorer.reports.diagnosis.evidence import Evidence, directions, nearest, spread


@dataclass(frozen=True)
class Sign:
    """What a cause found.

    Attributes:
        number: its evidence.
        sure: in [0, 1].
    """

    number: float
    sure: float


class Cause(Protocol):
    """What a cause offers."""

    name: ClassVar[str]

    def sign(self, evidence: Evidence) -> Sign | None:
        """What speaks for it, or None."""


class TooFew:
    """Too few vectors were counted to call a code dead."""

    name: ClassVar[str] = "too_few"

    def sign(self, evidence: Evidence) -> Sign | None:
        needed = VECTORS_PER_CODE * evidence.codes
        return Sign(evidence.vectors, 1.0) if evidence.vectors < needed and evidence.dead.any() else None


class Foreign:
    """Indices that do not belong to this codebook, by either distance."""

    name: ClassVar[str] = "foreign"
    least, some = 0.5, 20

    def sign(self, evidence: Evidence) -> Sign | None:
        frame = evidence.last("z_e", "codebook", "indices")
        if frame is None or evidence.level or len(frame.z_e) < self.some:  # type: ignore[arg-type]
            return None  # of later levels the residuals are not recorded
        z_e, codes = np.asarray(frame.z_e), np.asarray(frame.codebook)[evidence.level]
        chosen = np.asarray(frame.indices)[:, evidence.level]
        kept = (chosen >= 0) & (chosen < evidence.codes)
        if not kept.any():
            return Sign(0.0, 1.0)
        unit = codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), 1e-12)
        best = max(self._agreeing(z_e[kept], rows, codes, chosen[kept]) for rows in (codes, unit))
        return Sign(best, 1.0) if best < self.least else None

    def _agreeing(self, z_e: np.ndarray, rows: np.ndarray, codes: np.ndarray, chosen: np.ndarray) -> float:
        """Share whose code is the nearest, or as near as it: equal codes and rounding are no disagreement."""
        found = nearest(z_e, rows)
        far = np.linalg.norm(z_e - codes[chosen], axis=1)
        near = np.linalg.norm(z_e - codes[found], axis=1)
        return float(((found == chosen) | (far <= near * 1.02 + 1e-6)).mean())


class RanksDiffer:
    """Ranks whose codebooks have parted."""

    name: ClassVar[str] = "ranks"
    least = 1e-3

    def sign(self, evidence: Evidence) -> Sign | None:
        frame = evidence.last("ranks")
        if frame is None or len(frame.ranks) < 2:  # type: ignore[arg-type]
            return None
        squares = np.asarray(frame.ranks)[:, 1]
        apart = float(np.ptp(squares) / max(squares.max(), 1e-12))
        return Sign(apart, 1.0) if apart > self.least else None


class EncoderCollapsed:
    """The encoder's outputs lie on a line, or on a point."""

    name: ClassVar[str] = "encoder"
    most = 1.2

    def sign(self, evidence: Evidence) -> Sign | None:
        frame = evidence.last("z_e")
        if frame is None or evidence.record.embedding_dim < 3:
            return None
        found = directions(np.asarray(frame.z_e))
        return Sign(found, 0.9) if found <= self.most else None


class Identical:
    """Most codes are one point, up to rounding."""

    name: ClassVar[str] = "identical"
    least = 0.5

    def sign(self, evidence: Evidence) -> Sign | None:
        if evidence.distinct is None:
            return None
        merged = 1 - evidence.distinct / min(evidence.codes, 8192)
        return Sign(merged, 0.8) if merged >= self.least else None


class _Width:
    """How wide the first codebook was, over the cloud of encoder outputs beside it."""

    def ratio(self, evidence: Evidence) -> float | None:
        """None where too few codes died for it to matter, or nothing was recorded in the first tenth."""
        frame = evidence.first("z_e", "codebook")
        if frame is None or evidence.dead_share <= MANY_DEAD:
            return None
        if frame.step > 0.1 * max(10, evidence.record.frames[-1].step):
            return None
        cloud = spread(np.asarray(frame.z_e))
        return spread(np.asarray(frame.codebook)[evidence.level]) / cloud if cloud else None


class Narrow(_Width):
    """The first codebook was a small ball in or beside the cloud: one code or few caught everything."""

    name: ClassVar[str] = "narrow"
    most = 0.2

    def sign(self, evidence: Evidence) -> Sign | None:
        ratio = self.ratio(evidence)
        return Sign(ratio, min(0.9, 0.5 + 0.1 * np.log2(self.most / ratio))) if ratio and ratio < self.most else None


class Wide(_Width):
    """The first codebook was much wider than the cloud: few codes lay within it."""

    name: ClassVar[str] = "wide"
    least = 3.0

    def sign(self, evidence: Evidence) -> Sign | None:
        ratio = self.ratio(evidence)
        return Sign(ratio, min(0.9, 0.5 + 0.1 * np.log2(ratio / self.least))) if ratio and ratio > self.least else None


class Drift:
    """Encoder outputs have moved away faster than codes follow."""

    name: ClassVar[str] = "drift"
    least = 1.0

    def sign(self, evidence: Evidence) -> Sign | None:
        frame = evidence.last("z_e", "codebook")
        used = ~evidence.dead
        if frame is None or not used.any() or evidence.dead_share <= MANY_DEAD:
            return None
        z_e, codes = np.asarray(frame.z_e), np.asarray(frame.codebook)[evidence.level]
        weights = evidence.window / evidence.window.sum()
        apart = float(np.linalg.norm(z_e.mean(0) - weights @ codes)) / max(spread(z_e), 1e-12)
        return Sign(apart, 0.8) if apart > self.least else None


class Half:
    """Codebook, counts and sums in half precision."""

    name: ClassVar[str] = "half"
    steps = {"float16": 2.0**-11, "bfloat16": 2.0**-8}

    def sign(self, evidence: Evidence) -> Sign | None:
        step = self.steps.get(evidence.record.codebook_dtype)
        return Sign(step, 0.4) if step and evidence.dead_share > MANY_DEAD else None


class _Fate:
    """Which of the dead codes were hit before the window."""

    def born(self, evidence: Evidence) -> float | None:
        """Their share, or None where few codes are dead."""
        if evidence.dead_share <= MANY_DEAD:
            return None
        return float((evidence.hits.sum(0)[evidence.dead] > 0).mean())


class NeverBorn(_Fate):
    """Most dead codes were never hit: where they began is what matters."""

    name: ClassVar[str] = "never_born"

    def sign(self, evidence: Evidence) -> Sign | None:
        born = self.born(evidence)
        return Sign(1 - born, 0.3) if born is not None and born < 0.5 else None


class Killed(_Fate):
    """Most dead codes lost their vectors on the way: what happened in training is what matters."""

    name: ClassVar[str] = "killed"

    def sign(self, evidence: Evidence) -> Sign | None:
        born = self.born(evidence)
        return Sign(born, 0.3) if born is not None and born >= 0.5 else None


#: In the order in which they are said where they are equally sure: what makes a record meaningless comes first.
CAUSES: tuple[Cause, ...] = (
    Foreign(),
    RanksDiffer(),
    TooFew(),
    EncoderCollapsed(),
    Identical(),
    Wide(),
    Narrow(),
    Drift(),
    Half(),
    NeverBorn(),
    Killed(),
)
