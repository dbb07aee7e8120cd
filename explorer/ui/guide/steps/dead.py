"""Dead codes."""

from __future__ import annotations

from explorer.metrics.codebook_life import dead_by
from explorer.runs import Run
from explorer.ui.film import counted
from explorer.ui.guide.cast import Cast
from explorer.ui.guide.formula import formula
from explorer.ui.guide.frames import filmed, frame_near, step_near
from explorer.ui.guide.step import Answer, Place, Question, Step, line

NOW, THEN = 100, 1000  # steps that the film stands at and that the question is about


def _place(cast: Cast) -> Place:
    right = filmed(cast.usual("ema"))
    return {"left": cast.usual("gradient"), "right": right.id, "step": step_near(right, NOW)}


def _dead(run: Run, cast: Cast) -> list[int]:
    """Of each frame, by the reader's own rule."""
    states = counted(run, cast.view.windows, cast.view.starved).life.states
    found: list[int] = dead_by(states, cast.view.rule).sum(1).tolist()
    return found


def _facts(cast: Cast) -> dict[str, object]:
    right = filmed(cast.codebooks()[1].id)
    vectors = int(counted(right, cast.view.windows, cast.view.starved).life.vectors[-1])
    return {"vectors": f"{vectors:,}", "each": f"{vectors / right.config.num_embeddings:,.0f}"}


def _question(cast: Cast) -> Question:
    right = filmed(cast.codebooks()[1].id)
    codes, then = right.config.num_embeddings, step_near(right, THEN)
    asked = line("guide.dead.ask", codes=f"{codes:,}", run=right.id, step=f"{then:,}")
    return Question(asked, high=codes, about=(right.id, then, cast.view.rule, cast.view.windows, cast.view.starved))


def _answer(cast: Cast) -> Answer:
    left, right = (filmed(run.id) for run in cast.codebooks())
    then = step_near(right, THEN)
    of_right, of_left = _dead(right, cast), _dead(left, cast)
    at = of_right[frame_near(right, then)]
    measured = line(
        "guide.dead.measured",
        step=f"{then:,}",
        dead=f"{at:,}",
        codes=f"{right.config.num_embeddings:,}",
        other=f"{of_left[frame_near(left, then)]:,}",
        left=left.id,
        last=f"{right.info.step:,}",
        end=f"{of_right[-1]:,}",
        other_end=f"{of_left[-1]:,}",
    )
    verdict = "back" if of_right[-1] < at else "more" if of_right[-1] > at else "same"
    return Answer(at, (measured, line(f"guide.dead.{verdict}")), place={"step": then}, look="#ex-cb-curves")


STEP = Step(
    name="dead",
    tab="codebook",
    place=_place,
    look="#ex-cb-right .ex-plane",
    formulas=(formula("n_k = 0 ⇒ ∂L/∂e_k = 0"),),
    question=_question,
    answer=_answer,
    facts=_facts,
)
