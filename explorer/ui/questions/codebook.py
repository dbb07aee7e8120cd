"""Charts of the tab Codebook."""

from __future__ import annotations

from typing import Any

import numpy as np

from explorer.plots.codebook import UsageLabels, usage_figure
from explorer.ui.computed import catalog
from explorer.ui.computed.cases import rule_of
from explorer.ui.computed.film import counted, has_film
from explorer.ui.questions.codebook_curves import curves
from explorer.ui.questions.params import Params
from explorer.ui.text import text
from explorer.ui.view import MAX_STARVED, RULES, WINDOWS

SIDES = ("left", "right")
COLUMNS = ("1", "2", "3")


def answer(params: Params) -> dict[str, Any]:
    """`curves` over all steps and `usage` at the film's end, as figures.

    Asked for with run ids `left` and `right` (either may be missing), `rule`, `windows`, `starved`, `columns` (1 to 3)
    and `steps`, "log" or "linear".
    """
    runs = {side: params.run(side, catalog.RIGHT_KINDS) for side in SIDES if params.has(side)}
    rule = params.choice("rule", RULES)
    windows = int(params.choice("windows", tuple(map(str, WINDOWS))))
    starved = max(1, params.integer("starved", MAX_STARVED + 1))
    columns = int(params.choice("columns", COLUMNS))
    log_steps = params.choice("steps", ("log", "linear")) == "log"
    lang = params.lang
    filmed = {side: run for side, run in runs.items() if has_film(run)}
    shares = {}
    for side, run in filmed.items():
        hits = counted(run, windows, starved).life.hits[-1].numpy()
        shares[side] = np.sort(hits)[::-1] * len(hits) / max(1, hits.sum())
    names = {side: f"{text(f'codebook.side.{side}', lang)}: {catalog.label_of(run.info)}" for side, run in runs.items()}
    rules = {side: rule_of(run.config) for side, run in runs.items()}
    labels = UsageLabels(text("codebook.usage.rank", lang), text("codebook.usage.hits", lang))
    return {
        "curves": curves(runs, rule, windows, starved, columns=columns, log_steps=log_steps, lang=lang),
        "usage": usage_figure(names, rules, shares, labels),
    }
