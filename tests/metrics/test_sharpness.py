"""Pictures damaged on purpose must read as what was done to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from scipy.ndimage import fourier_gaussian
from skimage.color import rgb2gray
from skimage.measure import blur_effect as scikit_blur_effect

from explorer.data import load_image_set
from explorer.metrics.blur import WIDEST, blurred, equivalent_blur, pooled_equivalent_blur
from explorer.metrics.sharpness import EXCESS_LIMIT, sharpness
from explorer.metrics.spectrum import luminance, mtf50, ring_energies

SETS = ("fashion", "emoji")


@pytest.fixture(scope="module", params=SETS)
def pictures(request):
    image_set = load_image_set(request.param)
    return image_set.images[image_set.split("test")][:80].float() / 255


def noisy(images, amplitude):
    return images + amplitude * torch.randn(images.shape, generator=torch.Generator().manual_seed(1))


def mirrored_blur(images, sigma):
    """SciPy's Gaussian in the frequency domain, on pictures continued by mirroring."""
    size = images.shape[-1]
    tiles = np.pad(images.numpy(), ((0, 0), (0, 0), (size, size), (size, size)), mode="symmetric").astype(np.float64)
    spectrum = fourier_gaussian(np.fft.fft2(tiles), (0, 0, sigma, sigma))
    return torch.from_numpy(np.fft.ifft2(spectrum).real[..., size : 2 * size, size : 2 * size])


@pytest.mark.parametrize("sigma", [0.3, 0.8, 2.0])
def test_blurs_as_scipy_does(pictures, sigma):
    assert torch.allclose(blurred(pictures.double(), sigma), mirrored_blur(pictures, sigma), atol=2e-3)


@pytest.mark.parametrize("sigma", [0.25, 0.88, 3.0])
@pytest.mark.parametrize("amplitude", [0.0, 0.05])
def test_a_known_blur_is_recovered_also_under_noise(pictures, sigma, amplitude):
    x = 0.2 + 0.6 * pictures  # room for noise: clipping it at black pulls a blur of 3 px down by 0.12
    found = sharpness(x, noisy(mirrored_blur(x, sigma), amplitude))
    assert float(found.sigma_eq.nanmedian()) == pytest.approx(sigma, abs=0.1)
    assert found.sigma_eq_pooled == pytest.approx(sigma, abs=0.1)


def test_each_picture_has_its_own_blur(pictures):
    sigmas = torch.linspace(0.3, 2, len(pictures), dtype=torch.float64)
    y = torch.cat([mirrored_blur(x[None], s) for x, s in zip(pictures, sigmas.tolist(), strict=True)])
    assert (equivalent_blur(luminance(pictures), luminance(y)) - sigmas).abs().max() < 0.1


def test_contrast_and_offset_are_no_blur(pictures):
    found = sharpness(pictures, 0.4 * pictures + 0.3)
    assert found.sigma_eq.nan_to_num(0).max() == 0
    assert torch.allclose(found.detail_kept, torch.full_like(found.detail_kept, 0.4), atol=1e-6)
    assert torch.allclose(found.detail_drawn, torch.full_like(found.detail_drawn, 0.16), atol=1e-6)


def test_noise_does_not_read_as_sharpness(pictures):
    blur = mirrored_blur(pictures, 1.0)
    calm, rough = sharpness(pictures, blur), sharpness(pictures, noisy(blur, 0.05))
    assert rough.sigma_eq_pooled > calm.sigma_eq_pooled - 0.1
    assert rough.mtf50 == pytest.approx(calm.mtf50, rel=0.05)
    assert calm.excess_detail < EXCESS_LIMIT < rough.excess_detail


def test_a_copy_is_sharp_and_a_blur_invents_nothing(pictures):
    copy = sharpness(pictures, pictures)
    assert copy.mtf50 == math.inf
    assert copy.sigma_eq_pooled == 0
    assert copy.excess_detail == pytest.approx(0, abs=1e-9)
    assert torch.allclose(copy.blur_effect_ratio, torch.ones(len(pictures), dtype=torch.float64))
    for sigma in (0.5, 1.0, 2.0):
        found = sharpness(pictures, blurred(pictures, sigma))
        assert found.excess_detail < 0.02
        assert found.blur_effect_ratio.mean() > 1.05


CHECKER = (torch.arange(32)[:, None] + torch.arange(32)) % 2 * 2.0 - 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda x: F.interpolate(F.avg_pool2d(x, 2), scale_factor=2),
        lambda x: F.interpolate(F.avg_pool2d(x, 4), scale_factor=4),
        lambda x: torch.roll(x, 1, -1),
        lambda x: x + 0.01 * CHECKER[: x.shape[-1], : x.shape[-1]],
        lambda x: x.roll(1, 0),
        lambda x: noisy(x, 0.03),
    ],
    ids=["blocks of 2", "blocks of 4", "1 px shift", "checkerboard", "wrong image", "noise"],
)
def test_the_guard_trips(pictures, damage):
    assert sharpness(pictures, damage(pictures)).excess_detail > EXCESS_LIMIT


