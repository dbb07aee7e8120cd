"""The true posterior of a test image as the page shows it: integrated, or read where a shipped run brings it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.metrics.evidence import NEAR, PosteriorGrid, posterior_grid
from explorer.runs import Run
from explorer.ui.computed import bounds
from explorer.ui.computed.stored import Arrays, place_of, stored

KIND = "posterior"
#: A density is stored as its distance in nats below the image's highest one, of this many steps of equal size within
#: `NEAR`: to 4 %, which moves a line by less than a pixel. The last number stands for 0.
STEPS = 254
FIGURES = ("log_px", "gap", "moved", "step")


@dataclass(frozen=True)
class Posterior:
    """Of one image.

    Attributes:
        log_px: nats, see `explorer.metrics.evidence.Evidence`.
        gap: likewise.
        moved: likewise.
        step: side of the smallest squares.
        accepted: see `Evidence`.
        decoded: likewise.
        grid: the density.
    """

    log_px: float
    gap: float
    moved: float
    step: float
    accepted: bool
    decoded: int
    grid: PosteriorGrid


def posterior(run: Run, image: int) -> Posterior:
    """For a run whose evidence is `explorer.reports.evidence.integrable`."""
    found = stored(run.id, KIND, run.weights_sha256)
    place = place_of(found, image)
    return integrated(run, image) if place is None else unpacked(found, place)


def is_stored(run: Run, image: int) -> bool:
    """Whether `posterior` only reads."""
    return place_of(stored(run.id, KIND, run.weights_sha256), image) is not None


def log_px(run: Run, image: int) -> float:
    """`log p(x)` of one image in nats, for such a run."""
    return posterior(run, image).log_px


def integrated(run: Run, image: int) -> Posterior:
    """Computed."""
    found = bounds.integrated(run, image)
    grid = posterior_grid(found)
    return Posterior(found.log_px, found.gap, found.moved, found.finest.step, found.accepted, found.decoded, grid)


def packed(images: Iterable[tuple[int, Posterior]]) -> Arrays:
    """Posteriors of images as arrays: densities one after the other, and everything else by image."""
    ids, found = zip(*images, strict=True)
    shapes = np.array([p.grid.density.shape for p in found], np.int32)
    return {
        "image": np.array(ids, np.int32),
        "shape": shapes,
        "start": np.concatenate([[0], shapes.prod(1).cumsum()]).astype(np.int64),
        "below": np.concatenate([_below(p.grid.density) for p in found]),
        "highest": np.array([float(p.grid.density.max()) for p in found]),
        "low": np.array([[float(p.grid.x[0]), float(p.grid.y[0])] for p in found]),
        "levels": np.array([p.grid.levels for p in found]),
        "decoded": np.array([p.decoded for p in found], np.int32),
        "accepted": np.array([p.accepted for p in found]),
        **{name: np.array([getattr(p, name) for p in found]) for name in FIGURES},
    }


def unpacked(arrays: Arrays, place: int) -> Posterior:
    """One of `packed`."""
    (rows, columns), step = arrays["shape"][place].tolist(), float(arrays["step"][place])
    start = int(arrays["start"][place])
    below = torch.from_numpy(arrays["below"][start : start + rows * columns]).double().view(rows, columns)
    density = float(arrays["highest"][place]) * torch.exp(-below * NEAR / STEPS)
    x, y = (low + step * torch.arange(n) for low, n in zip(arrays["low"][place].tolist(), (columns, rows), strict=True))
    levels = tuple(arrays["levels"][place].tolist())
    grid = PosteriorGrid(x, y, density.masked_fill(below > STEPS, 0), levels)
    log_px, gap, moved, step = (float(arrays[name][place]) for name in FIGURES)
    return Posterior(log_px, gap, moved, step, bool(arrays["accepted"][place]), int(arrays["decoded"][place]), grid)


def _below(density: Tensor) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    nats = (density.max() / density).log()
    steps = (nats * (STEPS / NEAR)).round().clamp(max=STEPS)
    return steps.masked_fill(density == 0, 255).flatten().numpy().astype(np.uint8)
