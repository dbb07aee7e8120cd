"""Sharpness of reconstructions, measured against their originals: without a reference, noise reads as sharpness.

Variance of the Laplacian and total variation are not here: noise doubles them and a loss of contrast halves them.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.metrics.blur import equivalent_blur, pooled_equivalent_blur
from explorer.metrics.spectrum import detail, excess_per_image, luminance, ring_energies

#: Above this excess the fine detail is not the original's (docs/decisions: how it was derived).
EXCESS_LIMIT = 0.12
#: Averaging window of `blur_effect`, scikit-image's default.
BLUR_WINDOW = 11


@dataclass(frozen=True)
class Sharpness:
    """Sharpness of N reconstructions; read it beside the rate they were given.

    Attributes:
        sigma_eq: (N,) equivalent blur of each, pixels; NaN where a picture is flat.
        sigma_eq_pooled: one equivalent blur for all of them, pixels.
        flat: how many have no equivalent blur.
        frequencies: (R,) of the rings, cycles per pixel.
        detail_kept: (R,) H(f).
        detail_drawn: (R,) G(f).
        mtf50: cycles per pixel; infinite where half of the detail is kept up to the corner, 0.707.
        excess_detail: the guard E; above `EXCESS_LIMIT`, "sharp" may be invented.
        excess_frequency: the frequency that the guard speaks of.
        excess_per_image: (N,), noisier.
        blur_effect_ratio: (N,) no-reference blur (Crete et al. 2007) of the reconstruction over the original's;
            above 1 is blurrier. A second opinion, and the only one here that noise can fool.
    """

    sigma_eq: Tensor
    sigma_eq_pooled: float
    flat: int
    frequencies: Tensor
    detail_kept: Tensor
    detail_drawn: Tensor
    mtf50: float
    excess_detail: float
    excess_frequency: float
    excess_per_image: Tensor
    blur_effect_ratio: Tensor


def sharpness(original: Tensor, reconstruction: Tensor) -> Sharpness:
    """Both (N, C, H, W), one or three channels, floats in [0, 1] (clipped), H = W."""
    x, y = luminance(original), luminance(reconstruction)
    energies = ring_energies(x, y)
    spectrum = detail(energies)
    sigma = equivalent_blur(x, y)
    return Sharpness(
        sigma_eq=sigma,
        sigma_eq_pooled=pooled_equivalent_blur(x, y),
        flat=int(sigma.isnan().sum()),
        frequencies=spectrum.frequencies,
        detail_kept=spectrum.kept,
        detail_drawn=spectrum.drawn,
        mtf50=spectrum.mtf50,
        excess_detail=spectrum.excess,
        excess_frequency=spectrum.excess_frequency,
        excess_per_image=excess_per_image(energies),
        blur_effect_ratio=blur_effect(y) / blur_effect(x),
    )


def blur_effect(images: Tensor) -> Tensor:
    """scikit-image's no-reference blur of each luminance (N, H, W): 0 is sharp, 1 is blurred; (N,)."""
    from skimage.measure import blur_effect as measure

    return torch.tensor([measure(image, h_size=BLUR_WINDOW) for image in images.double().numpy()], dtype=torch.float64)