def test_flat_pictures_have_no_equivalent_blur(pictures):
    x = torch.cat([pictures[:3], torch.full_like(pictures[:1], 0.5)])
    y = torch.cat([pictures[:2], torch.zeros_like(pictures[:1]), pictures[:1]])
    found = sharpness(x, y)
    assert found.sigma_eq.isnan().tolist() == [False, False, True, True]
    assert found.flat == 2
    assert found.excess_per_image.isnan().tolist() == [False, False, False, True]


def test_a_blur_beyond_the_widest_is_the_widest(pictures):
    assert pooled_equivalent_blur(luminance(pictures), luminance(blurred(pictures, 12.0))) == pytest.approx(WIDEST)


def test_spectra_by_hand():
    """One pair, entry by entry, with NumPy's whole spectrum."""
    x, y = torch.rand(2, 1, 12, 12, generator=torch.Generator().manual_seed(3)).numpy()[:, 0].astype(np.float64)
    window = np.hanning(12)[:, None] * np.hanning(12)
    fx, fy = np.fft.fft2((x - x.mean()) * window), np.fft.fft2((y - y.mean()) * window)
    radius = np.hypot(np.fft.fftfreq(12)[:, None], np.fft.fftfreq(12))
    found = ring_energies(torch.from_numpy(x)[None], torch.from_numpy(y)[None])
    for ring in range(1, 9):
        here = np.round(radius * 12) == ring
        assert float(found.frequencies[ring - 1]) == pytest.approx(radius[here].mean())
        assert float(found.original[0, ring - 1]) == pytest.approx((np.abs(fx[here]) ** 2).sum())
        assert float(found.drawn[0, ring - 1]) == pytest.approx((np.abs(fy[here]) ** 2).sum())
        assert float(found.shared[0, ring - 1]) == pytest.approx((fx[here].conj() * fy[here]).real.sum())


def test_equivalent_blur_by_hand():
    image_set = load_image_set("fashion")
    x = image_set.images[:1, 0].double() / 255
    y = noisy(mirrored_blur(x[None], 1.1)[0], 0.02)
    sigmas = np.arange(0.3, 2, 0.01)
    candidates = [mirrored_blur(x[None], s)[0, 0].numpy().ravel() for s in sigmas]
    best = sigmas[np.argmax([np.corrcoef(c, y.numpy().ravel())[0, 1] for c in candidates])]
    assert float(equivalent_blur(x, y)[0]) == pytest.approx(best, abs=0.011)


def test_half_is_crossed_between_two_rings():
    f = torch.tensor([0.1, 0.2, 0.3])
    assert mtf50(f, torch.tensor([0.9, 0.6, 0.4])) == pytest.approx(0.25)
    assert mtf50(f, torch.tensor([0.4, 0.3, 0.2])) == pytest.approx(0.1 * 0.5 / 0.6)
    assert mtf50(f, torch.tensor([0.9, 0.8, 0.5])) == math.inf


def test_colour_is_judged_by_luminance():
    image_set = load_image_set("emoji")
    x = image_set.images[:4].float() / 255
    expected = rgb2gray(x.permute(0, 2, 3, 1).numpy())
    assert np.allclose(luminance(x).numpy(), expected, atol=1e-6)
    ratio = sharpness(x, blurred(x, 1.0)).blur_effect_ratio
    one, other = (scikit_blur_effect(u[0].clamp(0, 1).double().numpy(), channel_axis=0) for u in (x, blurred(x, 1.0)))
    assert float(ratio[0]) == pytest.approx(other / one, rel=1e-4)


@pytest.mark.parametrize("size", [28, 32, 64])
def test_every_size(size):
    x = torch.rand(4, 3, size, size, generator=torch.Generator().manual_seed(0))
    found = sharpness(x, blurred(x, 0.7))
    assert found.sigma_eq_pooled == pytest.approx(0.7, abs=0.1)
    assert 0.69 < float(found.frequencies[-1]) < 0.7072


def test_a_ring_in_which_the_original_holds_nothing_is_no_excess():
    """Doubled pixels that mirror themselves have nothing at the corner; a reconstruction always has a little."""
    half = torch.rand(2, 1, 16, 8, generator=torch.Generator().manual_seed(2))
    drawn = torch.cat([half, half.flip(3)], 3).repeat_interleave(2, 2).repeat_interleave(2, 3)
    noisy = (drawn + 0.01 * torch.randn(drawn.shape, generator=torch.Generator().manual_seed(3))).clamp(0, 1)
    excess = sharpness(drawn, noisy).excess_per_image
    assert excess.isfinite().all()
    assert float(excess.max()) < 1e6
