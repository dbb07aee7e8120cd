"""Rates: bounds, closed forms, and a NumPy restatement."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explorer.metrics.rate import SMOOTHING, kl_bits, latent_nats, per_position_nats, rate_of, uniform_bits


def per_position_bits(train: torch.Tensor, test: torch.Tensor, k: int, smoothing: float = SMOOTHING) -> float:
    return rate_of(per_position_nats(train, test, k, smoothing)).bits


def test_uniform_bits():
    assert uniform_bits(49, 256) == 392


def test_kl_bits_are_nats_over_ln_2():
    assert math.isclose(kl_bits(torch.tensor([1.0, 3.0])), 2 / math.log(2))


def test_uniform_codes_cost_the_uniform_rate():
    codes = torch.randint(0, 8, (40_000, 2, 2), generator=torch.Generator().manual_seed(0))
    bits = per_position_bits(codes[:20_000], codes[20_000:], 8)
    assert uniform_bits(4, 8) < bits < uniform_bits(4, 8) + 0.01


def test_constant_codes_cost_nearly_nothing():
    codes = torch.full((5000, 2, 2), 3)
    assert per_position_bits(codes, codes, 8) < 0.01


def test_histograms_are_fitted_on_training_codes_and_smoothed():
    train = torch.tensor([[0, 1], [0, 1], [0, 2]])
    test = torch.tensor([[0, 2], [2, 1]])
    smoothing, k = 0.5, 3
    expected = 0.0
    for position in range(2):
        counts = np.bincount(train[:, position], minlength=k) + smoothing
        expected += float(np.mean([-math.log2(counts[code] / counts.sum()) for code in test[:, position]]))
    assert math.isclose(per_position_bits(train, test, k, smoothing), expected)


def test_a_latent_costs_its_kl_to_the_prior():
    """Under N(0, I) exactly, whatever was drawn; under N(0, s²) `KL + ½·(z²/s² - z² + log s²)` of each number."""
    kl, z = torch.tensor([3.0, 0.5]), torch.tensor([[1.0, -2.0, 0.5], [0.0, 0.3, 4.0]])
    for s in (1.0, 0.7):
        log_prior = torch.distributions.Normal(0.0, s).log_prob(z.double()).sum(1)
        expected = kl + 0.5 * (z.square() / s**2 - z.square() + math.log(s**2)).sum(1)
        assert latent_nats(kl, log_prior, z).tolist() == pytest.approx(expected.tolist(), rel=1e-5)
