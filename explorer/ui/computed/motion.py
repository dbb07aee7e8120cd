"""How far a codebook went from each frame of its film to the next: codes that were hit, and codes that were not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer.runs import Run
from explorer.training.trace import Trace
from explorer.ui.computed import catalog

#: Of its length: a code that went less far stands still, as far as a film of float16 can tell.
MOVED = 1e-3


@dataclass(frozen=True)
class Motion:
    """Between frames t and t + 1; a hit is one in the window that frame t + 1 recorded.

    Attributes:
        used: (T - 1,) median net distance per step of codes with a hit, three digits; None where no code has one.
        unhit: (T - 1,) codes without a hit.
        moved: (T - 1,) how many of these went farther than `MOVED` of their length.
    """

    used: tuple[float | None, ...]
    unhit: tuple[int, ...]
    moved: tuple[int, ...]


def motion(run: Run) -> Motion:
    """The motion of a run that has a film with hits."""
    return _motion(run.id, run.weights_sha256)


@lru_cache(maxsize=32)
def _motion(run_id: str, weights_sha256: str) -> Motion:  # noqa: ARG001
    return motion_of(catalog.run(run_id).trace)


def motion_of(trace: Trace) -> Motion:
    """The same of the frames of one codebook."""
    codebook = trace.frames["codebook"].astype(np.float64)  # (T, K, D)
    distance = np.linalg.norm(np.diff(codebook, axis=0), axis=2)  # (T - 1, K)
    length = np.linalg.norm(codebook, axis=2)
    far = distance > MOVED * np.maximum(length[:-1], length[1:])
    hit = trace.frames["hits"][1:] > 0
    pace = distance / np.diff(trace.frame_steps)[:, None]
    return Motion(
        used=tuple(
            float(f"{np.median(row[used]):.3g}") if used.any() else None for row, used in zip(pace, hit, strict=True)
        ),
        unhit=tuple((~hit).sum(1).tolist()),
        moved=tuple((far & ~hit).sum(1).tolist()),
    )
