"""The trainer of one job, in a process of its own: steps, commands, states, and what the page shows meanwhile.

It holds no secret state: whoever kills it at any moment loses the steps since the last state, and a new trainer makes
the same steps again, interventions included.
"""

from __future__ import annotations

import bisect
import errno
import os
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import torch

from explorer.data import ImageSet, load_image_set
from explorer.errors import ExplorerError, RunError
from explorer.jobs import spool as spool
from explorer.jobs.live import Live
from explorer.jobs.prior_trainer import PriorWork
from explorer.jobs.spool import Job, Phase
from explorer.jobs.stalled import beat
from explorer.jobs.states import restore, save_state, states_of, write_change
from explorer.jobs.turn import Leave, Turn
from explorer.runs import Run, RunInfo
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

#: Measures a trained model and saves it as a run: `explorer.cli.finish`.
Finish = Callable[[Trainer, RunInfo, Path], Run]


def work(folder: Path, finish: Finish) -> None:
    """Train the job in `folder` until it ends, pauses or fails. Whoever starts this holds the job's locks already."""
    job = spool.read_job(folder)
    with suppress(OSError):
        (folder / "pid").write_text(str(os.getpid()))
    beat(job)
    with _end_of(job):
        torch.set_num_threads(job.threads)
        images = load_image_set(job.configs[0].data)
        (PriorWork(job, images) if job.prior else Work(job, images, finish)).run()


@contextmanager
def _end_of(job: Job) -> Iterator[None]:
    """Whatever goes wrong ends this job alone, and is written where a full disk cannot refuse it."""
    file = os.open(job.folder / "end", os.O_WRONLY)
    try:
        yield
    except Leave:
        pass
    except Exception as error:  # noqa: BLE001  a bug of ours ends this run alone too, and says so
        code, params = reason(error, job)
        last = states_of(job)
        step = int(last[0].name.partition("-")[0]) if last else spool.phase_of(job).step
        spool.write_end(file, Phase("failed", step, code, params))
        spool.note(job, "failed", code=code, step=step)
        with suppress(OSError):  # the log may lie on the disk that is full
            traceback.print_exc()
    finally:
        os.close(file)


def reason(error: Exception, job: Job) -> tuple[str, dict[str, Any]]:
    """The code and the parameters of the sentence that says what happened."""
    if isinstance(error, ExplorerError):
        return error.code, {name: _plain(value) for name, value in error.params.items()}
    if isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "allocate memory" in str(error)):
        return "train_memory", {}
    if isinstance(error, OSError):
        code = "train_disk_full" if error.errno in FULL else "train_not_writable"
        return code, {"folder": str(job.folder), "reason": error.strerror or str(error)}
    return "train_crashed", {"error": type(error).__name__, "log": str(job.folder / "log")}


def _plain(value: object) -> object:
    return value if isinstance(value, int | str) else str(value)


class Work(Turn):
    """The steps of one job.

    Args:
        job: with one or two configs; two train in turns on the same batches.
        image_set: of the configs.
        finish: measures and saves what was trained.
    """

    def __init__(self, job: Job, image_set: ImageSet, finish: Finish) -> None:
        check_images(job, image_set)
        super().__init__(job)
        self.finish = finish
        self.trainers = [Trainer(config, image_set) for config in job.configs]
        self.live = Live(job, self.trainers)

    @property
    def step(self) -> int:
        """Updates done, the same on both sides."""
        return self.trainers[0].step

    def run(self) -> None:
        """Go on from the newest state to the end."""
        step, damaged = restore(self.job, self.trainers)
        for name in damaged:
            spool.note(self.job, "damaged", file=name)
        spool.note(self.job, "resumed" if step else "started", step=step)
        self.say("training", starts=spool.phase_of(self.job).starts)
        self.obey()
        self.begins()
        if not self.keep:
            for _ in zip(*(trainer.run() for trainer in self.trainers), strict=True):
                now = time.monotonic()
                if self.step == 1 and not states_of(self.job):
                    self.keep_state()
                self.between_steps(now)
                self.live.offer(now)
                if self.keep:
                    break
        self._close()

    def save(self) -> bool:
        """Everything that a killed trainer needs."""
        return save_state(self.job, self.trainers)

    def show(self) -> None:
        """The newest snapshot, whether somebody watches or not."""
        self.live.write()

    def intervene(self, name: str, command: dict[str, Any]) -> None:
        """A line on disk first, so that the change happens again if this process dies in the middle of it."""
        sides = [int(command["side"])] if command.get("side") is not None else range(len(self.trainers))
        for side in sides:
            change = write_change(self.job, side, (name, command), self.step)
            if change is not None:  # before what is planned
                bisect.insort(self.trainers[side].interventions, change, key=lambda each: each.step)

    def _close(self) -> None:
        """Save, measure, keep as runs; killed in between, the next trainer begins here again."""
        self.keep_state()
        self.say("measuring")
        self.live.write()
        for trainer, run_id in zip(self.trainers, self.job.run_ids, strict=True):
            self.finish(trainer, describe(trainer, self.job, run_id), self.job.runs / run_id)
        self.ends(self.job.steps)


def check_images(job: Job, image_set: ImageSet) -> None:
    """Whether the pictures are still those that the job was begun with.

    Raises:
        RunError: `run_other_images`.
    """
    if image_set.sha256 != job.data_sha256:
        raise RunError("run_other_images", folder=job.run_ids[0], name=image_set.name)


def describe(trainer: Trainer, job: Job, run_id: str) -> RunInfo:
    """What is known of a job's run before it is measured."""
    first = job.configs[0]
    twin = job.run_ids[0] if run_id != job.run_ids[0] and shares_weights(first, trainer.config) else ""
    return RunInfo(
        id=run_id,
        config=trainer.config,
        shape=trainer.model.shape,
        data_sha256=trainer.image_set.sha256,
        data_variance=trainer.image_set.variance,
        s2=None,
        step=trainer.step,
        family=f"job-{job.id}",
        twin_of=twin,
        threads=job.threads,
        history=tuple(trainer.interventions[: trainer.intervened]),
    )


def shares_weights(one: RunConfig, other: RunConfig) -> bool:
    """Whether two runs of one seed begin from equal weights everywhere, so that they are twins."""
    sizes: tuple[str, ...] = (
        "model",
        "width",
        "latent_dim",
        "spatial",
        "num_embeddings",
        "embedding_dim",
        "codebook_init",
        "quantizer",
    )
    sizes += ("level_quantizer", "levels", "groups", "shared_codebook") if one.num_levels else ()
    return all(getattr(one, name) == getattr(other, name) for name in sizes)
