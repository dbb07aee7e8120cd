"""Visitors whom nobody has been for long, with all that they keep; and what a crash left at the start."""

from __future__ import annotations

import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

from explorer.data.stored import sweep_stored
from explorer.files.passing import PREFIX, sweep
from explorer.jobs import spool
from explorer.jobs.home import home
from explorer.jobs.limits import limits
from explorer.jobs.sets import delete_sets
from explorer.runs import run_roots
from explorer.runs.writing import recover

DAY = 86_400.0
OBSERVED = 3600.0  # seconds
#: Among the temporary folders, those in which something of a visitor's was under way.
LEFT = re.compile(rf"{PREFIX}(?:report|pictures|map|run)-")


def expire(now: float | None = None, ticks: float | None = None) -> None:
    """Delete the visitors whom nobody has been for longer than the limit; those with a living trainer stay.

    A clock may jump: who looks gone by it is deleted only when they look so again `OBSERVED` seconds later, measured
    by a clock that does not, and were not here in between.

    Args:
        now: seconds since 1970, this moment if left out.
        ticks: monotonic seconds, likewise.
    """
    now, ticks = time.time() if now is None else now, time.monotonic() if ticks is None else ticks
    gone = {}
    for folder in (home() / "visitors").glob("*"):
        with suppress(OSError):
            seen = folder.stat().st_mtime
            if now - seen > limits().days * DAY and not any(spool.alive(job) for job in spool.jobs_of(folder)):
                gone[folder, seen] = _looked_gone.get((folder, seen), ticks)
    _looked_gone.clear()
    _looked_gone.update(gone)
    for folder in [folder for (folder, _), first in gone.items() if ticks - first >= OBSERVED]:
        with suppress(OSError):
            delete_sets(folder)
            shutil.rmtree(folder, ignore_errors=True)


#: Visitor and when they were here -> monotonic seconds at which they first looked gone.
_looked_gone: dict[tuple[Path, float], float] = {}


def sweep_left() -> None:
    """Delete what killed processes left: uploads, maps, runs and image sets that were on their way."""
    sweep(LEFT.match)
    sweep_stored()


def recover_runs() -> None:
    """Bring runs back whose replacement a crash cut off, wherever this server writes runs."""
    for root in (*run_roots()[1:], *(home() / "visitors").glob("*/runs")):
        recover(root)
