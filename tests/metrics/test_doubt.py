"""Which pictures carry neither value of a feature."""

from __future__ import annotations

import torch

from explorer.metrics.calibration import SURE
from explorer.metrics.doubt import neither


def test_neither_is_likely_and_none_is_ruled_out():
    probabilities = torch.tensor([[0.5, 0.5], [SURE, 1 - SURE], [0.81, 0.19], [0.1, 0.9]], dtype=torch.float64)
    assert neither(probabilities).tolist() == [True, True, False, False]
    assert neither(torch.tensor([[0.4, 0.3, 0.3], [0.1, 0.05, 0.85]])).tolist() == [True, False]


def test_values_are_the_last_axis():
    """Three features of two pictures, four values each."""
    probabilities = torch.full((2, 3, 4), 0.25)
    probabilities[1, 2] = torch.tensor([0.0, 0.0, 0.1, 0.9])
    assert neither(probabilities).tolist() == [[True, True, True], [True, True, False]]
