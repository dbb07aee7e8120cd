"""Who answers, averaged over test images: a mean map and a footprint."""

from __future__ import annotations

import base64
import math
from typing import Any

import torch

from explorer.runs import Run
from explorer.ui.computed import encoded, influenced
from explorer.ui.questions.params import Params


def is_stored(params: Params) -> bool:
    """Whether the answer is only read.

    Raises:
        ExplorerError: the question will be refused.
    """
    return influenced.is_stored(*_asked(params))


def _asked(params: Params) -> tuple[Run, int]:
    """The run, and a unit, a cell or `influenced.ANY`."""
    run = params.run()
    if not run.config.is_vq:
        return run, params.integer("unit", influenced.units(run))
    return run, params.integer("cell", run.model.shape.grid**2) if params.has("cell") else influenced.ANY


def answer(params: Params) -> dict[str, Any]:
    """`footprint` and `spread` (null if nothing ever changed), `n` of `total` images, and the mean `|Δ|`.

    Asked for with `run` and, for an AE or a VAE, `unit`, which moves by `amount`; for a VQ-VAE `cell`, or neither for a
    cell drawn anew for each image. The mean map is `map`: uint8 (H, W) in base64, 255 standing for `peak`.
    """
    run, place = _asked(params)
    if run.config.is_vq:
        averaged = influenced.of_cell(run, None if place == influenced.ANY else place)
    else:
        averaged = influenced.of_unit(run, place)
    found = averaged.answering
    peak = float(found.mean.max())
    pixels = (255 * found.mean / (peak or 1)).round().to(torch.uint8)
    return {
        "footprint": _finite(found.footprint),
        "spread": _finite(found.spread),
        "n": found.n,
        "total": len(encoded.test_images(run.config.data)),
        "amount": averaged.amount,
        "peak": peak,
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "map": base64.b64encode(pixels.numpy().tobytes()).decode(),
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
