"""Per-unit KL and active units."""

from __future__ import annotations

import math

import torch

from explorer.metrics.posterior import posterior_use


def test_a_unit_that_ignores_its_image_is_inactive_and_free():
    mean = torch.stack([torch.randn(4000, generator=torch.Generator().manual_seed(0)), torch.zeros(4000)], 1)
    logvar = torch.stack([torch.full((4000,), 2 * math.log(0.1)), torch.zeros(4000)], 1)
    use = posterior_use(mean, logvar)
    assert use.active == 1
    assert use.kl_per_unit[1] == 0
    expected = 0.5 * (float(mean[:, 0].square().mean()) + 0.01 - 1 - math.log(0.01))
    assert math.isclose(float(use.kl_per_unit[0]), expected, rel_tol=1e-6)


def test_the_threshold_is_a_variance_of_001():
    spread = torch.linspace(-1, 1, 10_001)
    spread = spread / spread.std()
    just_below, just_above = 0.099 * spread, 0.101 * spread
    use = posterior_use(torch.stack([just_below, just_above], 1), torch.zeros(10_001, 2))
    assert use.active == 1


def test_positions_of_a_spatial_latent_are_units():
    assert posterior_use(torch.zeros(5, 3, 2, 2), torch.zeros(5, 3, 2, 2)).kl_per_unit.shape == (12,)
