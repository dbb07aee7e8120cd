"""The VQ-VAE's grid of codes."""

from __future__ import annotations

from typing import cast

from torch import Tensor

from explorer.runs import Run
from explorer.ui.computed import encoded, influenced
from explorer.ui.computed.pairs import default_pair, partner
from explorer.ui.computed.patch import patch_of
from explorer.ui.computed.pictured import pictured
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, More, Place, Question, Step, line

SMALL_SHARE = 0.25  # of the class's bits, below which a code is no name of a feature


def _place(roles: RunsByRole) -> Place:
    return {"left": roles.usual("vae"), "right": roles.usual("vq"), "image": default_pair(roles.view.data)[0]}


def _facts(roles: RunsByRole) -> dict[str, object]:
    run = roles.run("vq")
    grid = run.model.shape.grid
    return {"side": run.info.shape.height, "grid": grid, "cells": grid * grid, "codes": run.config.num_embeddings}


def _images(roles: RunsByRole) -> tuple[int, int]:
    other = roles.view.image_b
    return roles.view.image, partner(roles.view.data, roles.view.image) if other is None else other


def _question(roles: RunsByRole) -> Question:
    (image, other), data = _images(roles), roles.view.data
    cells = roles.run("vq").model.shape.grid ** 2
    asked = line("guide.grid.ask", cells=cells, image=pictured(data, image), other=pictured(data, other))
    return Question(asked, high=cells, about=(roles.id("vq"), image, other))


def _answer(roles: RunsByRole) -> Answer:
    indices = cast(Tensor, encoded.encoded_test(roles.id("vq")).indices).flatten(1)
    one, other = (indices[image] for image in _images(roles))
    same = int((one == other).sum())
    each = {"one": len(one.unique()), "other": len(other.unique())}
    return Answer(same, (line("guide.grid.measured", same=same, cells=len(one), **each),))


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    """How far a code is heard in the picture, and what of the class it tells."""
    vae, vq = roles.run("vae"), roles.run("vq")
    code, unit = influenced.of_cell(vq, None).answering, influenced.of_unit(vae, 0).answering
    heard = line(
        "guide.grid.heard",
        reach=written(patch_of(vq).share, 0),
        code=written(100 * code.footprint, 1),
        unit=written(100 * unit.footprint, 1),
        cell=written(100 / vq.model.shape.grid**2, 1),
        n=f"{code.n:,}",
    )
    place = "place" if code.footprint < unit.footprint else "no_place"
    return heard, line(f"guide.grid.{place}"), *_told(vq)


def _told(vq: Run) -> tuple[Line, ...]:
    found = influenced.information(vq)
    own = max(0.0, found.anywhere - found.anywhere_null)
    said = line(
        "guide.grid.bits", bits=written(own, 2), all=written(found.class_bits, 2), null=written(found.anywhere_null, 3)
    )
    verdict = "little" if own < SMALL_SHARE * found.class_bits else "much"
    return said, line(f"guide.grid.bits.{verdict}")


STEP = Step(
    name="grid",
    tab="latent",
    place=_place,
    look="#ex-right .ex-plane",
    watch="#ex-right .ex-pictures",
    formulas=(formula("k = argmin_j ‖ z_e − e_j ‖^2"), formula("z_q = e_k")),
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
    more=(More("levels", (formula("z_q = e_1 + … + e_L"),)),),
)
