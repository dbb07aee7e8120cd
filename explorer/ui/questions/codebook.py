"""Charts of the tab Codebook."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from explorer.plots.codebook import Group, UsageLabels, usage_figure
from explorer.ui.computed import catalog
from explorer.ui.computed.cases import rule_of
from explorer.ui.computed.film import counted, has_film
from explorer.ui.computed.record_film import counted_record
from explorer.ui.computed.record_film import has_film as has_record_film
from explorer.ui.computed.records import check_name, record_of
from explorer.ui.questions.codebook_curves import curves
from explorer.ui.questions.params import Params
from explorer.ui.questions.record import LONGEST
from explorer.ui.questions.record_curves import record_group
from explorer.ui.text import COLON, text
from explorer.ui.view import MAX_STARVED, RULES, WINDOWS

SIDES = ("left", "right")
COLUMNS = ("1", "2", "3")


def answer(params: Params) -> dict[str, Any]:
    """`curves` over all steps and `usage` at the film's end, as figures.

    Asked for with run ids `left` and `right` (either may be missing), or a `record` on the left, `rule`, `windows`,
    `starved`, `columns` (1 to 3) and `steps`, "log" or "linear".
    """
    sides = [side for side in SIDES if params.has(side) and not (side == "left" and params.has("record"))]
    runs = {side: params.run(side, catalog.RIGHT_KINDS) for side in sides}
    rule = params.choice("rule", RULES)
    windows = int(params.choice("windows", tuple(map(str, WINDOWS))))
    starved = max(1, params.integer("starved", MAX_STARVED + 1))
    columns = int(params.choice("columns", COLUMNS))
    log_steps = params.choice("steps", ("log", "linear")) == "log"
    lang = params.lang
    record = check_name(params.word("record", LONGEST)) if params.has("record") else ""
    names = {
        side: text(f"codebook.side.{side}", lang) + COLON[lang] + catalog.label_of(run.info, lang)
        for side, run in runs.items()
    }
    rules = {side: rule_of(run.config) for side, run in runs.items()}
    shares = {
        side: _sorted(counted(run, windows, starved).life.hits[-1]) for side, run in runs.items() if has_film(run)
    }
    given: tuple[Group, ...] = ()
    if record:
        given = (record_group(record, (rule, windows, starved), lang),)
        names, rules = {"left": given[0].name} | names, {"left": given[0].rule} | rules
        if has_record_film(record_of(record)):
            shares = {"left": _sorted(counted_record(record, windows, starved).life.hits[-1])} | shares
    labels = UsageLabels(text("codebook.usage.rank", lang), text("codebook.usage.hits", lang))
    return {
        "curves": curves(runs, rule, windows, starved, columns=columns, log_steps=log_steps, lang=lang, given=given),
        "usage": usage_figure(names, rules, shares, labels),
    }


def _sorted(hits: Tensor) -> NDArray[np.floating]:
    """In units of even use, the most used code first."""
    counts = np.sort(hits.numpy())[::-1]
    return np.asarray(counts * len(counts) / max(1, counts.sum()))
