"""Intervals that are called 95 % hold the truth in about 95 of 100 redraws, of samples, reference and split alike."""

from __future__ import annotations

import pytest
import torch

from explorer.metrics.interval import Estimate
from explorer.metrics.neighbours import copy_check
from explorer.metrics.two_sample import two_sample_accuracy
from explorer.streams import stream

REDRAWS = 60


def held(intervals: list[Estimate], truth: float) -> float:
    return sum(found.low <= truth <= found.high for found in intervals) / len(intervals)


def naive(found: Estimate, n: int) -> tuple[float, float]:
    """The interval of independent answers, for comparison."""
    half = 1.96 * (found.value * (1 - found.value) / n) ** 0.5
    return found.value - half, found.value + half


@pytest.mark.parametrize("features, n", [(4, 120), (32, 200), (64, 300)])
def test_the_copy_check_of_a_model_that_generalises(features: int, n: int):
    def draw(k: int) -> Estimate:
        generator = stream(k, "coverage")
        return copy_check(*(torch.randn(n, features, generator=generator) for _ in range(3)))

    found = [draw(k) for k in range(4 * REDRAWS)]
    assert 0.93 <= held(found, 0.5) <= 0.995
    if features > 4:  # hubs: as if independent, the same answers would hold it too seldom
        assert sum(low <= 0.5 <= high for low, high in (naive(each, n) for each in found)) / len(found) < 0.88


@pytest.mark.parametrize("shift", [0.0, 0.15])
def test_the_two_sample_test(shift: float):
    def draw(k: int) -> Estimate:
        generator = stream(k, "coverage")
        real, samples = (torch.randn(150, 16, generator=generator) for _ in range(2))
        return two_sample_accuracy(real, samples + shift, generator)

    found = [draw(k) for k in range(REDRAWS)]
    truth = 0.5 if shift == 0 else sum(each.value for each in found) / len(found)
    assert 0.92 <= held(found, truth) <= 1
    assert sum(low <= truth <= high for low, high in (naive(each, 300) for each in found)) / len(found) < 0.92


def test_copies_are_still_caught():
    train, held_out = (torch.randn(200, 32, generator=stream(k, "copies")) for k in (1, 2))
    found = copy_check(train, train, held_out)
    assert found.value == 1
    assert found.low > 0.95
