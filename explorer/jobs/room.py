"""Room on a machine that visitors share: what they all keep and have under way, whoever they say they are.

A visitor costs nothing to make, so limits for each of them bound nothing on their own.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

from explorer.data.places import sets_folder
from explorer.errors import TrainingError
from explorer.jobs import spool as spool
from explorer.jobs.home import home
from explorer.jobs.limits import MEGABYTE, limits
from explorer.jobs.secret import code_of

#: The address of whoever asks, where it is known (`explorer.ui.http.guard`).
ASKING_FROM: ContextVar[str] = ContextVar("asking_from", default="")


def sender() -> str:
    """A word for the address of whoever asks, which tells nobody the address."""
    return code_of("sender", ASKING_FROM.get())[:16]


def check_queue() -> None:
    """Whether this machine takes one training more, of whoever asks.

    Raises:
        TrainingError: `train_queue_full`, or `train_address_full`.
    """
    bounds, lively = limits(), [job for job in spool.all_jobs() if spool.phase_of(job).lively]
    if len(lively) >= bounds.all_jobs:
        raise TrainingError("train_queue_full", most=bounds.all_jobs)
    if sum(job.sender == sender() for job in lively) >= bounds.address_jobs:
        raise TrainingError("train_address_full", most=bounds.address_jobs)


def check_room() -> None:
    """Whether this machine keeps one run or image set more.

    Raises:
        TrainingError: `train_room_full`.
    """
    most = limits().all_megabytes
    if most < math.inf and kept_bytes() >= most * MEGABYTE:
        raise TrainingError("train_room_full", most=f"{most:g}")


def kept_bytes() -> int:
    """What all visitors keep on this machine: runs, trainings with their states, and image sets."""
    visitors = home() / "visitors"
    sets = [sets_folder() / note.name for note in visitors.glob("*/sets/*")]
    return sum(size for folder in (visitors, *sets) for size in _sizes(folder))


def _sizes(folder: Path) -> Iterator[int]:
    for root, _, files in os.walk(folder):  # skips what is deleted meanwhile
        for file in files:
            with suppress(OSError):
                yield (Path(root) / file).lstat().st_size
