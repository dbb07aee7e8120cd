"""Path ratio, largest step and mid-point confidence against NumPy and against rows whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explorer.metrics.interpolation import largest_step, midpoint_confidence, path_ratio


@pytest.mark.parametrize("seed", range(3))
def test_they_are_their_formulas(seed):
    rng = np.random.default_rng(seed)
    f = rng.normal(size=(9, 24)).astype(np.float32)
    steps = [math.sqrt(sum((float(b) - float(a)) ** 2 for a, b in zip(f[k], f[k + 1], strict=True))) for k in range(8)]
    straight = math.sqrt(sum((float(b) - float(a)) ** 2 for a, b in zip(f[0], f[8], strict=True)))
    assert path_ratio(torch.from_numpy(f)) == pytest.approx(sum(steps) / straight, rel=1e-9)
    assert largest_step(torch.from_numpy(f)) == pytest.approx(max(steps) / sum(steps), rel=1e-9)


def test_a_straight_even_row():
    row = torch.linspace(0, 1, 9)[:, None] * torch.tensor([[3.0, -4.0, 0.5]])
    assert path_ratio(row) == pytest.approx(1, abs=1e-6)
    assert largest_step(row) == pytest.approx(1 / 8, abs=1e-6)


def test_one_jump_takes_the_whole_way():
    row = torch.zeros(9, 5)
    row[4:] = 2
    assert largest_step(row) == 1
    assert path_ratio(row) == pytest.approx(1)


def test_a_way_there_and_back_twice_is_three_times_as_long():
    row = torch.tensor([[0.0], [1], [0], [1]])
    assert path_ratio(row) == pytest.approx(3)


def test_equal_ends_and_still_rows_have_no_figure():
    assert math.isnan(path_ratio(torch.tensor([[0.0], [1], [0]])))
    assert math.isnan(largest_step(torch.ones(9, 4)))


def test_the_middle_is_the_fifth_of_nine():
    probabilities = torch.full((9, 4), 0.25)
    probabilities[4] = torch.tensor([0.1, 0.7, 0.1, 0.1])
    assert midpoint_confidence(probabilities) == pytest.approx(0.7)
    assert midpoint_confidence(torch.full((9, 4), 0.25)) == 0.25
