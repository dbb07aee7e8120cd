"""EMA in place of a gradient, and what the study says of both."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np

from explorer.errors import RunError
from explorer.runs import Run
from explorer.studies.plan import Cell
from explorer.studies.summary import CellSummary, summaries
from explorer.ui.computed import cases, catalog
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line
from explorer.ui.text import text
from explorer.ui.text.choices import choice_name

Pair = tuple[CellSummary, CellSummary]


def _place(roles: RunsByRole) -> Place:
    case = cases.rule_case(roles.view.data)
    left, right = (case.left, case.right) if case else (roles.usual("gradient"), roles.usual("ema"))
    return {"left": left, "right": right, "step": None}


def _facts(roles: RunsByRole) -> dict[str, object]:
    return {"decay": f"{roles.run('ema').config.decay:g}"}


def _pairs(roles: RunsByRole) -> list[Pair]:
    """Cells of the study that differ in gradient against EMA (hold) alone, each with a finished member.

    Of the View's image set; where the study has none of it, of all.
    """
    done = [found for found in summaries() if found.seeds]
    keys = {(*_all_but_rule(found.cell), found.cell.rule): found for found in done}
    partners = [
        (found, keys.get((*_all_but_rule(found.cell), "hold"))) for found in done if found.cell.rule == "gradient"
    ]
    pairs = [(found, other) for found, other in partners if other]
    return [pair for pair in pairs if pair[0].cell.data == roles.view.data] or pairs


def _all_but_rule(cell: Cell) -> tuple[str, ...]:
    return cell.data, cell.size, cell.init, cell.variant


def _asked(roles: RunsByRole) -> Pair:
    """The pair of the question: of the size and the start of the codebooks on screen, else the study's first."""
    pairs = _pairs(roles)
    if not pairs:
        raise RunError("study_empty")
    with suppress(RunError):
        shown = roles.codebooks()[1].config
        size, init = (shown.embedding_dim, shown.num_embeddings), shown.codebook_init
        return min(pairs, key=lambda pair: _unlike(pair[0].cell, size, init))
    return pairs[0]


def _unlike(cell: Cell, size: tuple[int, int], init: str) -> tuple[bool, bool, bool]:
    return (cell.embedding_dim, cell.num_embeddings) != size, cell.init != init, bool(cell.variant)


def _question(roles: RunsByRole) -> Question:
    gradient, _ = _asked(roles)
    cell = gradient.cell
    asked = line(
        "guide.ema.ask",
        data=text(f"data.{cell.data}", roles.view.lang),
        d=cell.embedding_dim,
        codes=cell.num_embeddings,
        init=choice_name("codebook_init", cell.init, roles.view.lang),
        steps=f"{cell.config(0).steps:,}",
    )
    return Question(asked, options=("gradient", "ema", "overlap"), about=(cell.id, len(gradient.seeds)))


def _fewer(pair: Pair) -> str:
    gradient, ema = (found.dead for found in pair)
    if max(gradient) < min(ema):
        return "gradient"
    return "ema" if max(ema) < min(gradient) else "overlap"


def _answer(roles: RunsByRole) -> Answer:
    pair, pairs = _asked(roles), _pairs(roles)
    truth, fewer = _fewer(pair), [_fewer(each) for each in pairs]
    measured = line(
        "guide.ema.measured",
        gradient=_span(pair[0]),
        ema=_span(pair[1]),
        codes=pair[0].cell.num_embeddings,
        seeds=min(len(found.seeds) for found in pair),
        steps=f"{pair[0].cell.config(0).steps:,}",
    )
    tally = {name: fewer.count(name) for name in ("gradient", "ema", "overlap")}
    overall = line("guide.ema.pairs", pairs=len(pairs), **tally)
    verdict = "decides" if len(set(fewer)) == 1 and fewer[0] != "overlap" else "not_alone"
    lines = (measured, *_shown(roles), overall, line(f"guide.ema.{verdict}"))
    return Answer(truth, lines)


def _shown(roles: RunsByRole) -> tuple[Line, ...]:
    """What the pair on the screen came to: a training of its own, and longer than the study's."""
    pair = roles.codebooks()
    case = cases.case_of(pair[0].id, pair[1].id, roles.view.data)
    if case is None:
        return ()
    said = line(
        "guide.ema.shown",
        steps=f"{pair[0].info.step:,}",
        codes=f"{case.codes:,}",
        left=f"{case.dead[0]:,}",
        right=f"{case.dead[1]:,}",
    )
    return (said,)


def _span(found: CellSummary) -> str:
    low, high = min(found.dead), max(found.dead)
    return f"{low}" if low == high else f"{low}–{high}"


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    run, decay = catalog.run(roles.usual("ema")), roles.run("ema").config.decay
    said = line("guide.ema.half", decay=f"{decay:g}", steps=written(half_life(decay), 1))
    seen = filmed_half_life(run)
    if seen is None:
        return (said,)
    return said, line("guide.ema.filmed", run=run.id, steps=written(seen[0], 1), codes=f"{seen[1]:,}")


def half_life(decay: float) -> float:
    """Steps after which half of an exponential moving average is older."""
    return math.log(2) / -math.log(decay)


def filmed_half_life(run: Run) -> tuple[float, int] | None:
    """Steps in which the counts of codes without a hit halved, as the film has it, and how many codes that was.

    Seen between its first steps, where every step is a frame: the median over them.
    """
    frames, steps = run.trace.frames, run.trace.frame_steps
    if "ema_count" not in frames:
        return None
    counts = frames["ema_count"].astype(np.float64)
    found: list[float] = []
    for t in np.flatnonzero((np.diff(steps) == 1) & (steps[1:] > 1)):
        unhit = (frames["hits"][t + 1] == 0) & (counts[t + 1] > 0) & (counts[t] > counts[t + 1])
        found += (math.log(2) / np.log(counts[t, unhit] / counts[t + 1, unhit])).tolist()
    return (float(np.median(found)), len(found)) if found else None


STEP = Step(
    name="ema",
    tab="codebook",
    place=_place,
    look="#ex-cb-right .ex-plane",
    formulas=(
        formula("N_k ← γ · N_k + ( 1 − γ ) · n_k"),
        formula("m_k ← γ · m_k + ( 1 − γ ) · ∑_k z_e"),
        formula("e_k = m_k/N_k"),
    ),
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
    note="question",
    watch="#ex-cb-scrubber",
)
