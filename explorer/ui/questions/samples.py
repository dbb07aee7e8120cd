"""Samples of a run: latents or grids of codes drawn from one of its priors."""

from __future__ import annotations

from typing import Any

from explorer.runs.priors import ladder
from explorer.ui.computed import generated
from explorer.ui.questions.params import Params
from explorer.ui.view import MAX_SEED


def answer(params: Params) -> dict[str, Any]:
    """`z`: one list of Z numbers for each sample; or `codes`: one of P codes, row by row.

    Asked for with `run`, `prior`, `seed`, and `first` and `count`, which of the seed's samples: the same ones whatever
    was asked for before.
    """
    run = params.run()
    prior = params.choice("prior", tuple(ladder(run)))
    seed = params.integer("seed", MAX_SEED, 0)
    first = params.integer("first", generated.MOST_SAMPLES, 0)
    count = params.integer("count", generated.MOST_SAMPLES - first + 1, generated.MOST_SAMPLES - first)
    drawn = generated.samples(run, prior, seed, first, count)
    if run.config.is_vq:
        return {"codes": drawn.tolist()}
    return {"z": [[round(number, 5) for number in row] for row in drawn.tolist()]}
