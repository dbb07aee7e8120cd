from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explorer.metrics.gaussian_rate import pca_rate_distortion


@pytest.fixture
def sample():
    """20,000 vectors of a Gaussian with variances 4, 1 and 0.25, rotated."""
    random = np.random.default_rng(0)
    q, _ = np.linalg.qr(random.normal(size=(3, 3)))
    x = random.normal(size=(20_000, 3)) * np.array([2, 1, 0.5]) @ q
    return torch.from_numpy(x[:10_000]), torch.from_numpy(x[10_000:])


def test_reverse_water_filling_by_hand(sample):
    train, test = sample
    found = pca_rate_distortion(train, test, most=2)
    assert found.components.tolist() == [1, 2]
    assert found.bits.tolist() == pytest.approx([1.0, 0.5 * math.log2(16) + 0.5 * math.log2(4)], rel=0.05)
    assert found.mse.tolist() == pytest.approx([(1 + 1 + 0.25) / 3, 0.25], rel=0.05)


def test_bits_are_the_kl_and_errors_those_of_the_posterior(sample):
    """Encode and decode the test vectors with the posterior itself."""
    train, test = sample
    test = test[:2000] * 1.3  # other variances than were foreseen
    found = pca_rate_distortion(train, test, most=1)
    variances, axes = torch.linalg.eigh(torch.cov((train - train.mean(0)).T))
    x = (test - train.mean(0)) @ axes[:, -1]
    lam, level = variances[-1], variances[-2]
    z_mean, z_var = x * (1 - level / lam).sqrt() / lam.sqrt(), level / lam
    kl = 0.5 * (z_mean**2 + z_var - 1 - z_var.log()).mean() / math.log(2)
    assert float(found.bits[0]) == pytest.approx(float(kl), rel=1e-6)
    noise = torch.randn(len(x), 400, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    drawn = (z_mean[:, None] + z_var.sqrt() * noise) * (1 - level / lam).sqrt() * lam.sqrt()
    rest = ((test - train.mean(0)) @ axes[:, :-1]).square().sum(1).mean()
    assert float(found.mse[0]) == pytest.approx(float(((drawn - x[:, None]).square().mean() + rest) / 3), rel=0.01)


def test_more_bits_err_less(sample):
    wide = torch.randn(300, 40, generator=torch.Generator().manual_seed(1))
    found = pca_rate_distortion(wide, wide)
    assert (found.bits.diff() >= 0).all()
    assert (found.mse.diff() <= 0).all()


def test_fewer_images_than_values_is_the_same_curve(sample):
    """Padded with zeros, 40 images have more values than there are images, and the same components."""
    few, test = sample[0][:40], sample[1][:40]
    padded = [torch.cat([images, torch.zeros(40, 97)], 1) for images in (few, test)]
    plain, wide = pca_rate_distortion(few, test, most=2), pca_rate_distortion(padded[0], padded[1], most=2)
    torch.testing.assert_close(wide.bits, plain.bits)
    torch.testing.assert_close(wide.mse * 100, plain.mse * 3)
    assert wide.components.tolist() == plain.components.tolist()
