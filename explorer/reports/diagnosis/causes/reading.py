"""What makes a record mean less than it seems: too few vectors, foreign indices, ranks that parted, half precision."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from explorer.collapse.sketch import Sketch, series
from explorer.metrics.verdict import MANY_DEAD, VECTORS_PER_CODE
from explorer.reports.diagnosis.causes.sign import Sign
from explorer.reports.diagnosis.evidence import Evidence, nearest
from explorer.runs.recorded import RecordedFrame


class TooFew:
    """Too few vectors were counted to call a code dead."""

    name: ClassVar[str] = "too_few"

    def sign(self, evidence: Evidence) -> Sign | None:
        needed = VECTORS_PER_CODE * evidence.codes
        if evidence.vectors >= needed or not evidence.dead.any():
            return None
        bars = (series("vectors", [0], [evidence.vectors], "bars"), series("needed", [1], [needed], "bars", "muted"))
        return Sign(evidence.vectors, 1.0, Sketch("count", "vectors", bars))


class Foreign:
    """Indices that do not belong to this codebook, by either distance."""

    name: ClassVar[str] = "foreign"
    least, some = 0.5, 20

    def sign(self, evidence: Evidence) -> Sign | None:
        if evidence.level:
            return None  # of later levels the residuals are not recorded
        frames = evidence.having("z_e", "codebook", "indices")
        if not frames or len(frames[-1].z_e) < self.some:  # type: ignore[arg-type]
            return None
        best = self._best(frames[-1], evidence)
        if best >= self.least:
            return None
        shown = frames[:: max(1, len(frames) // 40)]
        drawn = series("agreement", [f.step for f in shown], [self._best(f, evidence) for f in shown], role="bad")
        return Sign(best, 1.0, Sketch("step", "agreement", (drawn,)))

    def _best(self, frame: RecordedFrame, evidence: Evidence) -> float:
        z_e, codes = np.asarray(frame.z_e), np.asarray(frame.codebook)[evidence.level]
        chosen = np.asarray(frame.indices)[:, evidence.level]
        kept = (chosen >= 0) & (chosen < evidence.codes)
        if not kept.any():
            return 0.0
        unit = codes / np.maximum(np.linalg.norm(codes, axis=1, keepdims=True), 1e-12)
        return max(self._agreeing(z_e[kept], rows, codes, chosen[kept]) for rows in (codes, unit))

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
        if apart <= self.least:
            return None
        bars = series("squared", np.arange(len(squares)).tolist(), squares.tolist(), "bars", "bad")
        return Sign(apart, 1.0, Sketch("rank_axis", "squared", (bars,)))


class Half:
    """Codebook, counts and sums in half precision."""

    name: ClassVar[str] = "half"
    steps = {"float16": 2.0**-11, "bfloat16": 2.0**-8}

    def sign(self, evidence: Evidence) -> Sign | None:
        step = self.steps.get(evidence.record.codebook_dtype)
        return Sign(step, 0.4, evidence.dead_sketch) if step and evidence.dead_share > MANY_DEAD else None
