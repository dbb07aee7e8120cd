"""Turns of the machine: in slices, round among addresses and visitors, and lost by a trainer that stands still."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

import pytest

from explorer.errors import ExplorerError, TrainingError
from explorer.jobs import room, service, stalled, turn
from explorer.jobs import spool as spool
from explorer.jobs.home import visitor_folder
from explorer.jobs.limits import limits
from explorer.jobs.room import ASKING_FROM
from explorer.jobs.spool import Job, Phase
from tests.jobs.job_processes import TOKEN, Trainers, trainers, wait_for, wait_for_death, wait_for_step
from tests.jobs.test_service import assert_the_same_bits, begin
from tests.tiny import tiny_config

__all__ = ["trainers"]  # a fixture


def events(job: Job) -> list[str]:
    return [str(line["what"]) for line in spool.lines_of(job.folder / "events.jsonl")]


def test_jobs_take_turns_and_end_as_if_nobody_had_come_between(trainers: Trainers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turn, "SLICE", 0.01)
    monkeypatch.setattr(turn, "SLICE_LOOK", 0.0)
    trainers.hand_on = True
    settings = ({"dead_codes": "restart", "codebook_init": "data", "augment": True}, {"model": "vae"})
    jobs = [service.begin(TOKEN, [tiny_config(steps=5, **each)], threads=1) for each in settings]
    for job in jobs:
        wait_for(job, "finished")
        assert_the_same_bits(job)
    assert "yielded" in events(jobs[0])
    assert events(jobs[0]).count("resumed") == events(jobs[0]).count("yielded")


def test_a_job_that_nobody_waits_behind_keeps_its_turn(trainers: Trainers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turn, "SLICE", 0.0)
    monkeypatch.setattr(turn, "SLICE_LOOK", 0.0)
    job = begin("vae")
    wait_for(job, "finished")
    assert "yielded" not in events(job)


@pytest.fixture
def idle(trainers: Trainers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing trains."""
    monkeypatch.setattr(service, "advance", lambda: None)


def queued(token: str, address: str, served: float = 0.0, queued_at: float = 1000.0) -> Job:
    """A job of a visitor from an address, which had a turn at some time."""
    given = ASKING_FROM.set(address)
    try:
        job = service.begin(token, [tiny_config()])
    finally:
        ASKING_FROM.reset(given)
    spool.set_phase(job, Phase("queued", 5))
    os.utime(job.folder / "phase.json", (queued_at, queued_at))
    (job.folder / "served").touch()
    os.utime(job.folder / "served", (served, served))
    return job


@pytest.mark.usefixtures("idle")
def test_turns_go_round_among_addresses_then_visitors_then_their_jobs():
    greedy = [queued(f"{number:032x}", "10.0.0.1", served=50 + number) for number in range(3)]
    again = queued(f"{0:032x}", "10.0.0.1", queued_at=2000)
    modest = queued("f" * 32, "10.0.0.2", served=20)
    order = service._queue(spool.all_jobs())
    assert [job.id for job in order] == [job.id for job in (modest, greedy[0], again, greedy[1], greedy[2])]
    assert "10.0.0" not in (modest.folder / "job.json").read_text()
    spool.set_phase(greedy[2], Phase("training", 5))  # it was killed: its turn was not over
    assert service._queue(spool.all_jobs())[0].id == greedy[2].id


@pytest.mark.usefixtures("idle")
def test_new_tokens_make_no_new_address(monkeypatch: pytest.MonkeyPatch):
    bounds = replace(limits(), address_jobs=2)
    monkeypatch.setattr(room, "limits", lambda: bounds)
    for number in range(2):
        queued(f"{number:032x}", "10.0.0.1")
    with pytest.raises(TrainingError, match="2 trainings from your address"):
        queued("e" * 32, "10.0.0.1")
    queued("e" * 32, "10.0.0.2")
    monkeypatch.setenv("SPACE_ID", "a/b")
    assert limits().address_jobs < limits().all_jobs


def test_a_job_that_would_take_too_long_ends_as_soon_as_that_is_known(
    trainers: Trainers, monkeypatch: pytest.MonkeyPatch
):
    bounds = replace(limits(), seconds=1.0)
    monkeypatch.setattr(turn, "limits", lambda: bounds)
    monkeypatch.setattr(turn, "KNOWN_SECONDS", 0.0)
    job = service.begin(TOKEN, [tiny_config(steps=10**6)], threads=1)
    wait_for_death(job)
    phase = spool.phase_of(job)
    assert (phase.name, phase.code) == ("failed", "train_too_long")
    assert 0 < phase.params["fit"] < 10**6


def test_how_long_is_too_long():
    turn.check_seconds(10.0, 10**9)  # on one's own machine
    bounds = replace(limits(), seconds=1800.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(turn, "limits", lambda: bounds)
        turn.check_seconds(0.5, 3600)
        with pytest.raises(ExplorerError, match="take 60 minutes here, and 30 are allowed: take 1800 steps"):
            turn.check_seconds(1.0, 3600)


def test_a_trainer_that_stands_still_loses_its_turn(trainers: Trainers, monkeypatch: pytest.MonkeyPatch):
    trainers.hand_on = True
    job, other = begin("vae"), begin("vae")
    wait_for_step(job, 3)
    first = trainers.pids[0]
    os.kill(first, signal.SIGSTOP)
    assert os.WIFSTOPPED(os.waitpid(first, os.WUNTRACED)[1])
    now, patience = time.monotonic(), stalled.PATIENCE["training"]
    assert stalled.end_stalled(now) == []
    assert stalled.end_stalled(now + patience + 1.0) == []  # a fork is no trainer that it would end
    monkeypatch.setattr(stalled, "is_trainer", lambda pid, job: pid == first)
    assert stalled.end_stalled(now + patience + 2.0) == [job.id]
    os.waitpid(first, 0)
    service.advance()
    for each in (job, other):
        wait_for(each, "finished")
    assert_the_same_bits(job)
    assert {"stalled", "killed"} <= set(events(job))


def test_a_trainer_that_works_is_left_alone(trainers: Trainers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stalled, "is_trainer", lambda pid, job: True)
    job = begin("vae")
    wait_for_step(job, 3)
    for ticks in range(10):
        stalled.beat(job)
        os.utime(job.folder / "alive", (ticks, ticks))
        assert stalled.end_stalled(200.0 * ticks) == []
    wait_for(job, "finished")


def test_between_two_turns_a_job_can_be_paused_kept_and_thrown_away(idle: None, trainers: Trainers):
    paused, kept, gone = (queued(TOKEN, "10.0.0.1") for _ in range(3))
    service.command(paused, "pause")
    assert spool.phase_of(paused) == Phase("paused", 5)
    service.command(kept, "keep")
    assert [command["do"] for _, command in spool.commands_of(kept)] == ["keep"]
    assert spool.phase_of(kept).name == "queued"
    service.command(gone, "discard")
    assert not gone.folder.exists()
    new = service.begin(TOKEN, [tiny_config()])
    with pytest.raises(ExplorerError):
        service.command(new, "keep")  # nothing was trained yet
    assert visitor_folder(TOKEN) in new.folder.parents


def test_what_waits_is_told_from_what_works(trainers: Trainers):
    job = begin("vae")
    assert not spool.waits(job)
    wait_for(job, "finished")
    wait_for_death(job)
    assert not spool.waits(job)
