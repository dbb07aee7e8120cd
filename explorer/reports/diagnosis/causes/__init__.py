"""Causes of dead codes, one small class each. A new one is a class, a line in `CAUSES`, and its sentences.

A cause looks at `Evidence` and answers how sure it is, in [0, 1], and the number that its sentence names, or None where
it does not apply. Thresholds are where its own test and its neighbours' tests part, and where trainings that were
broken on purpose do.
"""

from __future__ import annotations

from explorer.reports.diagnosis.causes.encoder import EncoderCollapsed, OneClass
from explorer.reports.diagnosis.causes.fate import Killed, NeverBorn
from explorer.reports.diagnosis.causes.losses import CommitmentSide, LossScale
from explorer.reports.diagnosis.causes.moving import Carried, Drift, RestartBelow, RestartLate
from explorer.reports.diagnosis.causes.reading import Foreign, Half, RanksDiffer, TooFew
from explorer.reports.diagnosis.causes.sign import Cause, Sign
from explorer.reports.diagnosis.causes.start import Identical, Narrow, Wide

__all__ = ["CAUSES", "Cause", "Sign"]

#: In the order in which they are said where they are equally sure: what makes a record meaningless comes first.
CAUSES: tuple[Cause, ...] = (
    Foreign(),
    RanksDiffer(),
    TooFew(),
    RestartBelow(),
    LossScale(),
    EncoderCollapsed(),
    Identical(),
    Wide(),
    Narrow(),
    Carried(),
    CommitmentSide(),
    Drift(),
    RestartLate(),
    Half(),
    OneClass(),
    NeverBorn(),
    Killed(),
)
