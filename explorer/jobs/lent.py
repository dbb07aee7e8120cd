"""A job's steps on a GPU that is lent for a minute, in place of a turn of its trainer.

A burst takes the job from its newest state to a later one; between two bursts the job is paused, and its trainer can go
on with it on the CPU. Whoever runs the burst holds the job's lock: killed in the middle of it, the job is a training
whose trainer was killed, and goes on from the state before.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from safetensors.torch import save

from explorer.data import load_image_set
from explorer.errors import TrainingError
from explorer.jobs import service
from explorer.jobs import spool as spool
from explorer.jobs.live import Live
from explorer.jobs.spool import Job, Phase
from explorer.jobs.stalled import beat
from explorer.jobs.states import history_of, newest, save_state, states_of, write_change
from explorer.jobs.trainer import check_images
from explorer.training.burst import Progress, Side, resumed
from explorer.training.loop import Trainer

#: Of a burst that the page asks for: less than a minute of a GPU for a pair at the slowest step that is allowed for.
STEPS = 400

Burst = Callable[[Sequence[Side], int], Iterator[Progress]]


def train(job: Job, burst: Burst, steps: int = STEPS) -> Generator[Progress, None, None]:
    """Train a paused job for a burst of steps, and pause it again.

    Args:
        job: of a visitor; none of a prior.
        burst: runs `explorer.training.burst.burst` on what is lent.
        steps: of both sides.

    Raises:
        ExplorerError: the job is not paused, its pictures have changed, or nothing can be written.
    """
    phase = spool.phase_of(job)
    if job.prior or phase.name not in ("paused", "failed"):
        raise TrainingError("train_not_now", do="burst", phase=phase.name)
    images = load_image_set(job.configs[0].data)
    check_images(job, images)
    with _held(job, phase):
        for name, command in _changes(job):
            for side in range(len(job.configs)) if command.get("side") is None else [int(command["side"])]:
                write_change(job, side, (name, command), _step(job))
        progress = None
        for progress in burst(_sides(job), steps):
            beat(job)
            if not (job.folder / "job.json").exists():  # the visitor threw the job away
                return
            yield progress
        if progress is not None and progress.states:
            _keep(job, [Trainer(config, images) for config in job.configs], progress.states)


@contextmanager
def _held(job: Job, before: Phase) -> Iterator[None]:
    """The job is ours, and a training; afterwards it is as `before`, where nothing else was done or wanted."""
    with spool.held(job.folder / "alive") as ours:
        if not ours:
            raise TrainingError("train_not_now", do="burst", phase="training")
        (job.folder / "pid").write_text(str(os.getpid()))
        spool.set_phase(job, Phase("training", before.step))
        spool.clear_end(job)
        try:
            yield
        finally:
            with suppress(OSError):  # thrown away meanwhile
                _rest(job)
    service.advance()


def _rest(job: Job) -> None:
    """Paused at its newest state; what is to be kept, or is done, waits for a trainer that measures it."""
    step, wanted = _step(job), spool.commands_of(job)
    for path, command in wanted:
        if command.get("do") == "pause":
            path.unlink(missing_ok=True)
    kept = any(command.get("do") == "keep" for _, command in wanted)
    spool.set_phase(job, Phase("queued" if kept or step >= job.steps else "paused", step))


def _keep(job: Job, trainers: list[Trainer], states: Sequence[bytes]) -> None:
    for side, (trainer, state) in enumerate(zip(trainers, states, strict=True)):
        trainer.interventions = history_of(job, side)
        resumed(trainer, state)
    try:
        save_state(job, trainers)
    except OSError as error:
        raise TrainingError("train_not_writable", folder=job.folder, reason=error.strerror or error) from error
    spool.note(job, "lent", step=trainers[0].step)
    Live(job, trainers).write()


def _sides(job: Job) -> list[Side]:
    groups, _ = newest(job)
    states = [save(group) for group in groups] or [b""] * len(job.configs)
    return [
        Side(config.to_dict(), state, tuple(history_of(job, side)))
        for side, (config, state) in enumerate(zip(job.configs, states, strict=True))
    ]


def _step(job: Job) -> int:
    """Of the newest state."""
    return int(next((path.name.partition("-")[0] for path in states_of(job)), "0"))


def _changes(job: Job) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was wanted of the runs while they were paused; it happens before the next step."""
    found: list[tuple[Path, dict[str, Any]]] = spool.commands_of(job)
    for path, command in found:
        if command.get("do") == "intervene":
            yield path.name, command
            path.unlink(missing_ok=True)
