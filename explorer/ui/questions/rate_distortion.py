"""Every run of an image set on the plane of quality over rate."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from explorer.metrics.rate import RUNGS
from explorer.plots.rate_distortion import GROUPS, LINES, PlaneLabels, RatedRun, rate_distortion_figure
from explorer.reports.matching import DEFINITION, rates_of
from explorer.runs import Run
from explorer.training.config import RunConfig
from explorer.ui.computed import catalog
from explorer.ui.computed.measured import pca_curve
from explorer.ui.questions.params import Params
from explorer.ui.text import text

#: What may stand on the y axis, and where a report keeps it.
QUALITIES = {
    "psnr_db": ("psnr_db",),
    "ssim": ("ssim",),
    "sigma_eq_mean_px": ("sharpness", "sigma_eq_mean_px"),
    "mtf50": ("sharpness", "mtf50"),
}
#: For programs, in English.
DEFINITIONS = {
    "rates": f"mean bits per image of the test split; {DEFINITION}",
    "psnr_db": "-10 log10 of the mean MSE over the test split, values clipped to [0, 1], z ~ q",
    "ssim": "mean structural similarity (Wang et al. 2004), 7x7, z ~ q",
    "sigma_eq_mean_px": "mean over images of the Gaussian blur in pixels that the reconstruction resembles most, z ~ q",
    "mtf50": "first frequency, cycles per pixel, at which less than half of the detail is kept; null above 0.707",
}


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `data`, `quality` (one of `QUALITIES`), `rung` (one of `RUNGS`) and the runs on screen.

    Those are `left` and `right`; both choices may be left out, and then are PSNR and the learned rung.

    Answers with the `figure`, whose points carry run ids, `left_out`, a sentence about runs without a number, and
    `numbers` of all runs with their definitions, for programs.
    """
    data = params.choice("data", catalog.image_sets())
    quality = params.choice("quality", tuple(QUALITIES)) if params.has("quality") else "psnr_db"
    rung = params.choice("rung", RUNGS) if params.has("rung") else RUNGS[-1]
    on_screen = {params.run(side).id for side in ("left", "right") if params.has(side)}
    lang = params.lang
    listed = catalog.runs_of(data)
    runs = catalog.read_runs(listed)
    rated = [point for run in runs if (point := _rated(run, runs, quality, run.id in on_screen, lang))]
    labels, pca = _labels(quality, lang), pca_curve(data) if quality == "psnr_db" else None
    return _words(lang) | {
        "figure": rate_distortion_figure(rated, labels, pca, rung),
        "rungs": labels.rates,
        "rung": rung,
        "left_out": _left_out(rated, len(listed), lang),
        "numbers": {"data": data, "split": "test", "definitions": DEFINITIONS, "runs": [_numbers(run) for run in runs]},
    }


def _labels(quality: str, lang: str) -> PlaneLabels:
    return PlaneLabels(
        bits=text("sharpness.bits", lang),
        quality=text(f"sharpness.quality.{quality}", lang),
        groups={group: text(f"sharpness.group.{group}", lang) for group in GROUPS},
        lines={line: text(f"sharpness.line.{line}", lang) for line in LINES},
        rates={name: text(f"sharpness.rung.{name}", lang) for name in RUNGS},
        pca=text("sharpness.pca", lang),
    )


def _words(lang: str) -> dict[str, Any]:
    return {
        "title": text("sharpness.plane", lang),
        "tip": text("sharpness.plane.tip", lang),
        "qualities": {name: text(f"sharpness.quality.{name}", lang) for name in QUALITIES},
        "words": {
            "rungs": text("sharpness.rungs", lang),
            "csv": text("sharpness.table", lang),
            "json": text("sharpness.data", lang),
        },
    }


def _left_out(rated: list[RatedRun], listed: int, lang: str) -> str:
    """How many of the runs stand nowhere, and how many have no learned prior; "" for none."""
    counts = {"left_out": listed - len(rated), "unpaid": sum("learned" not in run.rates for run in rated)}
    notes = [text(f"sharpness.{key}", lang, count=count) for key, count in counts.items() if count]
    return (" " if lang == "en" else "").join(notes)


def _rated(run: Run, runs: list[Run], quality: str, emphasis: bool, lang: str) -> RatedRun | None:
    value = _quality(run, quality)
    rates = {name: bits for name, bits in rates_of(run).items() if bits > 0}
    if value is None or not rates:
        return None
    config = run.config
    seeds = [other.config.seed for other in runs if other.info.same_but_for_seed(run.info)]
    return RatedRun(
        id=run.id,
        name=catalog.label_of(run.info, lang),
        kind=config.model,
        rates=rates,
        quality=value,
        on_grid=config.model == "vae" and config.spatial,
        sweeps=_sweeps(config),
        first_seed=config.seed == min(seeds),
        emphasis=emphasis,
    )


def _sweeps(config: RunConfig) -> dict[str, str]:
    """The lines a run may lie on: runs whose settings are equal once the varied one is left out share a key."""
    plain = replace(config, seed=0, trace="full", kept_weights=0)
    if config.is_vq:
        return {f"codes {replace(plain, num_embeddings=2)}": "codes"}
    return {f"size {replace(plain, latent_dim=1)}": "size", f"beta {replace(plain, beta=0.0)}": "beta"}


def _quality(run: Run, quality: str) -> float | None:
    value: Any = run.report
    for key in QUALITIES[quality]:
        value = value.get(key) if isinstance(value, dict) else None
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _numbers(run: Run) -> dict[str, Any]:
    config = run.config
    named = {"run": run.id, "model": config.model, "label": catalog.label_of(run.info), "seed": config.seed}
    return named | {
        "n": run.report.get("n"),
        "rates": rates_of(run),
        **{quality: _quality(run, quality) for quality in QUALITIES},
    }
