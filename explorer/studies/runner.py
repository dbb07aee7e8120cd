"""Trains what is missing of a study, on several processes, and keeps each member the moment it is finished."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch

from explorer.data import load_image_set
from explorer.errors import ExplorerError, RunError
from explorer.studies.files import load_record, load_records, member_path, save_member
from explorer.studies.member import assert_twins, outcome_of, train_member
from explorer.studies.plan import SEEDS, STUDIES, StudyCell


@dataclass(frozen=True)
class Progress:
    """A member that was just finished, or that could not be.

    Attributes:
        name: cell and seed.
        done, planned: members on disk, and in the plan.
        outcome: what was measured in a line, or the error's sentence.
        failed: whether it is the latter.
    """

    name: str
    done: int
    planned: int
    outcome: str
    failed: bool = False


def planned(study: str, only: str = "") -> list[tuple[StudyCell, int]]:
    """Cells and seeds of a study in the order of training, those whose name holds `only`.

    Raises:
        RunError: there is no such study.
    """
    if study not in STUDIES:
        raise RunError("study_unknown", name=study, known=", ".join(STUDIES))
    return [(cell, seed) for cell in STUDIES[study]() for seed in SEEDS if only in f"{cell.id}-s{seed}"]


def run_study(study: str, folder: Path, *, jobs: int, only: str = "") -> Iterator[Progress]:
    """Train the members that `folder` lacks, `jobs` at a time on one thread each; stop taking to stop.

    Raises:
        RunError: no such study, or members that should be twins are not.
    """
    members = planned(study, only)
    missing = [(cell, seed) for cell, seed in members if not is_there(member_path(folder, cell.id, seed))]
    done = len(members) - len(missing)
    assert_twins(load_records(folder))
    queue = iter(missing)
    running: dict[Future[str], str] = {}
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_one_thread) as pool:
        try:
            while True:
                while len(running) < jobs and (item := next(queue, None)):
                    running[pool.submit(_train, *item, folder)] = f"{item[0].id}-s{item[1]}"
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(future)
                    try:
                        outcome, failed = future.result(), False
                    except ExplorerError as error:
                        outcome, failed = str(error), True
                    done += not failed
                    assert_twins(load_records(folder))
                    yield Progress(name, done, len(members), outcome, failed)
        finally:
            pool.shutdown(cancel_futures=True)


def is_there(path: Path) -> bool:
    """Whether a member was finished and can be read."""
    try:
        return bool(load_record(path))
    except RunError:
        return False


def _one_thread() -> None:
    torch.set_num_threads(1)


def _train(cell: StudyCell, seed: int, folder: Path) -> str:
    member = train_member(cell, seed, load_image_set(cell.data))
    save_member(member_path(folder, cell.id, seed), member)
    return outcome_of(member.record)
