"""What was measured, for a step of the guide: the answer to its question, or to its doubt."""

from __future__ import annotations

from typing import Any

from explorer.ui.guide import STEPS, roles_of, step_at
from explorer.ui.questions.params import Params
from explorer.ui.scene.guide import doubt_of, written


def answer(params: Params) -> dict[str, Any]:
    """Asked for with the `step`, from 1, the `view` and the `part`: "doubt" or "answer".

    Answers with `said`; for the answer also with `truth`, a number or the name of an option, `look`, a selector of what
    shows it ("" if that is what the step speaks of anyway), and `place`, what it changes of the View.

    Raises:
        RunError: a run that it needs is missing, unmeasured or damaged.
    """
    step = step_at(params.integer("step", len(STEPS), default=0) + 1)
    roles = roles_of(params.view())
    if params.choice("part", ("doubt", "answer")) == "doubt":
        return {"said": doubt_of(step, roles, params.lang)}
    found = step.answer(roles)
    return {
        "said": written(found.lines, params.lang),
        "truth": found.truth,
        "look": found.look,
        "place": dict(found.place),
    }
