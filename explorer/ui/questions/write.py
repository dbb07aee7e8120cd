"""Code by code: what the learned prior writes after given codes, with the distribution behind each code."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from explorer.models.prior.drawing import MAX_TEMPERATURE
from explorer.ui.computed import generated
from explorer.ui.questions.params import Params
from explorer.ui.view import MAX_SEED

#: Probabilities travel as whole numbers of this share.
SCALE = 65535


def answer(params: Params) -> dict[str, Any]:
    """All steps at once, so that playing them needs no further question.

    `codes` (P): the given ones, then what the prior wrote; `first`: how many were given; `weights`: uint16 in base64,
    (P - first, K), probabilities times `scale`, after temperature and top-k.

    Asked for with `run`, `seed`, `sample` (which of the seed's), `written` and `codes` (that many, from the first
    cell), `temperature`, `top_k` (0: all codes) and, for a prior that knows classes, `label`.
    """
    run = params.run(kinds=("vqvae",))
    classes = generated.written_by(run).space.num_classes
    positions, codes = run.model.shape.grid**2, run.config.num_codes
    given = params.integers("codes", params.integer("written", positions + 1, 0), codes)
    written = generated.written(
        run,
        tuple(given),
        seed=params.integer("seed", MAX_SEED, 0),
        sample=params.integer("sample", generated.MOST_SAMPLES, 0),
        temperature=params.number("temperature", 0, MAX_TEMPERATURE, 1.0),
        top_k=params.integer("top_k", codes + 1, 0) or None,
        label=params.integer("label", classes) if params.has("label") else None,
    )
    weights = (written.probabilities.numpy() * SCALE).round().astype(np.dtype("<u2"))
    return {
        "codes": list(written.codes),
        "first": len(given),
        "weights": base64.b64encode(weights.tobytes()).decode(),
        "scale": SCALE,
    }
