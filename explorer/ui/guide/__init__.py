"""The Guide: the story of both models in short steps, each of which sets the page up, points at it and asks a question.

A step (`steps/`) is data and a few pure functions of `RunsByRole`, the runs that it speaks of. No figure stands in its
words: every number, and which of several sentences is said, comes from reports, films, studies and latents when it is
asked for. `explorer.ui.scene.guide` writes a step in the reader's language, `explorer.ui.questions.guide` what is
measured.
"""

from __future__ import annotations

from explorer.ui.guide.formula import Node
from explorer.ui.guide.runs import RunsByRole, roles_of
from explorer.ui.guide.step import Answer, Line, More, Question, Step
from explorer.ui.guide.steps import STEPS

__all__ = ["STEPS", "Answer", "Line", "More", "Node", "Question", "RunsByRole", "Step", "roles_of", "step_at"]


def step_at(number: int) -> Step:
    """A step by the View's `guide`, from 1 to `len(STEPS)`."""
    return STEPS[number - 1]
