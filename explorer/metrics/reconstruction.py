"""Fidelity of reconstructions. None of these is a sharpness: a blurred picture can score well on all of them."""

from __future__ import annotations

import torch
from torch import Tensor


def squared_error(original: Tensor, reconstruction: Tensor) -> Tensor:
    """SSE of each image, unclipped, (N,): what a Gaussian likelihood asks for. Both (N, C, H, W)."""
    return (original - reconstruction).square().flatten(1).sum(1)


def mse(original: Tensor, reconstruction: Tensor) -> Tensor:
    """Mean squared error of each image on values clipped to [0, 1], (N,). Both (N, C, H, W)."""
    return (original.clamp(0, 1) - reconstruction.clamp(0, 1)).square().flatten(1).mean(1)


def psnr(mean_squared_error: Tensor) -> Tensor:
    """Peak signal-to-noise ratio in dB, `-10·log10(MSE)`, of values in [0, 1]; same shape; infinite for MSE = 0.

    The pooled PSNR of a set is `psnr(mse.mean())`, which is not the mean of the images' own values.
    """
    return -10 * torch.log10(mean_squared_error)


def ssim(original: Tensor, reconstruction: Tensor) -> Tensor:
    """Structural similarity of each image, (N,), at most 1 (Wang et al. 2004), from scikit-image: 7×7, data range 1.

    Both (N, C, H, W); values are clipped to [0, 1], colour channels are averaged.
    """
    from skimage.metrics import structural_similarity

    pairs = zip(original.clamp(0, 1).numpy(), reconstruction.clamp(0, 1).numpy(), strict=True)
    values = [structural_similarity(a, b, win_size=7, data_range=1.0, channel_axis=0) for a, b in pairs]
    return torch.tensor(values, dtype=torch.float64)
