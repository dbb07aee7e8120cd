from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.metrics import paired
from explorer.metrics.paired import BLOCK, RESAMPLES, paired_difference


def test_the_interval_covers_the_true_mean_as_often_as_it_says():
    """95 % of 200 intervals, within three standard errors of that share."""
    random = np.random.default_rng(0)
    found = [paired_difference(np.zeros(80), random.normal(0.3, 1, 80), seed=k) for k in range(200)]
    assert sum(f.low <= 0.3 <= f.high for f in found) / 200 == pytest.approx(0.95, abs=3 * math.sqrt(0.05 * 0.95 / 200))


def test_pairs_cancel_what_images_share():
    random = np.random.default_rng(1)
    image = random.normal(0, 100, 500)
    found = paired_difference(image, image + 1 + random.normal(0, 0.1, 500))
    assert found.low == pytest.approx(1, abs=0.02)
    assert found.high == pytest.approx(1, abs=0.02)
    assert (found.second_higher, found.n) == (1, 500)


def test_ties_count_half_and_gaps_are_counted():
    found = paired_difference([1, 1, 1, math.nan, 2], [1, 3.5, -3, 1, math.inf])
    assert (found.second_higher, found.n, found.left_out) == (0.5, 3, 2)


def test_nothing_to_compare():
    found = paired_difference([math.nan], [1.0])
    assert math.isnan(found.mean)
    assert (found.n, found.left_out) == (0, 1)


def test_the_same_seed_gives_the_same_interval():
    a, b = np.random.default_rng(2).normal(size=(2, 50))
    assert paired_difference(a, b) == paired_difference(a, b)
    assert paired_difference(a, b, seed=1) != paired_difference(a, b)


@pytest.mark.parametrize("n, half", [(300, 15), (301, 15), (2, 15), (1, 15), (300, 3)])
def test_counted_resamples_are_the_resamples_themselves(n, half, monkeypatch):
    """Means over drawn pairs, without counting how often each was drawn; also where half a byte is too little."""
    monkeypatch.setattr(paired, "HALF", half)
    paired._resamples.cache_clear()
    a, b = np.random.default_rng(3).normal(size=(2, n))
    random = np.random.default_rng(7)
    drawn = [(b - a)[random.integers(n, size=(BLOCK, n))].mean(1) for _ in range(RESAMPLES // BLOCK)]
    found = paired_difference(a, b, seed=7)
    paired._resamples.cache_clear()
    assert (found.low, found.high) == pytest.approx(tuple(np.percentile(np.concatenate(drawn), [2.5, 97.5])))


def test_two_counts_share_a_byte():
    assert paired._resamples(301, 0).shape == (RESAMPLES, 151)


def test_two_infinities_are_left_out_without_a_warning():
    found = paired_difference([np.inf, 1.0, 2.0, np.nan], [np.inf, 2.0, 3.0, 1.0])
    assert (found.n, found.left_out, found.mean) == (2, 2, 1.0)
