"""Health of codes in levels: each codebook, all of them, and whole tuples."""

from __future__ import annotations

import math

import pytest
import torch

from explorer.metrics.levels import level_health


def test_levels_and_tuples_are_counted_by_hand() -> None:
    indices = torch.tensor([[0, 1], [0, 2], [0, 1], [3, 1]])
    health = level_health(indices, 4)
    assert [level.used for level in health.levels] == [2, 2]
    assert (health.used, health.dead) == (4, 4)
    assert health.distinct == 3
    assert health.alone == 0.5  # two of four vectors share a tuple
    assert health.tuple_perplexity == pytest.approx(math.exp(0.5 * math.log(2) + 0.5 * math.log(4)))
    assert health.perplexity == pytest.approx(math.exp(0.75 * math.log(4 / 3) + 0.25 * math.log(4)))


def test_uniform_use_has_the_largest_perplexities() -> None:
    every = torch.cartesian_prod(torch.arange(4), torch.arange(4), torch.arange(4))
    health = level_health(every.view(4, 4, 4, 3), 4)
    assert health.perplexity == pytest.approx(4)
    assert health.tuple_perplexity == pytest.approx(64)
    assert (health.distinct, health.alone, health.dead) == (64, 1.0, 0)
