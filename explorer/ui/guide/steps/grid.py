"""The VQ-VAE's grid of codes."""

from __future__ import annotations

from typing import cast as typed

from torch import Tensor

from explorer.runs import Run
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.pairs import default_pair, partner
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import bits, figure, rate, written
from explorer.ui.guide.runs import Cast
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line

ALIKE_DB = 0.1


def _place(cast: Cast) -> Place:
    return {"left": cast.usual("vae"), "right": cast.usual("vq"), "image": default_pair(cast.view.data)[0]}


def _facts(cast: Cast) -> dict[str, object]:
    run = cast.run("vq")
    grid = run.model.shape.grid
    return {"grid": grid, "cells": grid * grid, "codes": run.config.num_embeddings}


def _images(cast: Cast) -> tuple[int, int]:
    other = cast.view.image_b
    return cast.view.image, partner(cast.view.data, cast.view.image) if other is None else other


def _question(cast: Cast) -> Question:
    image, other = _images(cast)
    cells = cast.run("vq").model.shape.grid ** 2
    asked = line("guide.grid.ask", cells=cells, image=image, other=other)
    return Question(asked, high=cells, about=(cast.id("vq"), image, other))


def _answer(cast: Cast) -> Answer:
    indices = typed(Tensor, encoded.encoded_test(cast.id("vq")).indices).flatten(1)
    one, other = (indices[image] for image in _images(cast))
    same = int((one == other).sum())
    each = {"one": len(one.unique()), "other": len(other.unique())}
    return Answer(same, (line("guide.grid.measured", same=same, cells=len(one), **each),))


def _doubt(cast: Cast) -> tuple[Line, ...]:
    vae, vq = cast.run("vae"), cast.run("vq")
    built = line(
        "guide.grid.built",
        vae=f"{_trunk(vae):,}",
        vq=f"{_trunk(vq):,}",
        vae_bits=bits(rate(vae)),
        vq_bits=bits(rate(vq)),
        vae_db=written(figure(vae, "psnr_db"), 1),
        vq_db=written(figure(vq, "psnr_db"), 1),
    )
    spatial = _spatial(vq)
    return (built, line("guide.grid.no_spatial")) if spatial is None else (built, *_like_for_like(spatial, vq))


def _trunk(run: Run) -> int:
    return int(figure(run, "parameters", "encoder") + figure(run, "parameters", "decoder"))


def _spatial(vq: Run) -> Run | None:
    """The VAE on the same grid whose rate is nearest to the codes'."""
    infos = catalog.runs_of(vq.config.data)
    grids = catalog.read_runs(info for info in infos if info.config.model == "vae" and info.config.spatial)
    measured = [run for run in grids if run.report.get("rate_bits", {}).get("kl")]
    wanted = rate(vq)
    return min(measured or grids, key=lambda run: abs(rate(run) - wanted), default=None)


def _like_for_like(spatial: Run, vq: Run) -> tuple[Line, ...]:
    apart = figure(vq, "psnr_db") - figure(spatial, "psnr_db")
    compared = line(
        "guide.grid.spatial",
        run=spatial.id,
        spatial_bits=bits(rate(spatial)),
        spatial_db=written(figure(spatial, "psnr_db"), 1),
        vq_bits=bits(rate(vq)),
        vq_db=written(figure(vq, "psnr_db"), 1),
    )
    verdict = "alike" if abs(apart) <= ALIKE_DB else "vq" if apart > 0 else "vae"
    return compared, line(f"guide.grid.spatial.{verdict}")


STEP = Step(
    name="grid",
    tab="latent",
    place=_place,
    look="#ex-right .ex-plane",
    formulas=(formula("k = argmin_j ‖ z_e − e_j ‖^2"), formula("z_q = e_k")),
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
)
