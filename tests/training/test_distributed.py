"""Several processes train what one process trains on the joined batch; a lost one leaves a run to go on from."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from explorer.data import load_image_set
from explorer.errors import ConfigError, TrainingError
from explorer.models import ranks
from explorer.runs import load_run
from explorer.training import distributed, loop
from explorer.training.loop import Trainer
from tests.conftest import ROOT
from tests.tiny import tiny_config, tiny_set
from tests.training.together import PLAN, all_outcomes, play, trainer_of

#: Relative to the largest value of an array.
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-3}
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
Found = dict[str, Any]


@dataclass(frozen=True)
class Outcomes:
    """What two processes left, and one; one start for everything."""

    together: Found
    alone: Found
    stopped: list[str]
    missed: str


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Two processes play while this one does. Forked, they need not import torch once more."""
    folder = tmp_path_factory.mktemp("together")
    trainer_of("vae", torch.float32)  # with which torch imports the rest of itself
    first, second = free_ports(2)
    forked = multiprocessing.get_context("fork")
    ranks = [forked.Process(target=play, args=(rank, (first, second), folder)) for rank in range(2)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads: nobody here holds a lock
        for process in ranks:
            process.start()
    try:
        alone = {f"{name}|{key}": value for name, found in all_outcomes() for key, value in found.items()}
        for process in ranks:
            process.join(timeout=240)
        assert [process.exitcode for process in ranks] == [0, 0], "what they printed is below"
    finally:
        for process in ranks:
            process.kill()
    stopped = [(folder / f"stopped-{rank}.txt").read_text() for rank in range(2)]
    with np.load(folder / "outcomes.npz") as arrays:
        return Outcomes(dict(arrays), alone, stopped, (folder / "missed.txt").read_text())


def free_ports(count: int) -> list[str]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [str(listening.getsockname()[1]) for listening in sockets]
    finally:
        for listening in sockets:
            listening.close()


@pytest.mark.parametrize("dtype, case", PLAN, ids=lambda value: str(value).removeprefix("torch."))
def test_two_processes_end_where_one_ends_with_the_joined_batch(outcomes, dtype, case):
    together, alone = outcomes.together, outcomes.alone
    names = [name for name in alone if name.startswith(f"{dtype}|{case}|")]
    assert len(names) > 5
    for name in names:
        one, two = (np.asarray(found[name], dtype=np.float64) for found in (alone, together))
        assert np.array_equal(np.isnan(one), np.isnan(two)), name  # lengths of dead codes, where there are none
        one, two = np.nan_to_num(one), np.nan_to_num(two)
        apart = np.abs(one - two).max() / max(np.abs(one).max(), 1e-30)
        limit = 1e-6 if "|curve/" in name or name.endswith("|val") else TOLERANCE[dtype]  # those are float32
        assert apart <= max(limit, TOLERANCE[dtype]), f"{name}: {apart:.1e} apart"


def test_the_cases_restart_codes_at_all(outcomes):
    for case in ("gradient, restart", "ema, restart", "ones", "sonnet", "kmeans", "ema, anchors"):
        assert outcomes.alone[f"torch.float64|{case}|restarts"] > 0, case


def test_a_rank_that_falls_silent_is_missed(outcomes):
    assert "another process of this training is gone or silent" in outcomes.missed


def test_when_one_rank_is_told_to_stop_all_stop_after_the_same_step(outcomes):
    assert outcomes.stopped == ["8", "8"]


class Counting:
    """A trainer of four steps, told to stop after one of them."""

    def __init__(self, told: int) -> None:
        self.step, self.told = 0, told

    def run(self) -> Iterator[int]:
        for self.step in range(1, 5):
            if self.step == self.told:
                signal.raise_signal(signal.SIGTERM)
            yield self.step


@pytest.mark.parametrize("told, expected", [(0, [1, 2, 3, 4]), (2, [1, 2])])
def test_who_is_told_to_stop_gives_that_step_and_who_is_not_goes_on(
    told: int, expected: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(distributed, "number_of_ranks", lambda: 2)
    before = signal.getsignal(signal.SIGTERM)
    found: list[object] = []
    stopped = False
    try:
        for record in distributed.records(cast(Trainer, Counting(told))):
            found.append(record)  # noqa: PERF402 - what came before the interrupt counts
    except KeyboardInterrupt:  # uncaught it would end all tests
        stopped = True
    assert (found, stopped) == (expected, told > 0)
    assert signal.getsignal(signal.SIGTERM) is before


def test_only_a_rank_that_is_missed_is_lost():
    """A training that diverged is over, though not for want of a rank."""
    assert distributed.is_lost(TrainingError("rank_lost", step=3, reason="gone"))
    assert not distributed.is_lost(TrainingError("training_diverged", step=3, value=1.0))
    assert not distributed.is_lost(TrainingError("burst_state"))
    assert not distributed.is_lost(RuntimeError("rank_lost"))


def test_a_batch_that_cannot_be_shared_evenly_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loop, "number_of_ranks", lambda: 4)
    with pytest.raises(ConfigError, match="a multiple of 4"):
        Trainer(tiny_config(), tiny_set())


def test_shares_are_the_rows_of_the_joined_batch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ranks, "number_of_ranks", lambda: 3)
    shares = []
    for rank in range(3):
        monkeypatch.setattr(ranks, "this_rank", lambda rank=rank: rank)
        shares.append(ranks.share_of(torch.arange(12)))
    assert torch.equal(torch.cat(shares), torch.arange(12))


