"""Fidelity against NumPy and scikit-image."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from explorer.metrics.reconstruction import mse, psnr, squared_error, ssim


@pytest.fixture
def pair() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(3, 3, 16, 16, generator=generator)
    return x, x + 0.3 * torch.randn(3, 3, 16, 16, generator=generator)


def test_psnr_is_scikit_image_s(pair: tuple[torch.Tensor, torch.Tensor]):
    x, y = pair
    for k, value in enumerate(psnr(mse(x, y))):
        expected = peak_signal_noise_ratio(x[k].numpy(), np.clip(y[k].numpy(), 0, 1), data_range=1)
        assert math.isclose(float(value), expected, rel_tol=1e-5)


def test_fidelity_clips_and_likelihood_does_not(pair: tuple[torch.Tensor, torch.Tensor]):
    x, y = pair
    assert torch.allclose(squared_error(x, y), ((x - y) ** 2).sum((1, 2, 3)))
    assert (mse(x, y) < squared_error(x, y) / 768).all()


def test_ssim_is_one_for_itself_and_scikit_image_s_otherwise(pair: tuple[torch.Tensor, torch.Tensor]):
    x, y = pair
    assert torch.allclose(ssim(x, x), torch.ones(3, dtype=torch.float64))
    expected = structural_similarity(
        x[1].numpy(), np.clip(y[1].numpy(), 0, 1), win_size=7, data_range=1, channel_axis=0
    )
    assert math.isclose(float(ssim(x, y)[1]), float(expected), rel_tol=1e-6)


def test_ssim_of_unequal_numbers_is_refused(pair: tuple[torch.Tensor, torch.Tensor]):
    x, y = pair
    with pytest.raises(ValueError, match="shorter"):
        ssim(x, y[:2])
