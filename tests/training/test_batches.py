"""Which images a step sees."""

from __future__ import annotations

import pytest
import torch

from explorer.errors import ConfigError
from explorer.training.batches import BatchPlan


def test_an_epoch_shows_every_image_once():
    plan = BatchPlan(torch.arange(100, 130), 10, seed=1)
    seen = torch.cat([plan.batch(step) for step in (1, 2, 3)])
    assert sorted(seen.tolist()) == list(range(100, 130))
    assert not torch.equal(plan.batch(1), plan.batch(4))


def test_a_batch_depends_on_seed_and_step_alone():
    one, two = BatchPlan(torch.arange(30), 7, seed=1), BatchPlan(torch.arange(30), 7, seed=1)
    forwards = [one.batch(step) for step in range(1, 20)]
    backwards = [two.batch(step) for step in range(19, 0, -1)][::-1]
    assert all(torch.equal(a, b) for a, b in zip(forwards, backwards, strict=True))
    assert not torch.equal(forwards[0], BatchPlan(torch.arange(30), 7, seed=2).batch(1))


def test_a_batch_larger_than_the_set_is_refused():
    with pytest.raises(ConfigError, match="31 is more than the 30 training images"):
        BatchPlan(torch.arange(30), 31, seed=0)
