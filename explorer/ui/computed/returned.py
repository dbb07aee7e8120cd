"""Codes that no vector chose and that were chosen again: in a real training the encoder moves too."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.computed.film import has_film


@dataclass(frozen=True)
class Returned:
    """What a film says of the codes that had no hit where most of them had none.

    Attributes:
        step: the frame with the most codes without a hit in its recorded window, not counting the start.
        unchosen: how many codes had none there.
        back: how many of them had a hit in a later frame, restarts included.
        by: the frame at which the last of those was first seen again; `step` if none was.
        last: the film's last step.
    """

    step: int
    unchosen: int
    back: int
    by: int
    last: int


def returned(run: Run) -> Returned | None:
    """The count over a run's film; None where it kept none, or where every code always had a hit."""
    if not has_film(run) or "hits" not in run.trace.frames or len(run.trace.frame_steps) < 3:
        return None
    return _returned(run.id, run.weights_sha256)


@lru_cache(maxsize=32)
def _returned(run_id: str, weights_sha256: str) -> Returned | None:  # noqa: ARG001
    trace = catalog.run(run_id).trace
    hit = trace.frames["hits"] > 0  # (T, K)
    unhit = (~hit[1:-1]).sum(1)  # there has to be a window before, and a frame after
    at = 1 + int(unhit.argmax())
    rows = ~hit[at]
    if not rows.any():
        return None
    later = hit[at + 1 :, rows]  # (T - at - 1, unchosen)
    back = later.any(0)
    steps = trace.frame_steps
    by = int(steps[at + 1 + int(later[:, back].argmax(0).max())]) if back.any() else int(steps[at])
    return Returned(int(steps[at]), int(rows.sum()), int(back.sum()), by, int(steps[-1]))
