"""Why a VAE's units fell silent, by a record of its training: above all a loss averaged where it must be summed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.metrics.posterior import silent_units
from explorer.metrics.reductions import Reduction, effective_beta, reduction_of
from explorer.recording.units import BATCH, PER_VALUE, SUMMED_KL, WEIGHT
from explorer.runs.recorded_units import RecordedUnits

#: A logged term is one of the usual ones where it is as large, but for this share.
SAME = 0.02
#: A KL below this is no number to divide by.
LEAST_NATS = 1e-4
#: How many times too heavy a KL is called a fault; below it somebody may well have chosen it.
FAULT = 5.0
#: Shares of silent units from which a record is a warning and a collapse.
WARNING, COLLAPSE = 0.1, 0.5

SAYS = (
    "The error is averaged where it must be summed: it is a mean over {over} while the KL is {kl}, so that the KL "
    "weighs {number:.0f} times what the ELBO gives it, as if β were {number:.0f}."
)
TRY = (
    "Sum the error over the {values} values of a picture and average over the batch alone: "
    'F.mse_loss(x_hat, x, reduction="sum") / len(x), or multiply the KL by 1/{number:.0f}.'
)


@dataclass(frozen=True)
class Averaged:
    """What a record shows of the two terms.

    Attributes:
        number: how many times too heavy the KL is: d, where the error is a mean over a picture's d values beside a KL
            that is summed over units; d/Z where that is a mean too.
        over: what the error is a mean over, in words.
        kl: how the KL is reduced, in words.
    """

    number: float
    over: str
    kl: str


@dataclass(frozen=True)
class UnitDiagnosis:
    """What a VAE's record shows.

    Attributes:
        record: that was looked at.
        silent: units that say next to nothing at the last frame, see `SILENT_NATS`.
        averaged: the fault, or None where nothing speaks for it.
    """

    record: RecordedUnits
    silent: int
    averaged: Averaged | None

    @property
    def units(self) -> int:
        """Z."""
        return self.record.kl_units.shape[1]

    @property
    def verdict(self) -> str:
        """By the share of silent units."""
        share = self.silent / self.units
        return "collapse" if share >= COLLAPSE else "warning" if share >= WARNING else "healthy"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, sentences in English."""
        causes = []
        if self.averaged is not None:
            said = vars(self.averaged) | {"values": self.record.values}
            causes = [
                {
                    "cause": "averaged",
                    "evidence": self.averaged.number,
                    "confidence": "clear",
                    "says": SAYS.format(**said),
                    "try": TRY.format(**said),
                }
            ]
        return {
            "record": self.record.id,
            "kind": "recorded-units",
            "step": int(self.record.steps[-1]),
            "verdict": self.verdict,
            "units": self.units,
            "silent": self.silent,
            "kl_nats": float(self.record.kl_units[-1].sum()),
            "causes": causes,
            "notes": list(self.record.notes),
        }


def diagnose_units(record: RecordedUnits) -> UnitDiagnosis:
    """Count silent units, and compare the logged terms with what the ELBO has."""
    return UnitDiagnosis(record, silent_units(record.kl_units[-1]), averaged(record))


def averaged(record: RecordedUnits) -> Averaged | None:
    """How the terms are reduced, and by how much the KL is too heavy; None where it is not, or cannot be told.

    The error's reduction is recognised, not estimated: one of the usual errors, as a mean or a sum over values and over
    the batch, has to be as large as what was logged. Weights count where the record has them: a KL that is multiplied
    by 1/d beside a mean is no fault.
    """
    error, kl = _of_error(record), _of_kl(record)
    if error is None or kl is None:
        return None
    number = effective_beta(1.0, error, kl)
    weight = _weight(record, "kl") / _weight(record, "reconstruction")
    if min(number, number * weight) < FAULT:
        return None
    how = "averaged over its units" if kl.over == "units" else "summed over its units"
    return Averaged(number, f"the {record.values} values of a picture", how)


def _of_error(record: RecordedUnits) -> Reduction | None:
    """The reduction of the logged error: that of the usual one which it is nearest to, within 2 %."""
    logged, batch = record.curves.get("reconstruction"), record.curves.get(BATCH)
    if logged is None or batch is None or record.values < 2:
        return None
    size = float(np.nanmedian(batch))
    found: list[tuple[float, int, Reduction]] = []
    for name in PER_VALUE:
        mean = record.curves.get(f"recorder/{name}", logged * np.nan)
        there = np.isfinite(mean) & np.isfinite(logged) & (mean > 0) & (logged > 0)
        if not there.any():
            continue
        summed = float(np.median(record.values * mean[there] / logged[there]))
        reduction = reduction_of(1.0, summed, size=record.values, size_name="values", batch=int(size))
        whole = {"sum": 1.0, "values": record.values, "batch × sum": 1 / size, "values+batch": record.values * size}
        if reduction.over in whole:
            found.append((abs(np.log(reduction.factor / whole[reduction.over])), len(found), reduction))
    best = min(found, default=None)
    return best[2] if best is not None and best[0] < SAME else None


def _of_kl(record: RecordedUnits) -> Reduction | None:
    """The reduction of the logged KL, by the steps whose posteriors are not all the prior."""
    logged, summed, batch = (record.curves.get(name) for name in ("kl", SUMMED_KL, BATCH))
    if logged is None or summed is None or batch is None:
        return None
    there = np.isfinite(logged) & (logged > 0) & (summed > LEAST_NATS)
    if not there.any():
        return None
    ratio, units = float(np.median(summed[there] / logged[there])), record.kl_units.shape[1]
    return reduction_of(1.0, ratio, size=units, size_name="units", batch=int(np.nanmedian(batch)))


def _weight(record: RecordedUnits, name: str) -> float:
    """What a term is multiplied with in the loss, at the end; 1 where the record does not know."""
    values = record.curves.get(WEIGHT + name)
    there = np.zeros(0) if values is None else values[np.isfinite(values)]
    return float(there[-1]) if len(there) and there[-1] > 0 else 1.0
