"""Training beside the page: killed trainers, full disks, damaged states, and what is left of the run each time."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest
import torch

from explorer.errors import ExplorerError
from explorer.jobs import expiry, service
from explorer.jobs import spool as spool
from explorer.jobs.home import home, visitor_folder
from explorer.jobs.limits import limits
from explorer.jobs.spool import Job
from explorer.jobs.states import history_of, states_of
from explorer.runs import load_run
from explorer.runs.priors import ladder
from explorer.training.loop import Trainer
from tests.jobs.job_processes import TOKEN, Trainers, trainers, wait, wait_for, wait_for_death, wait_for_step
from tests.tiny import tiny_config, tiny_set

__all__ = ["trainers"]  # a fixture

STEPS = 60
NOBODY = 65_534
KINDS: dict[str, list[dict[str, object]]] = {
    "vae": [{"model": "vae"}],
    "ema with restarts": [{"dead_codes": "restart", "codebook_init": "data", "augment": True}],
    "pair": [{"model": "vae"}, {"codebook_update": "gradient", "codebook_init": "kmeans", "lr_schedule": "cosine"}],
}
CHANGES = (("lr", 3e-4), ("beta", 0.25), ("decay", 0.9), ("kill", 0.5), ("dead_codes", "restart"), ("kmeans", None))


def begin(kind: str) -> Job:
    return service.begin(TOKEN, [tiny_config(steps=STEPS, **settings) for settings in KINDS[kind]], threads=1)


def uninterrupted(job: Job, side: int) -> Trainer:
    trainer = Trainer(job.configs[side], tiny_set())
    trainer.interventions = history_of(job, side)
    list(trainer.run())
    return trainer


def assert_the_same_bits(job: Job) -> None:
    """Weights, buffers and film of the kept runs are those of runs that nobody stopped."""
    for side, run_id in enumerate(job.run_ids):
        run, whole = load_run(job.runs / run_id), uninterrupted(job, side)
        for name, weight in whole.model.state_dict().items():
            assert torch.equal(weight.contiguous(), run.weights[name]), name
        for name, frames in whole.recorder.trace().frames.items():
            assert frames.tobytes() == run.trace.frames[name].tobytes(), name
        assert run.trace.curves["loss"].tolist() == whole.recorder.trace().curves["loss"].tolist()
        assert run.model.state_dict().keys() == run.weights.keys()


def intervene(job: Job) -> int:
    done = 0
    for what, value in CHANGES:
        try:
            service.command(job, "intervene", what=what, value=value)
        except ExplorerError as error:
            if error.code != "intervention_other_model":
                raise
        else:
            done += 1
    return done


@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_trainer_goes_on_bit_for_bit_with_its_interventions(trainers: Trainers, kind: str):
    job = begin(kind)
    wait_for_step(job, 10)
    sent = intervene(job)
    wait(job, lambda _: len({line["command"] for k in (0, 1) for line in history_lines(job, k)}) == sent)
    trainers.kill()
    assert not spool.alive(job)
    service.visit(TOKEN)
    wait_for_step(job, 40)
    trainers.kill()
    service.visit(TOKEN)
    wait_for(job, "finished")
    assert len(trainers.pids) == 3
    assert_the_same_bits(job)
    run = load_run(job.runs / job.run_ids[0])
    assert list(ladder(run)) == (["uniform", "frequencies"] if run.config.is_vq else ["normal", "simple"])
    assert [change.what for change in run.info.history] == [change.what for change in history_of(job, 0)]


def history_lines(job: Job, side: int) -> list[dict[str, object]]:
    return spool.lines_of(job.folder / f"history-{side}.jsonl")


def test_a_killed_server_is_not_missed(trainers: Trainers):
    server = os.fork()
    if server == 0:
        try:
            begin("vae")
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(server, 0)
    (job,) = service.visit(TOKEN)  # what the next server does
    wait_for_step(job, 10)
    service.command(job, "intervene", what="lr", value=3e-4)
    wait_for(job, "finished")
    assert trainers.pids == []  # no second trainer was started beside the first
    assert [(change.what, change.value) for change in history_of(job, 0)] == [("lr", 3e-4)]
    assert_the_same_bits(job)


def test_a_damaged_newest_state_gives_way_to_the_one_before(trainers: Trainers):
    job = begin("ema with restarts")
    wait_for_step(job, 20)
    trainers.kill()
    newest = states_of(job)[0]
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 1
    newest.write_bytes(content)
    service.visit(TOKEN)
    wait_for(job, "finished")
    assert not newest.exists()
    assert any(line["what"] == "damaged" for line in spool.lines_of(job.folder / "events.jsonl"))
    assert_the_same_bits(job)


def test_a_full_disk_stops_the_run_alone_and_it_goes_on_later(trainers: Trainers):
    job = begin("vae")
    wait_for_step(job, 10)
    trainers.full_disk()
    phase = wait_for(job, "failed")
    assert phase.code == "train_disk_full"
    assert phase.step > 0
    assert states_of(job)
    wait_for_death(job)
    service.command(job, "resume")
    wait_for(job, "finished")
    assert_the_same_bits(job)


def test_revoked_permissions_stop_the_run_alone(trainers: Trainers, monkeypatch: pytest.MonkeyPatch):
    place = Path(tempfile.mkdtemp(prefix="explorer-test-"))
    try:
        place.chmod(0o755)
        monkeypatch.setenv("EXPLORER_HOME", str(place / "home"))
        if os.getuid() == 0:  # root may write anywhere: the trainer must be somebody else
            trainers.before = lambda: os.setuid(NOBODY)
            monkeypatch.setattr(service, "start", handed_over(trainers, place))
        job = begin("vae")
        wait_for_step(job, 10)
        (job.folder / "states").chmod(0o500)
        assert wait_for(job, "failed").code == "train_not_writable"
        assert states_of(job)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def handed_over(trainers: Trainers, place: Path):
    def start(job: Job, files: list[int]) -> None:
        for path in [place, *place.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)
        trainers.fork(job, files)

    return start


FAULTS = {
    "training_diverged": lambda trainer: trainer.model.decoder.up2.weight.data.fill_(float("nan")),
    "train_memory": lambda trainer: torch.empty(10**15),
    "train_crashed": lambda trainer: trainer.a_bug,
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_keeps_the_last_good_state(trainers: Trainers, monkeypatch: pytest.MonkeyPatch, code: str):
    update = Trainer._update

    def spoilt(self: Trainer, step: int) -> dict[str, float]:
        if step == 40:
            FAULTS[code](self)
        return update(self, step)

    monkeypatch.setattr(Trainer, "_update", spoilt)
    job = begin("vae")
    phase = wait_for(job, "failed")
    assert phase.code == code
    assert 0 < phase.step < 40
    wait_for_death(job)
    service.command(job, "keep")
    wait_for(job, "kept")
    run = load_run(job.runs / job.run_ids[0])
    assert run.info.finished
    assert run.info.step == phase.step
    assert all(weight.isfinite().all() for weight in run.weights.values())


def test_a_trainer_that_always_dies_is_given_up(trainers: Trainers):
    trainers.before = lambda: os._exit(1)
    job = begin("vae")
    for _ in range(service.MOST_STARTS):
        os.waitpid(trainers.pids[-1], 0)
        service.visit(TOKEN)
    assert spool.phase_of(job).code == "train_died"
    assert len(trainers.pids) == service.MOST_STARTS


def test_pause_survives_and_goes_on_bit_for_bit(trainers: Trainers):
    job = begin("vae")
    wait_for_step(job, 10)
    service.command(job, "pause")
    phase = wait_for(job, "paused")
    wait_for_death(job)
    service.visit(TOKEN)
    assert len(trainers.pids) == 1
    service.command(job, "intervene", what="beta", value=4.0)
    service.command(job, "resume")
    wait_for(job, "finished")
    assert_the_same_bits(job)
    assert [(change.step, change.before) for change in history_of(job, 0)] == [(phase.step, 1.0)]


def test_one_trains_and_the_others_see_their_place(trainers: Trainers):
    trainers.hand_on = True
    first, second, third = (begin("vae") for _ in range(3))
    assert len(trainers.pids) == 1
    assert [service.place_of(job) for job in (second, third)] == [1, 2]
    service.command(second, "discard")
    assert service.place_of(third) == 1
    wait_for(first, "finished")
    wait_for(third, "finished")


def test_watching_changes_no_bit(trainers: Trainers):
    job = begin("pair")
    spool.watch(job)
    wait_for(job, "finished")
    assert (job.folder / "live.safetensors").stat().st_size > 1000
    assert_the_same_bits(job)


def test_visitors_see_their_own_jobs_alone(trainers: Trainers):
    job = begin("vae")
    other = "f" * 32
    assert service.visit(other) == []
    with pytest.raises(ExplorerError, match="no such training"):
        service.find(other, job.id)
    assert service.find(TOKEN, job.id).run_ids == job.run_ids
    assert TOKEN not in json.dumps([str(path) for path in home().rglob("*")])
    for name in ("..", "x" * 16, ""):
        with pytest.raises(ExplorerError):
            service.find(TOKEN, name)


def test_what_nobody_looks_at_expires(trainers: Trainers):
    job = begin("vae")
    wait_for(job, "finished")
    wait_for_death(job)
    seen = visitor_folder(TOKEN).stat().st_mtime
    for ticks in (0, 2 * expiry.OBSERVED):
        expiry.expire(seen + 0.9 * limits().days * expiry.DAY, ticks)
    assert job.folder.exists()
    old = seen + 1.1 * limits().days * expiry.DAY
    expiry.expire(old, 3 * expiry.OBSERVED)
    expiry.expire(seen, 5 * expiry.OBSERVED)  # the clock had jumped: nobody looks gone any more
    expiry.expire(old, 6 * expiry.OBSERVED)
    expiry.expire(old, 6.9 * expiry.OBSERVED)
    assert job.folder.exists()
    expiry.expire(old, 7.1 * expiry.OBSERVED)
    assert not job.folder.exists()


def test_a_space_has_limits(monkeypatch: pytest.MonkeyPatch, trainers: Trainers):
    monkeypatch.setenv("SPACE_ID", "somebody/explorer")
    with pytest.raises(ExplorerError, match="up to 5000 steps"):
        service.begin(TOKEN, [tiny_config(steps=5001)])


@pytest.mark.parametrize("name, value", [("seed", 1), ("steps", 7), ("batch_size", 5), ("augment", True)])
def test_a_pair_sees_the_same_batches(trainers: Trainers, name: str, value: object):
    with pytest.raises(ExplorerError, match="same batches"):
        service.begin(TOKEN, [tiny_config(), tiny_config(**{name: value})])
