"""Figures of a run's report, or a sentence about how to get them; and how figures are written."""

from __future__ import annotations

import math
from typing import Any

from explorer.errors import RunError
from explorer.runs import Run

EVALUATE = "evaluate {run} --write"
GENERATION = "generation {run}"
PRIOR = "train-prior {run}"


def figure(run: Run, *keys: str, command: str = EVALUATE) -> float:
    """A number of a report, by its path.

    Raises:
        RunError: it was not measured; `command` measures it.
    """
    value: Any = run.report
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise RunError("run_unmeasured", run=run.id, command=command.format(run=run.id))
    return float(value)


def rate(run: Run, rung: str) -> float:
    """Bits per image on a rung (`explorer.metrics.rate.RUNGS`), of a VAE as of a VQ-VAE."""
    return figure(run, "rates", rung, command=PRIOR if rung == "learned" else EVALUATE)


def kid(run: Run, prior: str) -> tuple[float, float]:
    """KID-clf of a prior's samples and its standard deviation over subsets."""
    path = ("generation", "rows", prior, "kid_clf")
    return figure(run, *path, "value", command=GENERATION), figure(run, *path, "sd", command=GENERATION)


def written(value: float, digits: int) -> str:
    """With a true minus sign and commas between thousands."""
    return f"{value:,.{digits}f}".replace("-", "−")


def bits(value: float) -> str:
    """A rate: one digit where it matters."""
    return written(value, 1 if value < 100 else 0)
