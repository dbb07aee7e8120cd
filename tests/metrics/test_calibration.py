"""Confidence against accuracy, by hand and at the extremes."""

from __future__ import annotations

import pytest
import torch

from explorer.metrics.calibration import calibration


def test_confidence_that_is_kept_has_no_error():
    probabilities = torch.tensor([[0.75, 0.25]]).repeat(8, 1)
    found = calibration(probabilities, torch.tensor([0, 0, 0, 1] * 2))
    assert (found.accuracy, found.confidence, found.error, found.doubtful) == (0.75, 0.75, 0.0, 1.0)


def test_bins_are_not_let_off_against_each_other():
    """Two answers at .95, both wrong, and two at .55, both right: on the mean nothing is amiss but .25."""
    probabilities = torch.tensor([[0.95, 0.05]] * 2 + [[0.55, 0.45]] * 2)
    found = calibration(probabilities, torch.tensor([1, 1, 0, 0]))
    assert found.accuracy == 0.5
    assert found.confidence == pytest.approx(0.75)
    assert found.error == pytest.approx((0.95 + 0.45) / 2)
    assert found.doubtful == 0.5


def test_an_exact_judge():
    found = calibration(torch.eye(3), torch.arange(3))
    assert (found.accuracy, found.confidence, found.error, found.doubtful) == (1, 1, 0, 0)
