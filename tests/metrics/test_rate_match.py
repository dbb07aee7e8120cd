"""Which Gaussian latent counts as given the same room as a code grid."""

from __future__ import annotations

import math

import pytest

from explorer.metrics.rate_match import GaussianRate, fits, rate_match


@pytest.mark.parametrize(
    "bits, fitting",
    [(95.1, True), (94.9, False), (100, True), (150, True), (150.1, False), (math.nan, False), (0, False)],
)
def test_a_latent_fits_between_the_two_rates_or_within_five_percent_of_the_learned_one(bits, fitting):
    assert fits(bits, 100, 150) is fitting


def test_without_both_rates_nothing_fits():
    assert not fits(100, math.nan, 150)
    assert not fits(100, 100, math.nan)


def test_the_grid_comes_before_the_seed_and_the_seed_before_the_nearest():
    near = GaussianRate("vector", 100.0, on_grid=False)
    other_seed = GaussianRate("other seed", 101.0, on_grid=True, same_seed=False)
    far = GaussianRate("far", 140.0, on_grid=True)
    middle = GaussianRate("middle", 120.0, on_grid=True)
    latents = [near, far, other_seed, middle]
    found = []
    while match := rate_match(100, 150, latents):
        found.append(match.id)
        latents = [latent for latent in latents if latent.id != match.id]
    assert found == ["middle", "far", "other seed", "vector"]


def test_how_near_is_a_signed_share_and_close_means_five_percent():
    below, above = (rate_match(200, 300, [GaussianRate("z", bits, on_grid=True)]) for bits in (191, 211))
    assert below is not None and above is not None  # noqa: PT018
    assert [below.apart, above.apart] == pytest.approx([-0.045, 0.055])
    assert [below.close, above.close] == [True, False]
    assert rate_match(200, 300, [GaussianRate("z", 189, on_grid=True)]) is None
