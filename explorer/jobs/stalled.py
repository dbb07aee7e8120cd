"""Trainers that stand still, stopped by somebody or by a disk that never answers: they lose their turn.

A trainer touches its lock while it steps. One that has not for long is ended, and its job waits again as if it had been
killed. The time is measured by a clock that does not jump: between two looks of one process at the same last touch.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from explorer.jobs import spool as spool
from explorer.jobs.spool import Job

BEAT_EVERY = 2.0  # seconds
#: Seconds without a touch after which a trainer is taken to stand still; what it loads at first, and what it measures
#: in the end, are no steps.
PATIENCE = {"training": 300.0, "measuring": 1800.0}

#: Job and when its trainer last said that it works -> monotonic seconds at which that was seen first.
_seen: dict[tuple[Path, float], float] = {}


def beat(job: Job) -> None:
    """Say that its trainer works."""
    with suppress(OSError):
        os.utime(job.folder / "alive")


def end_stalled(ticks: float | None = None) -> list[str]:
    """End the trainers that stand still; returns the ids of their jobs.

    Args:
        ticks: monotonic seconds, this moment if left out.
    """
    ticks, found, ended = time.monotonic() if ticks is None else ticks, {}, []
    for job in spool.all_jobs():
        patience = PATIENCE.get(spool.phase_of(job).name)
        if patience is None or not spool.alive(job):
            continue
        with suppress(OSError):
            seen = job.folder, (job.folder / "alive").stat().st_mtime
            found[seen] = _seen.get(seen, ticks)
            if ticks - found[seen] > patience and _end(job):
                ended.append(job.id)
    _seen.clear()
    _seen.update(found)
    return ended


def _end(job: Job) -> bool:
    try:
        pid = int((job.folder / "pid").read_text())
    except (OSError, ValueError):
        return False
    if not is_trainer(pid, job):
        return False
    spool.note(job, "stalled", step=spool.phase_of(job).step)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return True


def is_trainer(pid: int, job: Job) -> bool:
    """Whether a process is the job's trainer, and not another that has its number now; False where nobody can tell."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"background" in words and str(job.folder).encode() in words
