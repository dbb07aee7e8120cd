"""Why codes died, by a record of the training: causes with a number as evidence, how sure it is, and what to change."""

from __future__ import annotations

from explorer.reports.diagnosis.causes import CAUSES, Cause
from explorer.reports.diagnosis.diagnose import Diagnosis, Found, diagnose
from explorer.reports.diagnosis.evidence import Evidence
from explorer.reports.diagnosis.sentences import CAUSE_SENTENCES, REMEDIES

__all__ = ["CAUSES", "CAUSE_SENTENCES", "REMEDIES", "Cause", "Diagnosis", "Evidence", "Found", "diagnose"]
