"""Room on a machine that visitors share: what they all keep and have under way, whoever they say they are.

A visitor costs nothing to make, so limits for each of them bound nothing on their own.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from explorer.data.places import sets_folder
from explorer.errors import TrainingError
from explorer.jobs import spool as spool
from explorer.jobs.home import home
from explorer.jobs.limits import MEGABYTE, limits


def check_queue() -> None:
    """Whether this machine takes one training more.

    Raises:
        TrainingError: `train_queue_full`.
    """
    most = limits().all_jobs
    if sum(spool.phase_of(job).lively for job in spool.all_jobs()) >= most:
        raise TrainingError("train_queue_full", most=most)


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
