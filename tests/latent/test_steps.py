"""Steps in a latent: their length, their directions, and jumps that never stay."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.latent.steps import jumped, spread, stepped


def test_the_spread_is_the_root_mean_square_distance_from_the_mean():
    z = np.random.default_rng(0).normal(3, 2, (400, 3))
    expected = np.sqrt(((z - z.mean(0)) ** 2).sum(1).mean())
    assert spread(torch.from_numpy(z)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("shape", [(50, 2), (50, 16), (50, 2, 3, 3)])
def test_every_step_has_the_length(shape):
    z = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    moved = stepped(z, 0.7, 4, torch.Generator().manual_seed(2))
    assert moved.shape == (50, 4, *shape[1:])
    lengths = (moved - z[:, None]).flatten(2).norm(dim=2)
    assert torch.allclose(lengths, torch.full((50, 4), 0.7), atol=1e-5)


def test_directions_are_uniform_and_shared_by_latents_of_one_size():
    z = torch.zeros(5000, 2)
    a, b = (stepped(where, 1.0, 1, torch.Generator().manual_seed(3)) for where in (z, z + 5))
    assert torch.allclose(a, b - 5, atol=1e-5)
    angles = torch.atan2(a[:, 0, 1], a[:, 0, 0]).numpy()
    counts, _ = np.histogram(angles, bins=8, range=(-np.pi, np.pi))
    assert np.abs(counts - 625).max() < 5 * np.sqrt(625)


def test_a_jump_ends_at_another_latent():
    z = torch.arange(10.0)[:, None]
    rows = torch.arange(6)
    landed = jumped(z, rows, 50, torch.Generator().manual_seed(4))
    assert landed.shape == (6, 50, 1)
    assert not (landed[:, :, 0] == z[rows]).any()
    assert {float(value) for value in landed[0, :, 0]} == set(range(1, 10))
