"""Every run of an image set on the plane of quality over rate."""

from __future__ import annotations

import math
from typing import Any

from explorer.plots.sharpness import PlaneLabels, RatedRun, rate_distortion_figure
from explorer.runs import Run
from explorer.ui import catalog
from explorer.ui.asks.params import Params
from explorer.ui.measured import pca_curve
from explorer.ui.text import text

#: What may stand on the y axis, and where a report keeps it.
QUALITIES = {
    "psnr_db": ("psnr_db",),
    "ssim": ("ssim",),
    "sigma_eq_px": ("sharpness", "sigma_eq_px"),
    "mtf50": ("sharpness", "mtf50"),
}
RATES = ("kl", "uniform", "per_position", "learned_prior")


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `data`, `quality` (one of `QUALITIES`) and the runs on screen, `left` and `right`.

    Answers with the `figure`, whose points carry run ids, and `left_out`, a sentence about runs without a number.
    """
    data = params.choice("data", catalog.image_sets())
    quality = params.choice("quality", tuple(QUALITIES)) if params.has("quality") else "psnr_db"
    on_screen = {params.run(side).id for side in ("left", "right") if params.has(side)}
    lang = params.lang
    runs = [catalog.run(info.id) for info in catalog.runs_of(data)]
    rated = [point for run in runs if (point := _rated(run, quality, run.id in on_screen))]
    labels = PlaneLabels(
        bits=text("sharpness.bits", lang),
        quality=text(f"sharpness.quality.{quality}", lang),
        kinds={kind: text(f"kind.{kind}", lang) for kind in catalog.KINDS},
        rates={name: text(f"sharpness.rate.{name}", lang) for name in RATES},
        pca=text("sharpness.pca", lang),
    )
    left_out = len(runs) - len(rated)
    return {
        "figure": rate_distortion_figure(rated, labels, pca_curve(data) if quality == "psnr_db" else None),
        "title": text("sharpness.plane", lang),
        "tip": text("sharpness.plane.tip", lang),
        "qualities": {name: text(f"sharpness.quality.{name}", lang) for name in QUALITIES},
        "left_out": text("sharpness.left_out", lang, count=left_out) if left_out else "",
    }


def _rated(run: Run, quality: str, emphasis: bool) -> RatedRun | None:
    value: Any = run.report
    for key in QUALITIES[quality]:
        value = value.get(key) if isinstance(value, dict) else None
    rates = {name: bits for name, bits in run.report.get("rate_bits", {}).items() if name in RATES and bits > 0}
    if not isinstance(value, int | float) or not math.isfinite(value) or not rates:
        return None
    config = run.config
    # a sweep: VAEs of one latent's kind, code grids of one dimension and rule
    group = f"{config.spatial}" if config.model == "vae" else f"{config.embedding_dim}-{config.codebook_update}"
    return RatedRun(run.id, catalog.run_label(config), config.model, rates, float(value), group, emphasis)
