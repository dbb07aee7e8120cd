"""Bursts of a job's steps on a GPU that is lent: here on the CPU in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
import torch
from safetensors.torch import load

from explorer.errors import TrainingError
from explorer.jobs import lent, service
from explorer.jobs import spool as spool
from explorer.jobs.spool import Job
from explorer.jobs.states import states_of
from explorer.training import burst as bursts
from explorer.training.burst import Progress, Side, burst
from explorer.training.loop import Trainer
from explorer.ui.computed import job_snapshot
from tests.jobs.job_processes import TOKEN, Trainers, trainers, wait_for
from tests.tiny import tiny_config, tiny_set

__all__ = ["trainers"]  # a fixture
CONFIGS = [tiny_config(model="vqvae", steps=9), tiny_config(model="vqvae", steps=9, dead_codes="restart")]


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, trainers: Trainers) -> None:
    for module in (bursts, lent):
        monkeypatch.setattr(module, "load_image_set", lambda _: tiny_set())
    monkeypatch.setattr(bursts, "REPORT_EVERY", 1)


def begun() -> Job:
    return service.begin(TOKEN, CONFIGS, threads=1, phase="paused")


def weights_of(job: Job, side: int) -> dict[str, torch.Tensor]:
    tensors = load(states_of(job)[0].read_bytes())
    prefix = f"{side}/weights/"
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def test_bursts_take_a_paused_job_on_bit_for_bit_and_are_shown(trainers: Trainers):
    job = begun()
    assert not trainers.pids
    steps = [progress.step for progress in lent.train(job, burst, 3)]
    assert steps == [0, 1, 2, 3]
    list(lent.train(job, burst, 4))
    assert (spool.phase_of(job).name, spool.phase_of(job).step, spool.alive(job)) == ("paused", 7, False)
    shown = job_snapshot.snapshot(job)
    assert shown is not None
    assert shown.said["step"] == 7
    for side, config in enumerate(CONFIGS):
        trainer = Trainer(config, tiny_set())
        for record in trainer.run():
            if record.step == 7:
                break
        found = weights_of(job, side)
        for name, weight in trainer.model.state_dict().items():
            assert torch.equal(found[name], weight), name


def test_the_trainer_goes_on_where_a_burst_ended(trainers: Trainers):
    job = begun()
    list(lent.train(job, burst, 4))
    service.command(job, "resume")
    wait_for(job, "finished")
    assert len(trainers.pids) == 1


def test_the_last_burst_leaves_the_measuring_to_the_trainer():
    job = begun()
    list(lent.train(job, burst, 100))
    wait_for(job, "finished")


def test_what_is_wanted_meanwhile_is_done_when_the_burst_is_over():
    job = begun()

    def pressed(sides: Sequence[Side], steps: int) -> Iterator[Progress]:
        assert spool.phase_of(job).name == "training"
        assert spool.alive(job)
        service.command(job, "keep")
        yield from burst(sides, steps)

    list(lent.train(job, pressed, 2))
    wait_for(job, "kept")
    assert spool.phase_of(job).step == 2


def test_a_change_happens_before_the_next_burst():
    job = begun()
    service.command(job, "intervene", what="kill", value=0.5, side=1)
    asked: list[Side] = []

    def seen(sides: Sequence[Side], steps: int) -> Iterator[Progress]:
        asked.extend(sides)
        yield from burst(sides, steps)

    list(lent.train(job, seen, 2))
    assert [[change.what for change in side.changes] for side in asked] == [[], ["kill"]]
    assert spool.commands_of(job) == []


def test_one_that_is_refused_or_left_changes_nothing():
    job = begun()
    list(lent.train(job, burst, 2))

    def refused(sides: Sequence[Side], steps: int) -> Iterator[Progress]:
        yield Progress(3, 4, {})
        raise TrainingError("burst_refused", reason="none is free")

    with pytest.raises(TrainingError, match="none is free"):
        list(lent.train(job, refused, 2))
    left = lent.train(job, burst, 4)
    next(left)
    left.close()
    assert (spool.phase_of(job).name, spool.phase_of(job).step, spool.alive(job)) == ("paused", 2, False)


def test_a_job_that_is_thrown_away_meanwhile_is_gone():
    job = begun()
    going = lent.train(job, burst, 4)
    next(going)
    service.command(job, "discard")
    assert list(going) == []
    assert not job.folder.exists()


def test_only_a_job_that_rests_is_lent_for():
    job = begun()
    going = lent.train(job, burst, 4)
    next(going)
    with pytest.raises(TrainingError, match="not possible while"):
        next(lent.train(job, burst, 4))
    going.close()
