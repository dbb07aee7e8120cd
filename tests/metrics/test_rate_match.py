"""Which Gaussian latent counts as given the same room as a code grid."""

from __future__ import annotations

import math

import pytest

from explorer.metrics.rate_match import GaussianRate, fits, nearest, rate_match


@pytest.mark.parametrize(
    "bits, fitting",
    [(95.1, True), (94.9, False), (100, True), (104.9, True), (105.1, False), (math.nan, False), (0, False)],
)
def test_a_latent_fits_within_five_percent(bits: float, fitting: bool):
    assert fits(bits, 100) is fitting


def test_without_both_rates_nothing_fits():
    assert not fits(100, math.nan)
    assert not fits(math.nan, 100)


def test_the_grid_comes_before_the_seed_and_the_seed_before_the_nearest():
    near = GaussianRate("vector", 100.0, on_grid=False)
    other_seed = GaussianRate("other seed", 101.0, on_grid=True, same_seed=False)
    far = GaussianRate("far", 104.0, on_grid=True)
    middle = GaussianRate("middle", 102.0, on_grid=True)
    latents = [near, far, other_seed, middle]
    found = []
    while match := rate_match(100, latents):
        found.append(match.id)
        latents = [latent for latent in latents if latent.id != match.id]
    assert found == ["middle", "far", "other seed", "vector"]


def test_how_near_is_a_signed_share():
    found = rate_match(200, [GaussianRate("z", 191, on_grid=True)])
    assert found is not None
    assert found.apart == pytest.approx(-0.045)
    assert rate_match(200, [GaussianRate("z", 211, on_grid=True)]) is None


def test_the_nearest_is_like_for_like_however_far():
    latents = [
        GaussianRate("vector", 100.0, on_grid=False),
        GaussianRate("other seed", 100.0, on_grid=True, same_seed=False),
        GaussianRate("unknown", math.nan, on_grid=True),
        GaussianRate("far", 40.0, on_grid=True),
        GaussianRate("less far", 150.0, on_grid=True),
    ]
    found = nearest(100, latents)
    assert found is not None
    assert found.id == "less far"
    assert found.apart == pytest.approx(0.5)
    assert nearest(100, latents[:3]) is None
    assert nearest(math.nan, latents) is None
