"""Who answers, averaged over test images: a mean map and a footprint."""

from __future__ import annotations

import base64
import math
from typing import Any

import torch

from explorer.ui.computed import encoded, influenced
from explorer.ui.questions.params import Params


def answer(params: Params) -> dict[str, Any]:
    """`footprint` and `spread` (null if nothing ever changed), `n` of `total` images, and the mean `|Δ|`.

    Asked for with `run` and, for an AE or a VAE, `unit`, which moves by `amount`; for a VQ-VAE `cell`, or neither for a
    cell drawn anew for each image. The mean map is `map`: uint8 (H, W) in base64, 255 standing for `peak`.
    """
    run = params.run()
    if run.config.is_vq:
        cells = run.model.shape.grid**2
        averaged = influenced.of_cell(run, params.integer("cell", cells) if params.has("cell") else None)
    else:
        averaged = influenced.of_unit(run, params.integer("unit", influenced.units(run)))
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
