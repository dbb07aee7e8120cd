"""Bounds of single images, each computed once per process: draws from a posterior, and the integral over a plane."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import cast

import torch
from torch import Tensor

from explorer.files.bounded_cache import newest
from explorer.metrics.evidence import CoarseGrid, Evidence, coarse_grid, integrate
from explorer.reports.evidence import Draws, decode_of, draws_of
from explorer.runs import Run
from explorer.streams import stream
from explorer.ui.computed import catalog, encoded

#: Draws of one part: the largest k on the page. Parts are asked for one after the other, so that the errors shrink
#: under the reader's eyes and no question takes longer than a second.
PART = 5000
PARTS = 4
#: Draws behind the reconstruction term of the selected image.
FEW = 64

#: Decoding a plane takes a second: one at a time, and whoever asks for the same meanwhile shares it.
_INTEGRATING = Lock()


def few_draws(run: Run, image: int) -> Draws:
    """`FEW` draws, fast enough for a scene."""
    return _draws(run.id, run.weights_sha256, image, "few draws", 0, FEW)


def draws(run: Run, image: int, parts: int) -> Tensor:
    """(parts·`PART`,) log importance weights of a test image."""
    found = [_draws(run.id, run.weights_sha256, image, "many draws", part, PART) for part in range(parts)]
    return torch.cat([part.log_weights for part in found])


@newest(64, 64e6)
def _draws(run_id: str, weights_sha256: str, image: int, purpose: str, part: int, count: int) -> Draws:  # noqa: ARG001
    run = catalog.run(run_id)
    single = encoded.single(run, image)
    mean, logvar = cast(Tensor, single.latent.mean), cast(Tensor, single.latent.logvar)
    return draws_of(run.model, single.original, mean, logvar, s2(run), count, stream(0, purpose, image, part))


def integrated(run: Run, image: int) -> Evidence:
    """`log p(x)` of a test image, for a run whose evidence is `integrable`."""
    with _INTEGRATING:
        return _integrated(run.id, run.weights_sha256, image)


@lru_cache(maxsize=16)
def _integrated(run_id: str, weights_sha256: str, image: int) -> Evidence:
    run = catalog.run(run_id)
    single = encoded.single(run, image)
    mean, logvar = cast(Tensor, single.latent.mean), cast(Tensor, single.latent.logvar)
    flat = single.original.flatten()[None]
    grid = _plane(run_id, weights_sha256)
    return next(integrate(flat, grid, decode_of(run.model), mean[None], logvar[None], s2(run)))


@newest(2, 200e6)
def _plane(run_id: str, weights_sha256: str) -> CoarseGrid:  # noqa: ARG001
    latents = encoded.encoded_test(run_id)
    return coarse_grid(decode_of(catalog.run(run_id).model), cast(Tensor, latents.mean), cast(Tensor, latents.logvar))


def s2(run: Run) -> float:
    """The run's fixed variance; a run on the page is finished and has one."""
    return cast(float, run.info.s2)
