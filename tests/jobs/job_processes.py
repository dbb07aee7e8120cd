"""Real trainers for tests, forked so that they need no second import of torch: they die of a real SIGKILL."""

from __future__ import annotations

import importlib
import os
import resource
import signal
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from explorer.cli.background import with_priors
from explorer.jobs import prior_trainer, service, trainer, turn
from explorer.jobs import spool as spool
from explorer.jobs.spool import Job
from explorer.reports import prior as prior_reports
from explorer.runs import Run, RunInfo, save_run
from explorer.training.loop import Trainer
from tests.tiny import tiny_set

SECONDS = 30.0
TOKEN = "0123456789abcdef" * 2


@dataclass
class Trainers:
    """The trainers that were forked, what each does before its work, and whether it starts the next one after it."""

    pids: list[int] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    hand_on: bool = False

    def fork(self, job: Job, files: list[int]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads: nobody here holds a lock
            pid = os.fork()
        if pid:
            self.pids.append(pid)
            return
        try:
            close_door()
            self.before()
            trainer.work(job.folder, with_priors(finish))
            if self.hand_on:
                service.hand_on(files)
        finally:
            os._exit(0)

    def kill(self) -> None:
        os.kill(self.pids[-1], signal.SIGKILL)
        os.waitpid(self.pids[-1], 0)

    def full_disk(self) -> None:
        """From now on the newest trainer can write no file as large as a state."""
        resource.prlimit(self.pids[-1], resource.RLIMIT_FSIZE, (8192, 8192))

    def end_all(self) -> None:
        for pid in self.pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
            with suppress(OSError):
                os.waitpid(pid, 0)


def close_door() -> None:
    """A fork inherits every open file; a trainer that is started for good inherits its two locks only."""
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if entry.readlink().name == "door":
                os.close(int(entry.name))


def finish(trainer: Trainer, info: RunInfo, folder: Path) -> Run:
    """Saves what was trained without measuring it."""
    return save_run(folder, replace(info, s2=0.1), trainer.model.state_dict(), trainer.recorder.trace())


@pytest.fixture
def trainers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Jobs of tiny images in a spool of their own; a state is saved at nearly every step."""
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SPACE_ID", raising=False)
    for module in (service, trainer, prior_reports):
        monkeypatch.setattr(module, "load_image_set", lambda name: tiny_set())
    monkeypatch.setattr(turn, "SAVE_EVERY", 0.1)
    monkeypatch.setattr(turn, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(prior_trainer, "SAY_EVERY", 0.0)
    importlib.import_module("torch._dynamo")  # as the first optimizer does: here, and not in every trainer
    found = Trainers()
    monkeypatch.setattr(service, "start", found.fork)
    yield found
    found.end_all()


def wait(job: Job, holds: Callable[[spool.Phase], bool]) -> spool.Phase:
    """Until a phase holds; a trainer that died is not brought back by waiting."""
    deadline = time.monotonic() + SECONDS
    while not holds(phase := spool.phase_of(job)):
        if time.monotonic() > deadline or phase.name == "failed":
            pytest.fail(f"still {phase}: {(job.folder / 'events.jsonl').read_text()}", pytrace=False)
        time.sleep(0.005)
    return phase


def wait_for(job: Job, name: str) -> spool.Phase:
    return wait(job, lambda phase: phase.name == name)


def wait_for_death(job: Job) -> None:
    """Until the trainer, whose last word was said, is gone."""
    deadline = time.monotonic() + SECONDS
    while spool.alive(job) and time.monotonic() < deadline:
        time.sleep(0.005)


def wait_for_step(job: Job, step: int) -> spool.Phase:
    return wait(job, lambda phase: phase.step >= step)
