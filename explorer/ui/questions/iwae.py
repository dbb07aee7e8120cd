"""Bounds on log p(x) of one test image: the ELBO and IWAE-k, drawn in parts so that their errors shrink in sight."""

from __future__ import annotations

from typing import Any

from explorer.metrics.iwae import Iwae
from explorer.plots.elbo import BoundLabels, bounds_figure
from explorer.reports.evidence import integrable
from explorer.runs import Run
from explorer.ui.computed import bounds, catalog, image_bounds, posteriors
from explorer.ui.questions.params import Params
from explorer.ui.text import text

#: Rows of the table beside the chart.
TABLE = (1, 10, 100, 1000, 5000)


def is_stored(params: Params) -> bool:
    """Whether the answer needs no draws, and no integral.

    Raises:
        ExplorerError: the question will be refused.
    """
    run, image = _asked(params)
    exact = params.integer("evidence", 2, 0) and integrable(run)
    return image_bounds.is_stored(run, image) and (not exact or posteriors.is_stored(run, image))


def _asked(params: Params) -> tuple[Run, int]:
    run = params.run(kinds=("vae",))
    return run, params.integer("image", catalog.test_count(run.config.data))


def answer(params: Params) -> dict[str, Any]:
    """The `figure` of bounds, `rows` as they are written, and `done` of `total` draws.

    Asked for with `run` (a VAE), `image` and `parts`, 0 to 3: how many parts beyond the first are drawn; where the
    bounds travel with the run, all of them are. With `evidence` 1, for a run whose log p(x) can be integrated, it
    stands in the figure too.
    """
    run, image = _asked(params)
    parts = params.integer("parts", bounds.PARTS, 0) + 1
    exact = None
    if params.integer("evidence", 2, 0) and integrable(run):
        exact = posteriors.log_px(run, image)
    found, parts = image_bounds.image_bounds(run, image, parts)
    nats, errors = found.bound[0].tolist(), found.standard_error[0].tolist()
    return {
        "figure": bounds_figure(found.k, nats, errors, labels(params.lang), exact),
        "rows": [row for row in _rows(found, params.lang) if row],
        "done": parts * bounds.PART,
        "total": bounds.PARTS * bounds.PART,
        "elbo": nats[0],
        "caption": text("elbo.iwae.caption", params.lang, draws=f"{parts * bounds.PART:,}"),
    }


def labels(lang: str) -> BoundLabels:
    """Words of every chart of bounds."""
    return BoundLabels(
        draws=text("elbo.iwae.k", lang),
        nats=text("elbo.iwae.nats", lang),
        bound=text("elbo.iwae.bound", lang),
        evidence=text("elbo.iwae.evidence", lang),
    )


def _rows(found: Iwae, lang: str) -> list[dict[str, str]]:
    return [
        {
            "name": text("elbo.iwae.elbo", lang) if k == 1 else f"IWAE-{k:,}",
            "value": f"{float(found.bound[0, column]):.2f} ± {float(found.standard_error[0, column]):.2f}",
        }
        for column, k in enumerate(found.k)
        if k in TABLE
    ]
