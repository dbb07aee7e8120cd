"""The curves of two codebooks over training steps, as their runs recorded them and as the reader's rule counts them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from explorer.metrics.codebook_life import dead_by
from explorer.plots.codebook import CurveLabels, Group, Mark, Panel, Series, curves_figure
from explorer.plots.theme import Figure
from explorer.runs import Run
from explorer.training.config import RunConfig
from explorer.ui.computed import catalog
from explorer.ui.computed.cases import return_step, rule_of
from explorer.ui.computed.film import counted
from explorer.ui.text import text

PANELS = ("dead", "usage", "perplexity", "commitment", "error", "dead_norm")
LOG_PANELS = ("commitment", "error", "dead_norm")
#: The rule under which a run's own curves were recorded, at far more steps than frames.
RECORDED = ("stale", 1)


def curves(
    runs: Mapping[str, Run],
    rule: str,
    windows: int,
    starved: int,
    *,
    columns: int,
    log_steps: bool,
    lang: str,
    given: Sequence[Group] = (),
) -> Figure:
    """The figure of both sides; runs that differ from a shown one in their seed alone are drawn with it.

    Of seeds that both sides have: the median of three beside a single run would show seeds and not rules.

    Args:
        runs: by side.
        rule, windows, starved: as in the View.
        columns: charts in a row.
        log_steps: whether steps stand on a logarithmic axis; step 0 has no place there.
        given: curves that are no run's, drawn first.
    """
    drawn = _of_shared_seeds({side: _siblings(run, (rule, windows)) for side, run in runs.items()}, runs)
    own = [_group(side, run, drawn[side], (rule, windows, starved), lang) for side, run in runs.items()]
    groups = [*given, *own]
    panels = tuple(Panel(key, text(f"codebook.curves.{key}", lang), key in LOG_PANELS) for key in PANELS)
    labels = CurveLabels(text("codebook.curves.axis", lang), text("codebook.curves.median", lang, n="{n}"), panels)
    marks = [mark for run in runs.values() for mark in _marks(run.config, lang)]
    return curves_figure(groups, labels, columns=columns, log_steps=log_steps, marks=list(dict.fromkeys(marks)))


def series(run: Run, rule: str, windows: int, starved: int) -> dict[str, Series]:
    """Curves by panel: (S,) at the recorded steps, or (T,) at the film's frames where only its hits can tell."""
    trace, total = run.trace, run.config.num_rows
    recorded = {name: Series(trace.curve_steps, values.astype(float)) for name, values in trace.curves.items()}
    found = {"commitment": recorded["commitment"], "error": recorded["mse"]}
    if "used" in recorded:
        used = recorded["used"]
        found["dead"] = replace(used, values=total - used.values)
        found["usage"] = replace(used, values=100 * used.values / total)
        found["perplexity"] = recorded["perplexity"]
        found["dead_norm"] = recorded["norm_median_stale"]
    if (rule, windows) != RECORDED and "hits" in trace.frames:
        found |= _counted(run, rule, windows, starved)
    return found


def _counted(run: Run, rule: str, windows: int, starved: int) -> dict[str, Series]:
    found = counted(run, windows, starved)
    steps = run.trace.frame_steps
    hit = dead_by(found.life.states, "stale").logical_not().double().mean(1).numpy()
    dead = dead_by(found.life.states, rule).numpy()
    norms = np.linalg.norm(run.trace.frames["codebook"].astype(np.float32), axis=2)
    medians = [float(np.median(row[mask])) if mask.any() else math.nan for row, mask in zip(norms, dead, strict=True)]
    values = {
        "dead": dead.sum(1).astype(float),
        "usage": 100 * hit,
        "perplexity": found.perplexity,
        "dead_norm": medians,
    }
    return {key: Series(steps, np.asarray(value, float)) for key, value in values.items()}


def _siblings(run: Run, rule: tuple[str, int]) -> list[Run]:
    """`run`, and its other seeds that can be read, and counted by the rule."""
    return [each for each in catalog.siblings_of(run, films=True) if rule == RECORDED or "hits" in each.trace.frames]


def _of_shared_seeds(siblings: Mapping[str, list[Run]], runs: Mapping[str, Run]) -> dict[str, list[Run]]:
    if not siblings:
        return {}
    shared = set.intersection(*({run.config.seed for run in found} for found in siblings.values()))
    kept = {side: [run for run in found if run.config.seed in shared] for side, found in siblings.items()}
    return {side: kept[side] if runs[side].config.seed in shared else [runs[side]] for side in runs}


def _group(side: str, run: Run, seeds: list[Run], rule: tuple[str, int, int], lang: str) -> Group:
    name = text(
        "codebook.curves.one" if len(seeds) == 1 else "codebook.curves.many",
        lang,
        side=text(f"codebook.side.{side}", lang),
        name=catalog.label_of(
            replace(run.info, config=replace(run.config, seed=0)) if len(seeds) > 1 else run.info, lang
        ),
    )
    return Group(name, side, rule_of(run.config), tuple(series(each, *rule) for each in seeds))


def _marks(config: RunConfig, lang: str) -> tuple[Mark, ...]:
    """Where theory has the snippet's never-hit codes back at their first length."""
    if config.codebook_update != "snippet":
        return ()
    step = return_step(config)
    return (Mark("dead_norm", step, text("codebook.curves.back", lang, step=step)),)
