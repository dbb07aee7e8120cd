"""Frames of a run's film, as the steps about codebooks need them."""

from __future__ import annotations

import numpy as np

from explorer.errors import RunError
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.computed.film import has_film


def filmed(run_id: str) -> Run:
    """A run that kept the film of its codebook.

    Raises:
        RunError: it kept none.
    """
    run = catalog.run(run_id)
    if not has_film(run):
        raise RunError("run_no_film", run=run_id)
    return run


def frame_near(run: Run, step: int | None) -> int:
    """The frame nearest to a step; the last for None."""
    steps = run.trace.frame_steps
    return len(steps) - 1 if step is None else int(np.abs(steps - step).argmin())


def step_near(run: Run, step: int) -> int:
    """The recorded step nearest to a step."""
    return int(run.trace.frame_steps[frame_near(run, step)])
