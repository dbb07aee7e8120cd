"""Distributions in and out."""

from __future__ import annotations

import math
from typing import cast as typed

import torch
from torch import Tensor

from explorer.ui.computed import encoded
from explorer.ui.computed.pairs import default_pair
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import written
from explorer.ui.guide.runs import Cast
from explorer.ui.guide.step import Answer, Place, Question, Step, line

HELD, QUANTILE = 0.95, 1.645  # of the prior's mass, and where N(0, 1) has it below
ALIKE = 3.0  # percentage points within which a cloud fills its prior


def _place(cast: Cast) -> Place:
    return {"left": cast.usual("vae"), "right": cast.usual("vq"), "image": default_pair(cast.view.data)[0]}


def _facts(cast: Cast) -> dict[str, object]:
    return {"cells": cast.run("vq").model.shape.grid ** 2}


def _means(cast: Cast) -> Tensor:
    return typed(Tensor, encoded.encoded_test(cast.id("vae")).mean).flatten(1)


def _radius(numbers: int) -> float:
    """That holds `HELD` of N(0, I): exact for two numbers, after Wilson and Hilferty (1931) for more."""
    if numbers == 2:
        return math.sqrt(-2 * math.log(1 - HELD))
    spread = 2 / (9 * numbers)
    return math.sqrt(numbers * (1 - spread + QUANTILE * math.sqrt(spread)) ** 3)


def _question(cast: Cast) -> Question:
    radius = _radius(_means(cast).shape[1])
    return Question(line("guide.worlds.ask", radius=written(radius, 2)), high=100, unit="%", about=(cast.id("vae"),))


def _answer(cast: Cast) -> Answer:
    means = _means(cast)
    share = 100 * float((torch.linalg.vector_norm(means, dim=1) <= _radius(means.shape[1])).double().mean())
    off = share - 100 * HELD
    verdict = "fills" if abs(off) <= ALIKE else "narrower" if off > 0 else "wider"
    measured = line("guide.worlds.measured", share=written(share, 1), n=f"{len(means):,}", run=cast.id("vae"))
    return Answer(share, (measured, line(f"guide.worlds.{verdict}")))


STEP = Step(
    name="worlds",
    tab="latent",
    place=_place,
    look="#ex-left .ex-plane",
    formulas=(formula("z ~ N ( 0 , I )"), formula("x̂ = D ( z )")),
    question=_question,
    answer=_answer,
    facts=_facts,
)
