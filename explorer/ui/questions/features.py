"""Known features: what each run keeps of them, which unit or cell knows them, and what lies half way between two."""

from __future__ import annotations

from typing import Any

from explorer.reports.matching import bits_on
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.computed.colouring import factor_names
from explorer.ui.computed.features import measured, measured_runs
from explorer.ui.questions.features_said import said
from explorer.ui.questions.params import Params
from explorer.ui.text import text
from explorer.ui.text.factors import factor_name

WORDS = ("title", "lead", "feature", "keeps", "keeps.lead", "original", "chance", "bits", "matrix", "none")
SIDES = ("left", "right")


def answer(params: Params) -> dict[str, Any]:
    """Features of the set `data`, and what is measured of the runs `left` and `right` (each may be missing).

    `features`: [] where none is known, and then nothing else. Otherwise [id, name] of each; `words`; `table` of what
    all measured runs of the set keep; and `sides`, each with `grid`, `names` of its units, `bits` and `above` (feature
    by unit), `highest` of the bits, and for each feature its sentences: [sentence, for experts?].
    """
    data, lang = params.choice("data", catalog.image_sets()), params.lang
    names = factor_names(data)
    if not names:
        return {"features": []}
    sides = {side: params.run(side) for side in SIDES if params.has(side)}
    return {
        "features": [[name, factor_name(name, lang)] for name in names],
        "words": {word: text(f"features.{word}", lang) for word in WORDS},
        "table": _table(data, tuple(run.id for run in sides.values()), lang),
        "sides": {side: _side(run, lang) for side, run in sides.items() if run.config.data == data},
    }


def _table(data: str, shown: tuple[str, ...], lang: str) -> dict[str, Any]:
    """What every run keeps, the cheapest first within its kind; [] columns where none was measured."""
    runs = sorted(measured_runs(data), key=lambda run: (catalog.KINDS.index(run.config.model), _bits(run) or 0.0))
    kept = [measured(run)["keeping"] for run in runs]
    first = kept[0] if kept else {"original": [], "chance": []}
    return {
        "columns": [
            {"kind": run.config.model, "label": catalog.label_of(run.info, lang), "bits": _bits_said(run, lang),
             "shown": run.id in shown}
            for run in runs
        ],
        "original": first["original"],
        "chance": first["chance"],
        "kept": [list(row) for row in zip(*(one["kept"] for one in kept), strict=True)],
    }  # fmt: skip


def _bits(run: Run) -> float | None:
    """On the highest rung that the run has; None for an AE."""
    found = [bits_on(run, rung) for rung in ("learned", "simple", "fixed")]
    return next((bits for bits in found if bits == bits), None)  # not NaN


def _bits_said(run: Run, lang: str) -> str:
    bits = _bits(run)
    return text("features.no_bits", lang) if bits is None else text("features.run_bits", lang, bits=f"{bits:.0f}")


def _side(run: Run, lang: str) -> dict[str, Any]:
    found = measured(run)
    names = factor_names(run.config.data)
    if "apart" not in found:
        return {"grid": None, "names": [], "bits": [], "above": [], "highest": 0, "lines": [],
                "missing": text("features.missing", lang, run=run.id)}  # fmt: skip
    apart = found["apart"]
    units = len(apart["bits"][0])
    return {
        "grid": apart["grid"],
        "names": [unit_name(apart["grid"], unit, lang) for unit in range(units)],
        "bits": apart["bits"],
        "above": apart["above_chance"],
        "highest": max(0.0, *(max(row) for row in apart["bits"])),
        "entropy": apart["entropy_bits"],
        "lines": [said(found, run.config.data, number, name, lang) for number, name in enumerate(names)],
        "missing": "",
    }


def unit_name(grid: list[int] | None, unit: int, lang: str) -> str:
    """What a reader calls a unit: a cell by row and column from 1, or a number of the latent."""
    if grid is None:
        return text("features.unit", lang, unit=unit + 1)
    return text("features.cell", lang, row=unit // grid[1] + 1, column=unit % grid[1] + 1)