def test_a_gpu_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="no GPU"), distributed.process_group("cuda"):
        pass
    with distributed.process_group("auto") as device:
        assert device.type == "cpu"


TRAIN = ["--model", "vqvae", "--num-embeddings", "16", "--width", "4", "--batch-size", "8", "--trace", "scalars"]


def test_a_killed_process_leaves_a_run_to_go_on_from(tmp_path: Path):
    folder = tmp_path / "run"
    words = ["train", *TRAIN, "--steps", "100000", "--device", "cpu", "--out", str(folder), "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*TORCHRUN, "-m", "explorer", *words], env=environment, **pipes)
    wait_for_step(process, 5)
    other = child_of_rank(process.pid, 0)
    process.send_signal(signal.SIGSTOP)  # torchrun, which ends the other as soon as it sees: before it can say why
    os.kill(child_of_rank(process.pid, 1), signal.SIGKILL)
    began = time.monotonic()
    wait_until_ended(other)
    process.send_signal(signal.SIGCONT)
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - began < 30
    assert process.returncode != 0
    assert "another process of this training is gone or silent" in errors
    assert "Traceback" not in errors.split("elastic")[0]
    saved = load_run(folder)
    assert 1 <= saved.info.step < 100000
    trainer = Trainer(saved.config, load_image_set("fashion"))
    trainer.resume(saved.weights, saved.resume_state(), saved.trace)
    assert next(trainer.run()).step == saved.info.step + 1


def wait_until_ended(pid: int) -> None:
    """Until a process is nothing but a status that nobody has read, or not even that."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state in "ZX":
            return
        time.sleep(0.05)
    raise AssertionError(f"process {pid} goes on without the other")


def wait_for_step(process: subprocess.Popen[str], step: int) -> None:
    """Read what it prints up to the record of `step`."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("{") and json.loads(line)["step"] >= step:
            return
    raise AssertionError(f"it ended before step {step}: {process.communicate()[1]}")


def child_of_rank(parent: int, rank: int) -> int:
    """Process id of a rank that torchrun started."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            is_child = int(path.read_text().rpartition(")")[2].split()[1]) == parent
            variables = (path.parent / "environ").read_bytes().split(b"\0") if is_child else []
        except OSError:  # it ended while we looked
            continue
        if f"RANK={rank}".encode() in variables:
            return int(path.parent.name)
    raise AssertionError(f"torchrun has no child of rank {rank}")
