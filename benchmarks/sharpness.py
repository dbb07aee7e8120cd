"""What the sharpness measures say of pictures that were damaged on purpose, and what they cost.

`python -m benchmarks.sharpness` prints, for each image set: the guard E of damages and of the shipped runs, the window
of the no-reference blur, and the time of all measures over that of scikit-image's SSIM. docs/decisions/ draws on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median

import torch
import torch.nn.functional as F
from skimage.measure import blur_effect
from torch import Tensor

from explorer.data import image_set_names, load_image_set
from explorer.latent import encode_images
from explorer.metrics.blur import blurred, pooled_equivalent_blur
from explorer.metrics.reconstruction import ssim
from explorer.metrics.sharpness import sharpness
from explorer.metrics.spectrum import detail, luminance, ring_energies
from explorer.reports.evaluation import decoded
from explorer.runs import list_runs, load_run

WINDOWS = (3, 5, 7, 11, 15)
ROUNDS = 5


def damages(x: Tensor) -> Iterator[tuple[str, Tensor]]:
    """What a reconstruction may suffer; the first four invent nothing."""
    generator = torch.Generator().manual_seed(0)
    size = x.shape[-1]
    checker = ((torch.arange(size)[:, None] + torch.arange(size)) % 2 * 2 - 1).float()
    for sigma in (0.5, 1.0, 2.0):
        yield f"blur {sigma}", blurred(x, sigma)
    yield "half contrast", 0.5 * x + 0.25
    for amplitude in (0.01, 0.02, 0.05):
        yield f"noise {amplitude}", x + amplitude * torch.randn(x.shape, generator=generator)
    for side in (2, 4):
        yield f"blocks of {side}", F.interpolate(F.avg_pool2d(x, side), scale_factor=side)
    yield "shift of 1 px", torch.roll(x, 1, -1)
    yield "checkerboard 0.01", x + 0.01 * checker
    yield "wrong image", x[torch.randperm(len(x), generator=generator)]


def guard(x: Tensor, y: Tensor) -> str:
    """One row: E, where it stands, E up to half a cycle per pixel, and the blur that the same pictures have."""
    original, reconstruction = luminance(x), luminance(y)
    found = detail(ring_energies(original, reconstruction))
    below = (found.drawn - found.kept)[found.frequencies <= 0.5].max()
    blur = pooled_equivalent_blur(original, reconstruction)
    return f"E {found.excess:8.2f} at {found.excess_frequency:.2f}   up to 0.5: {below:6.2f}   blur {blur:.2f} px"


def rows(name: str) -> Iterator[tuple[str, str]]:
    """The guard of damages and of shipped runs (z ~ q) on the test split."""
    image_set = load_image_set(name)
    images = image_set.images[image_set.split("test")]
    x = images.float() / 255
    for label, y in damages(x):
        yield label, guard(x, y)
    for info in list_runs():
        if info.config.data == name:
            model = load_run(info.id).model
            parts = list(decoded(model, encode_images(model, images), sample=True))
            yield info.id, guard(x, torch.cat(parts))


def windows(name: str) -> Iterator[tuple[int, float, float]]:
    """Window, mean ratio of no-reference blur at 1 px of blur, and that mean over its spread between images."""
    image_set = load_image_set(name)
    x = luminance(image_set.images[image_set.split("test")][:300].float() / 255)
    y = luminance(blurred(x[:, None], 1.0))
    for size in WINDOWS:
        own, other = ([blur_effect(u, h_size=size) for u in images.double().numpy()] for images in (x, y))
        ratio = torch.tensor(other) / torch.tensor(own)
        yield size, float(ratio.mean()), float((ratio.mean() - 1) / ratio.std())


def cost() -> tuple[float, float]:
    """Seconds for SSIM alone and for all sharpness measures of 5,000 Fashion-MNIST pairs, medians, taking turns."""
    image_set = load_image_set("fashion")
    x = image_set.images[image_set.split("test")].float() / 255
    y = blurred(x, 0.8)
    rounds = [(timed(lambda: ssim(x, y)), timed(lambda: sharpness(x, y))) for _ in range(ROUNDS)]
    first, second = zip(*rounds, strict=True)
    return median(first), median(second)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    torch.set_num_threads(1)
    for name in image_set_names():
        print(f"\n{name}")
        for label, row in rows(name):
            print(f"  {label:<40} {row}")
        for size, ratio, separation in windows(name):
            print(f"  window {size:2}: a blur of 1 px reads {ratio:.2f}, {separation:.1f} spreads above 1")
    alone, all_measures = cost()
    print(f"\nSSIM {alone:.2f} s, all sharpness measures {all_measures:.2f} s: {all_measures / alone:.1f}×")


if __name__ == "__main__":
    main()
