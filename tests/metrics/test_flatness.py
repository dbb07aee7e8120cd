"""Change over the last fifth, on curves whose answer is plain."""

from __future__ import annotations

import math

import numpy as np
import pytest

from explorer.metrics.flatness import change_at_end


def test_a_straight_descent_changes_by_a_fifth_of_its_fall():
    steps = np.arange(0, 1001, 10)
    assert math.isclose(change_at_end(steps, 20 - 0.01 * steps), 0.2)


def test_a_curve_at_rest_is_0_whatever_came_before():
    assert change_at_end([0, 100, 800, 900, 1000], [9, 5, 2, 2, 2]) == 0
    assert change_at_end([7], [3.0]) == 0


def test_a_bump_on_the_way_counts_though_both_ends_agree():
    assert math.isclose(change_at_end([0, 80, 90, 100], [5, 1, 1.3, 1]), 0.3)


def test_rising_and_negative_curves_count_by_their_size():
    assert math.isclose(change_at_end([0, 80, 100], [-1, -90, -100]), 0.1)
    assert math.isclose(change_at_end([0, 80, 100], [0, 0.5, 1]), 0.5)


def test_between_points_the_curve_is_a_straight_line():
    assert math.isclose(change_at_end([0, 70, 90, 100], [8, 4, 2, 2]), 0.5)  # 3 at step 80


@pytest.mark.parametrize("values, change", [([1, 1, 0], math.inf), ([0, 0, 0], 0)])
def test_an_end_at_0_has_no_share(values: list[float], change: float):
    assert change_at_end([0, 90, 100], values) == change
