"""Bursts of training steps: together they are one training, and what is no state is refused."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load

from explorer.errors import TrainingError
from explorer.training import burst as bursts
from explorer.training.burst import burst, seconds
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer
from tests.tiny import tiny_set

SETTINGS = {"model": "vqvae", "steps": 6, "batch_size": 4, "width": 8, "num_embeddings": 16, "trace": "scalars"}


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bursts, "load_image_set", lambda _: tiny_set())


def test_two_bursts_are_one_training_bit_for_bit():
    settings = RunConfig.from_dict(SETTINGS).to_dict()
    *_, first = burst(settings, b"", 3)
    *_, second = burst(settings, first.state, 3)
    assert (first.step, second.step, second.last) == (3, 6, 6)
    trainer = Trainer(RunConfig.from_dict(SETTINGS), tiny_set())
    for _ in trainer.run():
        pass
    found = load(second.state)
    for name, weight in trainer.model.state_dict().items():
        assert torch.equal(found[f"weights/{name}"], weight), name


def test_progress_is_reported_and_only_the_end_has_a_state(monkeypatch):
    monkeypatch.setattr(bursts, "REPORT_EVERY", 2)
    *before, last = burst(RunConfig.from_dict(SETTINGS).to_dict(), b"", 100)
    assert [progress.step for progress in before] == [2, 4]
    assert not any(progress.state for progress in before)
    assert last.state
    assert last.losses.keys() >= {"mse"}


def test_what_is_no_state_is_refused():
    settings = RunConfig.from_dict(SETTINGS).to_dict()
    *_, of_others = burst(RunConfig.from_dict({**SETTINGS, "width": 16}).to_dict(), b"", 1)
    for state in (b"nothing", of_others.state):
        with pytest.raises(TrainingError, match="no state"):
            list(burst(settings, state, 1))


def test_the_time_that_is_asked_for_grows_with_the_steps():
    assert seconds({}, b"", 10) < seconds({}, b"", 1000) == seconds({}, b"x", 1000)
