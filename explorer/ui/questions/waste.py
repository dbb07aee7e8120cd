"""Two ways to waste a latent: dead codes and silent units, what was tried against each, side by side."""

from __future__ import annotations

from typing import Any

from explorer.studies.summary import Interval
from explorer.studies.two_ways import PAIRS, Tried, code_tries, unit_tries
from explorer.ui.questions.params import Params
from explorer.ui.text import text

#: The row of the commonest fault of each half.
FAULTS = ("fault", "wide", "averaged")


def answer(params: Params) -> dict[str, Any]:
    """`title`, `lead`, `columns` (three words), and `rows`: an `idea` and two cells, of `codes` and of `units`.

    A cell has the `name` of what was tried, `count` without → with it, `psnr` likewise, `behind` (seeds, steps, and
    whether the seeds of both are apart), and `trained`. Asked for without parameters.
    """
    lang, codes, units = params.lang, code_tries(), unit_tries()
    rows = [
        {
            "idea": text(f"waste.{idea}", lang),
            "fault": idea == FAULTS[0],
            "codes": _cell(codes[of_codes], "codes", lang),
            "units": _cell(units[of_units], "units", lang),
        }
        for idea, of_codes, of_units in (*PAIRS, FAULTS)
    ]
    words = {name: text(f"waste.{name}", lang) for name in ("title", "lead")}
    return words | {
        "columns": [text(f"waste.column.{name}", lang) for name in ("idea", "codes", "units")],
        "rows": rows,
    }


def _cell(tried: Tried, half: str, lang: str) -> dict[str, Any]:
    name = tried.title[lang == "zh"]
    if tried.with_it is None:
        return {"name": name, "trained": False, "count": text("waste.open", lang), "psnr": "", "behind": ""}
    apart = "alone" if tried.without is None else {None: "one", True: "apart", False: "overlap"}[tried.apart]
    behind = text(
        "waste.behind", lang, n=len(tried.seeds), seeds=", ".join(map(str, tried.seeds)), steps=f"{tried.steps:,}"
    )
    return {
        "name": name,
        "trained": True,
        "count": text(
            f"waste.count.{half}", lang, without=said(tried.without), with_it=said(tried.with_it), total=tried.total
        ),
        "psnr": f"PSNR {said(tried.psnr[0], 2)} → {said(tried.psnr[1], 2)} dB",
        "behind": behind + text(f"waste.{apart}", lang),
    }


def said(value: Interval | None, digits: int = 0) -> str:
    """A median with its range in brackets; one seed is said alone, none as a dash."""
    if value is None:
        return "–"
    middle = f"{value.middle:.{digits}f}"
    return middle if value.n == 1 else f"{middle} ({value.low:.{digits}f}–{value.high:.{digits}f})"
