"""Distributions in and out."""

from __future__ import annotations

import math
from typing import cast

import torch
from torch import Tensor

from explorer.ui.computed import encoded
from explorer.ui.computed.pairs import default_pair
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Place, Question, Step, line

HELD, QUANTILE = 0.95, 1.645  # of the prior's mass, and where N(0, 1) has it below
ALIKE = 3.0  # percentage points within which a cloud fills its prior


def _place(roles: RunsByRole) -> Place:
    return {"left": roles.usual("vae"), "right": roles.usual("vq"), "image": default_pair(roles.view.data)[0]}


def _facts(roles: RunsByRole) -> dict[str, object]:
    return {"cells": roles.run("vq").model.shape.grid ** 2}


def _means(roles: RunsByRole) -> Tensor:
    return cast(Tensor, encoded.encoded_test(roles.id("vae")).mean).flatten(1)


def _radius(numbers: int) -> float:
    """That holds `HELD` of N(0, I): exact for two numbers, after Wilson and Hilferty (1931) for more."""
    if numbers == 2:
        return math.sqrt(-2 * math.log(1 - HELD))
    spread = 2 / (9 * numbers)
    return math.sqrt(numbers * (1 - spread + QUANTILE * math.sqrt(spread)) ** 3)


def _question(roles: RunsByRole) -> Question:
    radius = _radius(_means(roles).shape[1])
    return Question(line("guide.worlds.ask", radius=written(radius, 2)), high=100, unit="%", about=(roles.id("vae"),))


def _answer(roles: RunsByRole) -> Answer:
    means = _means(roles)
    share = 100 * float((torch.linalg.vector_norm(means, dim=1) <= _radius(means.shape[1])).double().mean())
    off = share - 100 * HELD
    verdict = "fills" if abs(off) <= ALIKE else "narrower" if off > 0 else "wider"
    measured = line("guide.worlds.measured", share=written(share, 1), n=f"{len(means):,}", run=roles.id("vae"))
    return Answer(share, (measured, line(f"guide.worlds.{verdict}")))


STEP = Step(
    name="worlds",
    tab="latent",
    place=_place,
    look="#ex-left .ex-plane",
    watch='#ex-left [data-picture="pointer"]',
    formulas=(formula("z ~ N ( 0 , I )"), formula("x̂ = D ( z )")),
    question=_question,
    answer=_answer,
    facts=_facts,
)
