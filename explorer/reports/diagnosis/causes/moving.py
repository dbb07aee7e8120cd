"""How codes and outputs move: outputs that run away, placed codes that do not stay, restarts that cannot work."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import numpy as np

from explorer.collapse.sketch import Sketch, series
from explorer.metrics.verdict import MANY_DEAD
from explorer.reports.diagnosis.causes.sign import Sign
from explorer.reports.diagnosis.evidence import Array, Evidence, distances, spread
from explorer.runs.recorded import RecordedFrame


class Drift:
    """Encoder outputs have moved away faster than codes follow."""

    name: ClassVar[str] = "drift"
    least, least_lag, vectors = 1.0, 0.35, 5

    def sign(self, evidence: Evidence) -> Sign | None:
        used = ~evidence.dead
        frames = evidence.having("z_e", "codebook")
        if not frames or not used.any() or evidence.dead_share <= MANY_DEAD:
            return None
        apart = self._apart(frames[-1], evidence)
        lag = float(np.median([self._lag(frame, evidence) for frame in frames[-5:]]))
        if apart <= self.least and lag <= self.least_lag:
            return None
        shown = frames[:: max(1, len(frames) // 40)]
        values = [max(self._apart(frame, evidence), self._lag(frame, evidence)) for frame in shown]
        line = series("distance", [frame.step for frame in shown], values, role="bad")
        return Sign(max(apart, lag), 0.8, Sketch("step", "distance", (line,)))

    def _apart(self, frame: RecordedFrame, evidence: Evidence) -> float:
        """Of the cloud's mean from the mean of the codes that are used at the end, in spreads."""
        z_e, codes = np.asarray(frame.z_e), np.asarray(frame.codebook)[evidence.level]
        weights = evidence.window / evidence.window.sum()
        return float(np.linalg.norm(z_e.mean(0) - weights @ codes)) / max(spread(z_e), 1e-12)

    def _lag(self, frame: RecordedFrame, evidence: Evidence) -> float:
        """Of each code from the mean of its vectors, in spreads, over codes that have a few; 0 where none has."""
        if frame.indices is None or evidence.level:
            return 0.0
        z_e, codes = np.asarray(frame.z_e), np.asarray(frame.codebook)[0]
        chosen = np.asarray(frame.indices)[:, 0]
        kept = (chosen >= 0) & (chosen < len(codes))
        hits = np.bincount(chosen[kept], minlength=len(codes))
        sums = np.zeros_like(codes)
        np.add.at(sums, chosen[kept], z_e[kept])
        some = hits >= self.vectors
        if not some.any():
            return 0.0
        away = np.square(sums[some] / hits[some][:, None] - codes[some]).sum(1)
        return float(np.sqrt((hits[some] * away).sum() / hits[some].sum())) / max(spread(z_e), 1e-12)


class Carried:
    """Codes are hit in between and stand far off whenever one looks: something carries them away again."""

    name: ClassVar[str] = "carried"
    least, some, far = 0.3, 10, 1.0

    def sign(self, evidence: Evidence) -> Sign | None:
        frames = evidence.having("z_e", "codebook")
        if evidence.level or len(frames) < 4:
            return None
        steps, shares, hit, seen = [], [], 0, 0
        before = self._far(frames[0], evidence)
        for frame in frames[1:]:
            now = self._far(frame, evidence)
            both = before & now
            hits = evidence.hits_after(frame) > 0
            hit, seen = hit + int((hits & both).sum()), seen + int(both.sum())
            if both.any():
                steps.append(frame.step)
                shares.append(float(hits[both].mean()))
            before = now
        if hit < self.some or hit < self.least * seen:
            return None
        drawn = series("hit_far", steps, shares, role="bad")
        return Sign(hit / seen, 0.7, Sketch("step", "hit_far", (drawn,)))

    def _far(self, frame: RecordedFrame, evidence: Evidence) -> Array:
        z_e, codes = np.asarray(frame.z_e), np.asarray(frame.codebook)[evidence.level]
        return np.asarray(distances(codes, z_e) > self.far * spread(z_e))


class RestartBelow:
    """Codes are restarted below more hits a step than there are for each of them: nobody is ever safe."""

    name: ClassVar[str] = "restart"
    jumping, moved = 0.4, 0.5

    def sign(self, evidence: Evidence) -> Sign | None:
        even = evidence.vectors_a_step / evidence.codes
        below = evidence.setting("restart_below")
        if not even:
            return None
        if below is not None:
            return Sign(even, 0.95, self._sketch(evidence), other=below) if below > even else None
        steps, shares = self._jumps(evidence)
        late = shares[len(shares) // 2 :]
        if len(late) < 3 or float(np.median(late)) < self.jumping:
            return None
        drawn = series("jumped", steps, shares, role="bad")
        return Sign(even, 0.6, Sketch("step", "jumped", (drawn,)), other=even)

    def _jumps(self, evidence: Evidence) -> tuple[list[int], list[float]]:
        """Share of codes that moved by half the cloud's spread from a frame to the next, while the cloud stood."""
        steps, shares = [], []
        for first, second in pairwise(evidence.having("z_e", "codebook")):
            z_e, moved_on = np.asarray(second.z_e), np.asarray(first.z_e)
            width = max(spread(z_e), 1e-12)
            if np.linalg.norm(z_e.mean(0) - moved_on.mean(0)) > 0.5 * self.moved * width:
                continue
            codes, were = (np.asarray(f.codebook)[evidence.level] for f in (second, first))
            steps.append(second.step)
            shares.append(float((np.linalg.norm(codes - were, axis=1) > self.moved * width).mean()))
        return steps, shares

    def _sketch(self, evidence: Evidence) -> Sketch:
        steps, shares = self._jumps(evidence)
        return Sketch("step", "jumped", (series("jumped", steps, shares, role="bad"),))


class RestartLate:
    """Restarts wait longer than the training has lasted."""

    name: ClassVar[str] = "restart_late"

    def sign(self, evidence: Evidence) -> Sign | None:
        each, steps = evidence.setting("restart_vectors_per_code"), evidence.setting("restart_steps")
        if each is None or not evidence.vectors_a_step or evidence.dead_share <= MANY_DEAD:
            return None
        wait = max(steps or 0, each * evidence.codes / evidence.vectors_a_step)
        last = evidence.record.frames[-1].step
        return Sign(wait, 0.85, evidence.dead_sketch, other=last) if wait > last else None
