"""Bursts of training steps: together they are one training, and what is no state is refused."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load

from explorer.errors import TrainingError
from explorer.training import burst as bursts
from explorer.training.burst import Side, burst, seconds
from explorer.training.config import RunConfig
from explorer.training.interventions import Intervention
from explorer.training.loop import Trainer
from tests.tiny import tiny_set

SETTINGS = {"model": "vqvae", "steps": 6, "batch_size": 4, "width": 8, "num_embeddings": 16, "trace": "scalars"}


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bursts, "load_image_set", lambda _: tiny_set())


def test_two_bursts_are_one_training_bit_for_bit():
    settings = RunConfig.from_dict(SETTINGS).to_dict()
    *_, first = burst([Side(settings)], 3)
    *_, second = burst([Side(settings, first.states[0])], 3)
    assert (first.step, second.step, second.last) == (3, 6, 6)
    trainer = Trainer(RunConfig.from_dict(SETTINGS), tiny_set())
    for _ in trainer.run():
        pass
    found = load(second.states[0])
    for name, weight in trainer.model.state_dict().items():
        assert torch.equal(found[f"weights/{name}"], weight), name


def test_progress_is_reported_and_only_the_end_has_a_state(monkeypatch):
    monkeypatch.setattr(bursts, "REPORT_EVERY", 2)
    *before, last = burst([Side(RunConfig.from_dict(SETTINGS).to_dict())], 100)
    assert [progress.step for progress in before] == [0, 2, 4]
    assert not any(progress.states for progress in before)
    assert len(last.states) == 1
    assert last.losses.keys() >= {"mse"}


def test_what_is_no_state_is_refused():
    settings = RunConfig.from_dict(SETTINGS).to_dict()
    *_, of_others = burst([Side(RunConfig.from_dict({**SETTINGS, "width": 16}).to_dict())], 1)
    for state in (b"nothing", *of_others.states):
        with pytest.raises(TrainingError, match="no state"):
            list(burst([Side(settings, state)], 1))


def test_a_pair_with_changes_is_what_it_is_in_lock_step():
    sides = [RunConfig.from_dict(SETTINGS | {"seed": 3, "dead_codes": policy}) for policy in ("keep", "restart")]
    changes = (Intervention(2, "kill", 0.5),)
    states: tuple[bytes, ...] = (b"", b"")
    for _ in range(2):
        asked = [Side(side.to_dict(), state, changes) for side, state in zip(sides, states, strict=True)]
        *_, last = burst(asked, 3)
        states = last.states
    for side, state in zip(sides, states, strict=True):
        trainer = Trainer(side, tiny_set())
        trainer.interventions = list(changes)
        for _ in trainer.run():
            pass
        assert trainer.intervened == 1
        found = load(state)
        for name, weight in trainer.model.state_dict().items():
            assert torch.equal(found[f"weights/{name}"], weight), name


def test_the_time_that_is_asked_for_grows_with_the_steps_and_the_sides():
    one = Side({})
    assert seconds([one], 10) < seconds([one], 1000) == seconds([Side({}, b"x")], 1000) < seconds([one, one], 1000)
