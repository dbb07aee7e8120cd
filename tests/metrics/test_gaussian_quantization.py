"""Random codes for Gaussian posteriors, against closed forms and against counting."""

from __future__ import annotations

import math

import pytest
import torch

from explorer.metrics.gaussian_quantization import (
    draw_codes,
    expected_error,
    kl_bits,
    miss_bound,
    miss_probability,
    nearest_codes,
    nearest_jointly,
    quantized,
    share_within,
)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_nearest_code_is_the_nearest() -> None:
    mean, codes = torch.randn(200, 3, generator=seeded(0), dtype=torch.float64), draw_codes(37, 3, seeded(1))
    distances = (mean[:, :, None] - codes).abs()  # (N, units, K)
    assert torch.equal(nearest_codes(mean, codes), distances.argmin(2))
    assert torch.equal(quantized(nearest_codes(mean, codes), codes), codes[torch.arange(3), distances.argmin(2)])


def test_in_the_plane_sigma_decides_what_is_near() -> None:
    codes = torch.tensor([[1.0, 0.0], [0.0, 0.8]], dtype=torch.float64)
    origin = torch.zeros(2, 2, dtype=torch.float64)
    sigma = torch.tensor([[1.0, 1.0], [1.0, 0.1]], dtype=torch.float64)
    assert nearest_jointly(origin, sigma, codes).tolist() == [1, 0]


def test_one_code_is_as_far_as_a_folded_normal_says() -> None:
    mean = torch.tensor([0.0, 0.5, -2.0, 6.0], dtype=torch.float64)
    folded = math.sqrt(2 / math.pi) * (-mean.square() / 2).exp() + mean * torch.special.erf(mean / math.sqrt(2))
    torch.testing.assert_close(expected_error(mean, 1), folded, rtol=1e-3, atol=0)


@pytest.mark.parametrize("bits", [1, 4, 8])
def test_the_expected_error_is_what_counting_finds(bits: int) -> None:
    mean = torch.tensor([[0.0, 1.0, 2.5]], dtype=torch.float64)
    errors = []
    for seed in range(400):
        codes = draw_codes(2**bits, 3, seeded(seed))
        errors.append((quantized(nearest_codes(mean, codes), codes) - mean).abs())
    found = torch.cat(errors)
    error = found.std(0) / math.sqrt(len(found))
    assert ((found.mean(0) - expected_error(mean, 2**bits)[0]).abs() < 4 * error).all()


def test_at_the_prior_the_error_falls_like_one_over_k() -> None:
    """Near μ codes are a Poisson process of density 2 K φ(μ): the error tends to 1 / (2 K φ(μ))."""
    mean = torch.tensor([0.3], dtype=torch.float64)
    density = math.exp(-0.045) / math.sqrt(2 * math.pi)
    assert float(expected_error(mean, 2**14)) == pytest.approx(1 / (2 * 2**14 * density), rel=1e-3)


def test_the_bound_holds_for_exact_gaussians_and_is_not_empty() -> None:
    sigma = torch.tensor([0.02, 0.1, 0.5, 0.9], dtype=torch.float64)[:, None]
    mean = torch.linspace(-4, 4, 41, dtype=torch.float64)[None].expand(4, -1)
    sigma = sigma.expand_as(mean)
    for bits in range(1, 16):
        missed, bound = miss_probability(mean, sigma, 2**bits), miss_bound(mean, sigma, 2**bits)
        assert (missed <= bound + 1e-12).all()
    narrow = sigma < 0.2
    beyond = kl_bits(mean, sigma) + 4 < 15
    assert (miss_bound(mean, sigma, 2**15)[narrow & beyond & (mean.abs() < 2)] < 0.1).all()


def test_the_probability_of_a_miss_is_what_counting_finds() -> None:
    mean, sigma = torch.tensor([[1.2]], dtype=torch.float64), torch.tensor([[0.05]], dtype=torch.float64)
    far = []
    for seed in range(2000):
        codes = draw_codes(32, 1, seeded(seed))
        far.append(float((quantized(nearest_codes(mean, codes), codes) - mean).abs() > sigma))
    expected = float(miss_probability(mean, sigma, 32))
    assert abs(sum(far) / len(far) - expected) < 4 * math.sqrt(expected * (1 - expected) / len(far))


def test_tails_are_exact() -> None:
    inside = share_within(torch.tensor([9.0], dtype=torch.float64), torch.tensor([0.1], dtype=torch.float64))
    density = math.exp(-40.5) / math.sqrt(2 * math.pi)
    assert float(inside) == pytest.approx(0.2 * density, rel=0.2)
    assert float(inside) > 0
