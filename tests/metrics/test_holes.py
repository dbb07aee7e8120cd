"""Holes: none where posteriors fill the prior, most of it where they do not, and known ratios cell by cell."""

from __future__ import annotations

import math

import pytest
import torch

from explorer.metrics.holes import aggregate_log_density, hole_map, hole_mass
from explorer.streams import stream


def test_the_density_is_the_mean_of_the_posteriors():
    mean, logvar = torch.randn(40, 2, generator=stream(0, "mean")), torch.randn(40, 2, generator=stream(0, "logvar"))
    z = torch.randn(300, 2, generator=stream(0, "z"))
    each = torch.distributions.Normal(mean.double(), (0.5 * logvar.double()).exp())
    expected = torch.stack([each.log_prob(point).sum(1).logsumexp(0) - math.log(40) for point in z.double()])
    assert torch.allclose(aggregate_log_density(z, mean, logvar), expected, atol=1e-4)


def test_posteriors_that_are_the_prior_leave_no_hole():
    assert hole_mass(torch.zeros(5, 2), torch.zeros(5, 2), stream(0, "holes"), 2000).value == 0


def test_an_aggregate_that_misses_half_of_the_plane_leaves_it_a_hole():
    """All means at z₁ > 0: q/p is 2 there and 0 elsewhere, up to the posteriors' own spread."""
    mean = torch.randn(20_000, 2, generator=stream(0, "mean"))
    mean[:, 0] = mean[:, 0].abs()
    logvar = torch.full_like(mean, 2 * math.log(0.1))
    mass = hole_mass(mean, logvar, stream(0, "holes"), 1000)
    assert mass.value == pytest.approx(0.5, abs=0.09)
    assert mass.low < mass.value < mass.high


def test_the_map_is_one_where_the_aggregate_is_the_prior():
    found = hole_map(torch.zeros(20_000, 2), torch.zeros(20_000, 2), stream(0, "map"), cells=16)
    assert float(found.prior_mass.sum()) == pytest.approx(1, abs=2e-4)
    middle = found.ratio[5:11, 5:11]
    assert float((middle - 1).abs().max()) < 0.1
    assert (found.images, found.samples_per_image) == (20_000, 20)


def test_the_map_knows_right_from_up():
    mean = torch.tensor([[1.0, -2.5]]).expand(50, 2)
    found = hole_map(mean, torch.full((50, 2), -12.0), stream(0, "map"), cells=8)
    row, column = divmod(int(found.ratio.argmax()), 8)
    assert (row, column) == (1, 5)  # z₂ = -2.5 is the second row, z₁ = 1 the sixth column
    assert float((found.ratio * found.prior_mass).sum()) == pytest.approx(1)
