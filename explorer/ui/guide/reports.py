"""Figures of a run's report, or a sentence about how to get them; and how figures are written."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from explorer.errors import RunError
from explorer.metrics.rate_match import CLOSE
from explorer.reports.matching import common_rung
from explorer.runs import Run
from explorer.ui.text import text

EVALUATE = "evaluate {run} --write"
GENERATION = "generation {run}"
PRIOR = "train-prior {run}"
FAIR = 1 + CLOSE  # times as many bits, within which two rates count as matched


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


def rung_of(*runs: Run) -> str:
    """The highest that all have; "fixed" where one was not measured, which is then said."""
    return common_rung(*runs) or "fixed"


def rung_named(rung: str) -> Callable[[str], str]:
    """A rung's name in a language."""
    return lambda lang: text(f"sharpness.rung.{rung}", lang)


def is_fair(one: float, other: float) -> bool:
    """Whether two rates count as matched."""
    return max(one, other) <= FAIR * min(one, other)


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
