"""What a step does: counted by hand, and intervals that hold what they should."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.metrics.smoothness import changed_mind, estimates, pixel_distance


def test_a_mind_changes_when_another_class_leads():
    before = torch.tensor([[0.6, 0.4], [0.1, 0.9]])
    after = torch.tensor([[[0.51, 0.49], [0.49, 0.51]], [[0.2, 0.8], [0.9, 0.1]]])
    assert changed_mind(before, after).tolist() == [[0, 1], [0, 1]]
    three = torch.tensor([[0.2, 0.8], [0.9, 0.1], [0.6, 0.4]])
    assert changed_mind(three, three[:, None].repeat(1, 2, 1)).tolist() == [[0, 0]] * 3


def test_pixel_distance_is_the_root_mean_square_of_clipped_values():
    rng = np.random.default_rng(1)
    before, after = rng.normal(0.5, 0.6, (3, 2, 4, 4)), rng.normal(0.5, 0.6, (3, 5, 2, 4, 4))
    found = pixel_distance(torch.from_numpy(before), torch.from_numpy(after))
    for i in range(3):
        for j in range(5):
            difference = np.clip(after[i, j], 0, 1) - np.clip(before[i], 0, 1)
            assert float(found[i, j]) == pytest.approx(np.sqrt(np.mean(difference**2)), rel=1e-9)


def test_an_interval_is_as_wide_as_theory_says():
    values = torch.from_numpy(np.random.default_rng(0).binomial(1, 0.3, (800, 1)).astype(float))
    (found,) = estimates([values], torch.Generator().manual_seed(0))
    standard_error = float(values.std()) / np.sqrt(800)
    assert found.value == pytest.approx(float(values.mean()))
    assert found.high - found.low == pytest.approx(2 * 1.96 * standard_error, rel=0.1)
    assert found.low < found.value < found.high


def test_steps_of_one_image_count_as_one_draw():
    one = torch.from_numpy(np.random.default_rng(2).binomial(1, 0.5, (200, 1)).astype(float))
    same = one.expand(-1, 10)  # ten equal steps from each image tell no more than one
    widths = [found.high - found.low for found in estimates([one, same], torch.Generator().manual_seed(3))]
    assert widths[0] == pytest.approx(widths[1], rel=1e-9)


def test_the_same_generator_gives_the_same_interval():
    values = torch.rand(50, 3, dtype=torch.float64)
    first, second = (estimates([values], torch.Generator().manual_seed(7)) for _ in range(2))
    assert first == second
