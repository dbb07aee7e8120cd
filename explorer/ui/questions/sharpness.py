"""Two runs' sharpness on the whole test split: a headline, curves by frequency, and differences image by image."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.metrics.paired import differences_of
from explorer.metrics.sharpness import EXCESS_LIMIT
from explorer.plots.sharpness import DetailCurve, DetailLabels, DifferenceLabels, detail_figure, difference_figure
from explorer.runs import Run
from explorer.ui.computed.encoder_program import encoder_program
from explorer.ui.computed.measured import compared, measured
from explorer.ui.media import media
from explorer.ui.questions.params import Params
from explorer.ui.scene.rate_pairs import pairs_beside
from explorer.ui.scene.seeds import scope_of, seeds_of
from explorer.ui.scene.sharpness import digits_of, headline_of, interval_text, name_of, signed
from explorer.ui.text import text

MEASURES = ("sigma_eq_px", "psnr_db", "ssim")
PLACES = {"sigma": "{sigma}", "psnr": "{psnr}"}
LISTED = 60  # images in each order
SIDES = ("left", "right")


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `left`, `right` (run ids of one set) and `measure`, one of `MEASURES`, of the histogram.

    Answers with `headline`, `scope`, `warnings`, `detail` and `differences` (figures; `detail` None where a report has
    no sharpness yet), `summary`, `seeds` (figure and sentence; None where both were trained once), `orders` (image ids
    by what one may look for), `pairs` (others worth a look, of which none is on screen), `own` (by side, the encoder
    for a picture of the reader's own; None where the browser cannot do what it does) and `numbers` for programs.
    """
    pair = params.run("left"), params.run("right")
    lang, measure = params.lang, params.choice("measure", MEASURES) if params.has("measure") else MEASURES[0]
    numbers = compared(*pair)
    values = [measured(run) for run in pair]
    gap = numbers["measures"][measure]["difference"]
    return {
        "headline": headline_of(pair, numbers, lang),
        "scope": scope_of(pair, numbers, lang),
        "warnings": [warning for run in pair if (warning := guard_warning(run, lang))],
        "detail": _detail(pair, lang),
        "measures": {name: text(f"sharpness.measure.{name}", lang) for name in MEASURES},
        "differences": difference_figure(
            differences_of(values[0][measure], values[1][measure]),
            (gap["mean"], gap["low"], gap["high"]),
            DifferenceLabels(
                difference=text(f"sharpness.difference.{measure}", lang),
                images=text("sharpness.images", lang),
                mean=text("sharpness.mean", lang, mean=signed(gap["mean"], digits_of(measure, gap["mean"]))),
            ),
        ),
        "summary": _summary(measure, gap, lang),
        "seeds": seeds_of(pair, numbers, measure, lang),
        "orders": orders(values),
        "pairs": pairs_beside(pair, lang),
        "own": {side: encoder_of(run, lang) for side, run in zip(SIDES, pair, strict=True)},
        "words": words(pair[0], lang),
        "numbers": numbers,
    }


WORDS = (
    "title", "closer", "order", "order.strip", "order.differ", "order.gain", "order.left", "order.right", "curves",
    "curves.tip", "histogram", "seeds", "seeds.tip", "csv", "json", "swipe", "zoom", "own", "no_curves",
    "draw", "clear", "upload", "back", "between",
)  # fmt: skip


def words(run: Run, lang: str) -> dict[str, str]:
    """What stands on controls and headings, for pictures of a run's shape."""
    shape = run.model.shape
    grey = text("sharpness.grey", lang) if shape.channels == 1 else ""
    own = text("sharpness.own.tip", lang, size=shape.height, grey=grey)
    failed = text("sharpness.upload.failed", lang, name="{name}")
    # the browser fills these in: their places go through as they are
    blurred, note = (text(f"sharpness.{key}", lang, **PLACES) for key in ("blurred", "note"))
    filled = {"own.tip": own, "upload.failed": failed, "blurred": blurred, "note": note}
    return (
        {key: text(f"sharpness.{key}", lang) for key in WORDS}
        | {"original": text("reconstruct.original", lang)}
        | filled
    )


def encoder_of(run: Run, lang: str) -> dict[str, Any] | None:
    """A run, its name, and its encoder's program and the address of its numbers; None where the browser has no twin."""
    program = encoder_program(run.model)
    if program is None:
        return None
    weights = media.address("encoder", run.id)
    return {"run": run.id, "name": name_of(run, lang), "program": program.to_json(), "weights": weights}


def orders(values: list[dict[str, NDArray[np.float64]]]) -> dict[str, list[int]]:
    """Test image ids, most telling first: where the two differ most, where the right one is sharper, worst of each."""
    mse = [10 ** (-v["psnr_db"] / 10) for v in values]
    keys = {
        "differ": np.abs(differences_of(*mse)),
        "gain": differences_of(values[1]["sigma_eq_px"], values[0]["sigma_eq_px"]),
        "left": mse[0],
        "right": mse[1],
    }
    return {
        name: np.argsort(-np.nan_to_num(key, nan=-np.inf), kind="stable")[:LISTED].tolist()
        for name, key in keys.items()
    }


def guard_warning(run: Run, lang: str) -> str:
    """A sentence where a run draws fine detail that is not the original's; "" where it does not."""
    found = run.report.get("sharpness", {})
    excess = found.get("excess_detail")
    if excess is None or excess <= EXCESS_LIMIT:
        return ""
    return text(
        "sharpness.warning",
        lang,
        run=name_of(run, lang),
        excess=f"{excess:.2f}",
        limit=EXCESS_LIMIT,
        frequency=f"{found.get('excess_frequency', math.nan):.2f}",
    )


def _summary(measure: str, gap: dict[str, Any], lang: str) -> str:
    written = interval_text(gap, digits_of(measure, gap["mean"]))
    return text(
        "sharpness.summary", lang, measure=text(f"sharpness.measure.{measure}", lang), mean=written["gap"],
        low=written["low"], high=written["high"], share=f"{100 * gap['second_higher']:.0f}", n=f"{gap['n']:,}",
        left_out=gap["left_out"],
    )  # fmt: skip


def _detail(pair: tuple[Run, Run], lang: str) -> dict[str, Any] | None:
    found = [run.report.get("sharpness", {}) for run in pair]
    if not all(found):
        return None
    same = pair[0].config.model == pair[1].config.model
    curves = [
        DetailCurve(name_of(run, lang), side if same else run.config.model, side, f["detail_kept"], f["detail_drawn"])
        for side, run, f in zip(SIDES, pair, found, strict=True)
    ]
    raw = {"kept": "{name}", "drawn": "{name}", "guide": "{sigma}"}
    labels = DetailLabels(
        frequency=text("sharpness.frequency", lang),
        share=text("sharpness.share", lang),
        kept=text("sharpness.kept", lang, name=raw["kept"]),
        drawn=text("sharpness.drawn", lang, name=raw["drawn"]),
        guide=text("sharpness.guide", lang, sigma=raw["guide"]),
    )
    return detail_figure(found[0]["frequencies"], curves, labels)
