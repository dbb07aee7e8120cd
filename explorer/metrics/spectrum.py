"""Detail by spatial frequency: what of an original's a reconstruction keeps, and what it draws of its own.

Pictures are luminances; each is windowed (Hann) after its mean is taken away, and its spectrum is summed over rings of
equal spatial frequency, in cycles per pixel. Ratios are taken after summing over images, so that a picture without
detail at some frequency weighs nothing there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

#: Rec. 709 weights, those of scikit-image's `rgb2gray`.
LUMINANCE = (0.2125, 0.7154, 0.0721)
#: MTF50 is the frequency where less than this share of the detail is kept.
HALF = 0.5
#: A ring with less than this share of a picture's own energy is empty: what it holds is rounding. Pixels that are
#: doubled, or a face that is its own mirror image, empty some.
EMPTY = 1e-12


def luminance(images: Tensor) -> Tensor:
    """(N, C, H, W) of one or three channels to (N, H, W), clipped to [0, 1]."""
    images = images.clamp(0, 1)
    if images.shape[1] == 1:
        return images[:, 0]
    return torch.einsum("nchw,c->nhw", images, images.new_tensor(LUMINANCE))


@dataclass(frozen=True)
class RingEnergies:
    """Spectral sums of N pairs over R rings, the parts that `detail` divides.

    Attributes:
        frequencies: (R,) mean frequency of each ring, cycles per pixel, ascending up to the corner's 0.707.
        original: (N, R) `Σ|X|²`.
        drawn: (N, R) `Σ|X̂|²`.
        shared: (N, R) `Σ Re(X*·X̂)`.
    """

    frequencies: Tensor
    original: Tensor
    drawn: Tensor
    shared: Tensor


@dataclass(frozen=True)
class Detail:
    """How detail fares, by frequency.

    Attributes:
        frequencies: (R,) cycles per pixel.
        kept: (R,) `H(f) = Σ Re(X*·X̂) / Σ|X|²`: 1 for a perfect copy, 0 for strangers, negative for an inversion.
        drawn: (R,) `G(f) = Σ|X̂|² / Σ|X|²`: energy drawn, whether or not it is the original's.
        mtf50: first frequency where `kept` falls below ½, interpolated between rings; infinite if it never does.
        excess: `E = max over rings of (G - H)`: detail that is drawn and is not the original's. A blur has G ≤ H.
        excess_frequency: where that is; near the corner an original may hold very little.
    """

    frequencies: Tensor
    kept: Tensor
    drawn: Tensor
    mtf50: float
    excess: float
    excess_frequency: float


def ring_energies(original: Tensor, reconstruction: Tensor) -> RingEnergies:
    """Of luminances (N, H, W), H = W."""
    size = original.shape[-1]
    ring, frequencies = _rings(size)
    window = torch.hann_window(size, periodic=False, dtype=torch.float64)
    x, y = (_spectrum(u.double(), window) for u in (original, reconstruction))

    def over_rings(values: Tensor) -> Tensor:
        return values.flatten(1) @ ring

    return RingEnergies(
        frequencies,
        original=over_rings(x.abs().square()),
        drawn=over_rings(y.abs().square()),
        shared=over_rings((x.conj() * y).real),
    )


def detail(energies: RingEnergies) -> Detail:
    """Pooled over all images of `energies`; give it one image's rows for that image's own, which is noisier."""
    original = energies.original.sum(0)
    kept, drawn = energies.shared.sum(0) / original, energies.drawn.sum(0) / original
    excess, ring = (drawn - kept).nan_to_num(0).max(0)
    f = energies.frequencies
    return Detail(f, kept, drawn, mtf50(f, kept), float(excess), float(f[ring]))


def excess_per_image(energies: RingEnergies) -> Tensor:
    """`E` of each image, (N,), over the rings that are not empty in the original; NaN where that is flat.

    Single rings of single images are noisy.
    """
    whole = energies.original.sum(1, keepdim=True)
    difference = (energies.drawn - energies.shared) / energies.original
    worst: Tensor = torch.where(energies.original > EMPTY * whole, difference, -math.inf).amax(1)
    return torch.where(whole[:, 0] > 0, worst, torch.nan)


def mtf50(frequencies: Tensor, kept: Tensor) -> float:
    """First frequency where `kept` (R,) falls below ½, on straight lines between rings; 1 at frequency 0."""
    f_before, h_before = 0.0, 1.0
    for f, h in zip(frequencies.tolist(), kept.tolist(), strict=True):
        if h < HALF:
            return f_before + (f - f_before) * (h_before - HALF) / (h_before - h)
        f_before, h_before = f, h
    return math.inf


def _spectrum(images: Tensor, window: Tensor) -> Tensor:
    """(N, H, W) to the half of its spectrum that a real picture has, (N, H, W/2 + 1)."""
    return torch.fft.rfft2((images - images.mean((1, 2), keepdim=True)) * window[:, None] * window)


@lru_cache(maxsize=8)
def _rings(size: int) -> tuple[Tensor, Tensor]:
    """Which half-spectrum entries (flat) make up each ring (entries, R), and the rings' mean frequencies (R,).

    Rings are one cycle per picture wide; the one around 0 is left out. An entry whose mirror image the half leaves out
    counts twice.
    """
    rows = torch.fft.fftfreq(size, dtype=torch.float64)
    columns = torch.fft.rfftfreq(size, dtype=torch.float64)
    twice = torch.where((columns > 0) & (columns < 0.5), 2.0, 1.0).double()
    radius = torch.hypot(rows[:, None], columns).flatten()
    ring = (radius * size).round().long()
    weights = torch.zeros(len(radius), int(ring.max()) + 1, dtype=torch.float64)
    weights[torch.arange(len(radius)), ring] = twice.repeat(size)
    return weights[:, 1:].contiguous(), ((radius @ weights) / weights.sum(0))[1:]
