"""Objectives against NumPy and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explorer.models import latents, ranks
from explorer.models.latents import GaussianLatent
from explorer.models.objectives import (
    VARIANCE_FLOOR,
    VAETerms,
    VQVAETerms,
    gaussian_kl,
    gaussian_nll,
    optimal_variance_nll,
)


def test_kl_of_the_prior_itself_is_zero():
    latent = GaussianLatent(torch.zeros(4, 3), torch.zeros(4, 3))
    assert gaussian_kl(latent).abs().max() == 0


def test_kl_against_numerical_integration():
    mean, sigma = 0.7, 0.3
    z = np.linspace(-8, 8, 400_001)
    q = np.exp(-((z - mean) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))
    log_p = -(z**2) / 2 - 0.5 * math.log(2 * math.pi)
    log_q = -((z - mean) ** 2) / (2 * sigma**2) - math.log(sigma * math.sqrt(2 * math.pi))
    integral = float(np.sum(q * (log_q - log_p)) * (z[1] - z[0]))
    latent = GaussianLatent(torch.tensor([[mean]]).double(), torch.tensor([[2 * math.log(sigma)]]).double())
    assert math.isclose(float(gaussian_kl(latent)), integral, rel_tol=1e-6)


def test_nll_is_the_log_density_of_a_gaussian():
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(5, 12, generator=generator, dtype=torch.float64)
    y = torch.rand(5, 12, generator=generator, dtype=torch.float64)
    s2 = 0.03
    expected = -torch.distributions.Normal(y, math.sqrt(s2)).log_prob(x).sum(1)
    torch.testing.assert_close(gaussian_nll((x - y).square().sum(1), 12, s2), expected)


def test_optimal_variance_is_optimal():
    sse, values, images = torch.tensor(6.0, dtype=torch.float64), 20, 4
    mse = sse / (values * images)
    best = float(optimal_variance_nll(mse, values))
    at = [float(gaussian_nll(sse, values * images, float(mse) * factor)) / images for factor in (0.9, 1.0, 1.1)]
    assert math.isclose(best, at[1], rel_tol=1e-12)
    assert best < at[0]
    assert best < at[2]


def test_a_perfect_batch_stays_finite():
    assert torch.isfinite(optimal_variance_nll(torch.tensor(0.0), 784))
    assert math.isclose(VARIANCE_FLOOR, 1.2815e-6, rel_tol=1e-4)


def test_samples_have_the_posterior_s_mean_and_spread():
    latent = GaussianLatent(torch.full((200_000, 1), 0.5), torch.full((200_000, 1), 2 * math.log(0.1)))
    z = latent.sample(torch.Generator().manual_seed(1))
    assert abs(float(z.mean()) - 0.5) < 4 * 0.1 / math.sqrt(200_000)
    assert abs(float(z.std()) - 0.1) < 1e-3


def test_terms_that_a_run_lacks_have_no_name():
    one, two = torch.tensor(1.0), torch.tensor(2.0)
    assert VAETerms(one, two, one).named() == {"mse": one, "nll": two, "kl": one}
    assert list(VAETerms(one, two, one, two).named()) == ["mse", "nll", "kl", "kl_paid"]
    assert list(VQVAETerms(one, one, two, two).named()) == ["mse", "reconstruction", "codebook", "commitment"]


def test_a_sample_for_a_rank_is_its_share_of_the_joined_batch_s(monkeypatch: pytest.MonkeyPatch):
    """And without ranks in mind all of what is drawn, however many there are."""
    mean, logvar = torch.tensor([[1.0, -1.0], [0.0, 2.0]]), torch.tensor([[0.0, 0.5], [-1.0, 2.0]])
    noise = torch.empty(4, 2).normal_(generator=torch.Generator().manual_seed(7))
    for module in (ranks, latents):
        monkeypatch.setattr(module, "number_of_ranks", lambda: 2)
    monkeypatch.setattr(ranks, "this_rank", lambda: 1)
    latent = GaussianLatent(mean, logvar)
    joined = latent.sample(torch.Generator().manual_seed(7), over_ranks=True)
    torch.testing.assert_close(joined, mean + (0.5 * logvar).exp() * noise[2:])
    own = latent.sample(torch.Generator().manual_seed(7))
    drawn = torch.empty(2, 2).normal_(generator=torch.Generator().manual_seed(7))
    torch.testing.assert_close(own, mean + (0.5 * logvar).exp() * drawn)
