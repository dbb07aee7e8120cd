"""Where the codebook began: much narrower than the cloud of encoder outputs, much wider, or on one point."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from explorer.collapse.sketch import Sketch, series
from explorer.metrics.collapse import near_duplicates
from explorer.metrics.verdict import MANY_DEAD
from explorer.reports.diagnosis.causes.sign import Sign
from explorer.reports.diagnosis.evidence import Evidence, spread

#: Codes that are compared with each other.
COMPARED = 8192


class Identical:
    """Most codes began as one point, up to rounding, or most of those that are used have become one."""

    name: ClassVar[str] = "identical"
    least = 0.5

    def sign(self, evidence: Evidence) -> Sign | None:
        frames = evidence.having("codebook")
        if not frames:
            return None
        # a codebook that begins from data is one point, 0, until its first pass
        first = min(self._merged(np.asarray(f.codebook)[evidence.level]) for f in frames[:3])
        used = self._merged(np.asarray(frames[-1].codebook)[evidence.level][~evidence.dead])
        if first < self.least and used < self.least:
            return None
        shown = frames[:: max(1, len(frames) // 20)]
        counts = [near_duplicates(np.asarray(f.codebook)[evidence.level]).distinct for f in shown]
        drawn = series("distinct", [f.step for f in shown], counts, role="bad")
        sure = 0.92 if first >= self.least else 0.7
        return Sign(first if first >= self.least else used, sure, Sketch("step", "distinct", (drawn,)))

    def _merged(self, codes: np.ndarray) -> float:
        if len(codes) < 2:
            return 0.0
        return 1 - near_duplicates(codes).distinct / min(len(codes), COMPARED)


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

    def sketch(self, evidence: Evidence) -> Sketch:
        """Both spreads over training."""
        frames = evidence.having("z_e", "codebook")
        steps = [1 + frame.step for frame in frames]
        outputs = [spread(np.asarray(frame.z_e)) for frame in frames]
        codes = [spread(np.asarray(frame.codebook)[evidence.level]) for frame in frames]
        lines = (series("spread_outputs", steps, outputs, role="muted"), series("spread_codes", steps, codes))
        return Sketch("step", "spread", lines, log_x=True, log_y=True)


class Narrow(_Width):
    """The first codebook was a small ball in or beside the cloud: one code or few caught everything."""

    name: ClassVar[str] = "narrow"
    most = 0.2

    def sign(self, evidence: Evidence) -> Sign | None:
        ratio = self.ratio(evidence)
        if not ratio or ratio >= self.most:
            return None
        return Sign(ratio, min(0.9, 0.5 + 0.1 * np.log2(self.most / ratio)), self.sketch(evidence))


class Wide(_Width):
    """The first codebook was much wider than the cloud: few codes lay within it."""

    name: ClassVar[str] = "wide"
    least = 3.0

    def sign(self, evidence: Evidence) -> Sign | None:
        ratio = self.ratio(evidence)
        if not ratio or ratio <= self.least:
            return None
        return Sign(ratio, min(0.9, 0.5 + 0.1 * np.log2(ratio / self.least)), self.sketch(evidence))
