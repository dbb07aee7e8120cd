"""Terms averaged where they must be summed are known by their factor, and what that makes of β."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from explorer.metrics.reductions import effective_beta, reduction_of

BATCH, VALUES, UNITS = 16, 784, 8


def terms() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    x, y = torch.rand(BATCH, VALUES, generator=generator), torch.rand(BATCH, VALUES, generator=generator)
    return x, y, torch.rand(BATCH, UNITS, generator=generator)


def test_what_a_loop_logs_is_known_by_its_factor() -> None:
    x, y, _ = terms()
    summed = float((x - y).square().sum(1).mean())
    ways = {
        "sum": summed,
        "values": float(F.mse_loss(x, y)),
        "batch × sum": float(F.mse_loss(x, y, reduction="sum")),
        "unknown": summed / 3,
    }
    for name, logged in ways.items():
        assert reduction_of(logged, summed, size=VALUES, size_name="values", batch=BATCH).over == name
    assert reduction_of(math.nan, summed, size=VALUES, size_name="values", batch=BATCH).over == "unknown"


def test_a_mean_over_pixels_is_a_beta_of_their_number() -> None:
    x, y, kl = terms()
    error, rate = (float(term.sum(1).mean()) for term in ((x - y).square(), kl))
    averaged = reduction_of(float(F.mse_loss(x, y)), error, size=VALUES, size_name="values", batch=BATCH)
    right = reduction_of(rate, rate, size=UNITS, size_name="units", batch=BATCH)
    mean = reduction_of(float(kl.mean()), rate, size=UNITS, size_name="units", batch=BATCH)
    assert effective_beta(1.0, averaged, right) == pytest.approx(VALUES)
    assert effective_beta(1.0, reduction_of(error, error, size=VALUES, size_name="values", batch=BATCH), mean) == (
        pytest.approx(1 / UNITS)
    )
    assert effective_beta(1.0, averaged, mean) == pytest.approx(VALUES / UNITS)


def test_the_effective_beta_is_that_of_the_gradient() -> None:
    """The averaged loss and the summed one with β = d have parallel gradients."""
    z = torch.tensor([0.3, -0.7], requires_grad=True)
    weights = torch.randn(VALUES, 2, generator=torch.Generator().manual_seed(1))
    error = (weights @ z - 1).square()
    kl = 0.5 * z.square().sum()
    (averaged,) = torch.autograd.grad(error.mean() + kl, z, retain_graph=True)
    (summed,) = torch.autograd.grad(error.sum() + VALUES * kl, z)
    torch.testing.assert_close(averaged * VALUES, summed)
