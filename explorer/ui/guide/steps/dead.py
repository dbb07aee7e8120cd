"""Dead codes: what became of them in a training that does nothing about it, beside one that does."""

from __future__ import annotations

from functools import partial

from torch import Tensor

from explorer.errors import RunError
from explorer.metrics.codebook_life import dead_by
from explorer.runs import Run
from explorer.ui.computed import cases, one_step
from explorer.ui.computed.film import counted
from explorer.ui.guide.formula import Node, formula
from explorer.ui.guide.frames import filmed, frame_near, step_near
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, More, Place, Question, Step, line
from explorer.ui.text import text

NOW = 100  # step that the film stands at, before the question


def _place(roles: RunsByRole) -> Place:
    case = cases.opening_case(roles.view.data)
    left, right = (case.left, case.right) if case else (roles.usual("gradient"), roles.usual("ema"))
    return {"left": left, "right": right, "step": step_near(filmed(left), NOW)}


def _sides(roles: RunsByRole) -> tuple[Run, Run]:
    left, right = (filmed(run.id) for run in roles.codebooks())
    return left, right


def _dead(run: Run, roles: RunsByRole) -> Tensor:
    """(T, K): which codes are dead at each frame, by the reader's own rule."""
    states = counted(run, roles.view.windows, roles.view.starved).life.states
    return dead_by(states, roles.view.rule)


#: The loss that the rule on the left has, and what it does to a code that no vector chooses.
GRADIENT = (
    formula("L = ‖ x − x̂ ‖^2 + ‖ sg[ z_e ] − e_k ‖^2"),
    formula("+ β · ‖ z_e − sg[ e_k ] ‖^2"),
    formula("n_k = 0 ⇒ ∂L/∂e_k = 0"),
)
NO_GRADIENT = (formula("L = ‖ x − x̂ ‖^2 + β · ‖ z_e − sg[ e_k ] ‖^2"),)
HOLD = (*NO_GRADIENT, formula("n_k = 0 ⇒ Δe_k = 0"))
FORMULAS = {"gradient": GRADIENT, "hold": HOLD, "fixed": HOLD, "ema": NO_GRADIENT}


def _learns(run: Run) -> str:
    """How a run's codes learn, by its name in `FORMULAS`."""
    config = run.config
    if config.codebook_update == "ema":
        return "hold" if config.ema_start == "hold" else "ema"
    return "ema" if config.codebook_update == "snippet" else config.codebook_update


def _formulas(roles: RunsByRole) -> tuple[Node, ...]:
    return FORMULAS[_learns(_sides(roles)[0])]


def _facts(roles: RunsByRole) -> dict[str, object]:
    left = _sides(roles)[0]
    counts = counted(left, roles.view.windows, roles.view.starved)
    vectors = int(counts.life.vectors[-1])
    return {
        "vectors": f"{vectors:,}",
        "each": f"{vectors / left.config.num_embeddings:,.0f}",
        "learn": partial(_learn, left),
    }


def _learn(run: Run, lang: str) -> str:
    return text(f"guide.dead.learn.{_learns(run)}", lang, beta=f"{run.config.commitment_cost:g}")


def _question(roles: RunsByRole) -> Question:
    left = _sides(roles)[0]
    codes, last = left.config.num_embeddings, int(left.trace.frame_steps[-1])
    asked = line("guide.dead.ask", codes=f"{codes:,}", run=left.id, step=f"{last:,}")
    return Question(asked, high=codes, about=(left.id, last, roles.view.rule, roles.view.windows, roles.view.starved))


def _answer(roles: RunsByRole) -> Answer:
    left, right = _sides(roles)
    of_left, of_right = _dead(left, roles), _dead(right, roles)
    now, end = step_near(left, NOW), int(of_left[-1].sum())
    measured = line(
        "guide.dead.measured",
        now=f"{now:,}",
        then=f"{int(of_left[frame_near(left, now)].sum()):,}",
        codes=f"{left.config.num_embeddings:,}",
        last=f"{int(left.trace.frame_steps[-1]):,}",
        end=f"{end:,}",
        right=right.id,
        other=f"{int(of_right[frame_near(right, now)].sum()):,}",
        other_end=f"{int(of_right[-1].sum()):,}",
    )
    return Answer(end, (measured, *_fate(left, of_left, now)), place={"step": None})


def _fate(run: Run, dead: Tensor, now: int) -> tuple[Line, ...]:
    """What became of the codes that were dead at a step: followed to the end of the film."""
    here = frame_near(run, now)
    followed = dead[here]
    back = followed & dead[here:].logical_not().any(0)
    counts = {"now": f"{now:,}", "count": f"{int(followed.sum()):,}", "back": f"{int(back.sum()):,}"}
    if not followed.any():
        return ()
    if not back.any():
        return (line("guide.dead.stayed", **counts),)
    return (line("guide.dead.back", **counts), *_cause(run))


def _cause(run: Run) -> tuple[Line, ...]:
    """Who moved them, where the run's settings leave one answer: Adam may push a code on after its last hit."""
    config = run.config
    if config.dead_codes != "keep":
        return (line("guide.dead.fetched"),)
    held = config.codebook_update == "ema" and config.ema_start == "hold" and not run.info.history
    return (line("guide.dead.moved"),) if held else ()


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    """How many rows of the gradient are zero: counted in one update of which the film kept the whole mini-batch."""
    run = filmed(roles.usual("gradient"))
    step = min(run.trace.weights, key=lambda step: abs(step - NOW), default=None)
    if step is None:
        raise RunError("run_no_film", run=run.id)
    batch = one_step.mini_batch(run, frame_near(run, step))
    said = line(
        "guide.dead.rows",
        run=run.id,
        step=f"{batch.step:,}",
        vectors=f"{len(batch.vectors):,}",
        unchosen=f"{int((batch.hits == 0).sum()):,}",
        codes=f"{len(batch.hits):,}",
    )
    return (said,)


STEP = Step(
    name="dead",
    tab="codebook",
    place=_place,
    look="#ex-cb-left .ex-plane",
    formulas=HOLD,
    own=_formulas,
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
    more=(More("perplexity", (formula("perplexity = exp( − ∑_k p_k log p_k )"),)),),
    watch="#ex-cb-scrubber",
)
