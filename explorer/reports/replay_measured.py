"""How well replays predicted real retrainings: the figures that stand beside each of them (scripts/replay_study.py)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

MEASURED = Path(__file__).with_name("replay_measured.json")


@dataclass(frozen=True)
class PredictedBy:
    """Replays beside the trainings that they stand for.

    Attributes:
        trainings: pairs, of `configurations` of set, D and K.
        rank_dead, rank_distortion: Spearman's rank correlation over a configuration's settings, in [-1, 1], the mean
            over configurations.
        error_dead, worst_dead: median and largest difference, in shares of K.
        error_distortion: median difference, relative to the trained one.
    """

    trainings: int
    configurations: int
    rank_dead: float
    rank_distortion: float
    error_dead: float
    worst_dead: float
    error_distortion: float


@cache
def measured() -> PredictedBy | None:
    """The shipped figures; None where none are."""
    return PredictedBy(**json.loads(MEASURED.read_text(encoding="utf-8"))) if MEASURED.is_file() else None


def written(found: PredictedBy) -> str:
    """What is shipped."""
    return json.dumps({name: round(value, 4) for name, value in asdict(found).items()}, indent=1) + "\n"


def ranks_agree(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rank correlation, ties sharing their mean rank; 0 where either side is all equal.

    Raises:
        ValueError: of different lengths.
    """
    if len(one) != len(other):
        raise ValueError("two sequences of different lengths")
    first, second = (_ranks(np.asarray(values, float)) for values in (one, other))
    if not first.std() or not second.std():
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[inverse])
