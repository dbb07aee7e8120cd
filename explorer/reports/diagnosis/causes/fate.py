"""What became of the dead codes: never born, or killed on the way; the least that can be said."""

from __future__ import annotations

from typing import ClassVar

from explorer.metrics.verdict import MANY_DEAD
from explorer.reports.diagnosis.causes.sign import Sign
from explorer.reports.diagnosis.evidence import Evidence


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
        return Sign(1 - born, 0.3, evidence.dead_sketch) if born is not None and born < 0.5 else None


class Killed(_Fate):
    """Most dead codes lost their vectors on the way: what happened in training is what matters."""

    name: ClassVar[str] = "killed"

    def sign(self, evidence: Evidence) -> Sign | None:
        born = self.born(evidence)
        return Sign(born, 0.3, evidence.dead_sketch) if born is not None and born >= 0.5 else None
