"""A codebook that is moved by its gradient."""

from __future__ import annotations

import numpy as np

from explorer.ui.computed import one_step
from explorer.ui.guide.formula import formula
from explorer.ui.guide.frames import filmed, frame_near
from explorer.ui.guide.runs import Cast
from explorer.ui.guide.step import Answer, Place, Question, Step, line

EARLY = 100  # the step whose update is opened: of the kept ones, that nearest to it


def _place(cast: Cast) -> Place:
    run = filmed(cast.usual("gradient"))
    kept = sorted(run.trace.weights) or run.trace.frame_steps.tolist()
    step = int(min(kept, key=lambda step: abs(step - EARLY)))
    return {"left": run.id, "right": cast.usual("ema"), "step": step}


def _facts(cast: Cast) -> dict[str, object]:
    return {"beta": f"{cast.run('gradient').config.commitment_cost:g}"}


def _batch(cast: Cast) -> one_step.MiniBatch:
    run = filmed(cast.id("gradient"))
    return one_step.mini_batch(run, frame_near(run, cast.view.step))


def _question(cast: Cast) -> Question:
    batch = _batch(cast)
    codes = len(batch.codebook)
    run = cast.id("gradient")
    asked = line(
        "guide.gradient.ask", run=run, step=f"{batch.step:,}", vectors=f"{len(batch.vectors):,}", codes=f"{codes:,}"
    )
    return Question(asked, high=codes, about=(run, batch.step))


def _answer(cast: Cast) -> Answer:
    batch = _batch(cast)
    codes, zero = len(batch.hits), int(np.count_nonzero(batch.hits == 0))
    measured = line("guide.gradient.measured", zero=f"{zero:,}", codes=f"{codes:,}")
    verdict = "none" if zero == 0 else "most" if zero > codes / 2 else "some"
    return Answer(zero, (measured, line(f"guide.gradient.{verdict}")), look="#ex-cb-step")


STEP = Step(
    name="gradient",
    tab="codebook",
    place=_place,
    look="#ex-cb-left .ex-plane",
    formulas=(
        formula("L = ‖ x − x̂ ‖^2"),
        formula("+ ‖ sg[ z_e ] − e_k ‖^2"),
        formula("+ β · ‖ z_e − sg[ e_k ] ‖^2"),
    ),
    question=_question,
    answer=_answer,
    facts=_facts,
)
