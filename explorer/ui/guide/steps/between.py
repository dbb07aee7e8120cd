"""What lies between two pictures; and, as the last step, in what the two models differ at all."""

from __future__ import annotations

import math
from functools import partial

from torch import Tensor

from explorer.runs import Run
from explorer.runs.priors import latent_size
from explorer.ui.computed.between import FADE
from explorer.ui.computed.middles import pairs_of, third_class
from explorer.ui.computed.pairs import CAPTIONS, default_pair
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import bits, rate, rung_named, written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line
from explorer.ui.guide.steps import blur
from explorer.ui.text import text


def _place(roles: RunsByRole) -> Place:
    pair = default_pair(roles.view.data)
    return {"left": roles.usual("vae"), "right": roles.usual("vq"), "image": pair[0], "image_b": None}


def _facts(roles: RunsByRole) -> dict[str, object]:
    return {"dog": partial(_dog, roles.view.data)}


def _dog(data: str, lang: str) -> str:
    """Where the pair of the notes is, for who does not see it."""
    return "" if data in CAPTIONS else text("guide.between.dog", lang)


def _question(roles: RunsByRole) -> Question:
    asked = line("guide.between.ask", n=f"{len(pairs_of(roles.view.data)):,}")
    return Question(asked, high=100, unit="%", about=(roles.id("vae"),))


def _answer(roles: RunsByRole) -> Answer:
    data, vae, vq = roles.view.data, roles.id("vae"), roles.id("vq")
    third = {kind: third_class(data, run).double() for kind, run in (("vae", vae), ("vq", vq), (FADE, FADE))}
    share = {kind: 100 * float(pairs.mean()) for kind, pairs in third.items()}
    measured = line("guide.between.measured", vae=written(share["vae"], 1), n=f"{len(third['vae']):,}", run=vae)
    others = line("guide.between.others", vq=written(share["vq"], 1), fade=written(share[FADE], 1), run=vq)
    return Answer(share["vae"], (measured, others, line(f"guide.between.{_beyond(third['vae'] - third[FADE])}")))


def _beyond(apart: Tensor) -> str:
    """Whether differences (N,) of pairs have a mean beyond chance, by two standard errors."""
    mean, error = float(apart.mean()), float(apart.std()) / math.sqrt(len(apart))
    return "alike" if abs(mean) <= 2 * error else "more" if mean > 0 else "less"


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    """In one breath: what is the same, what differs, and what is left of that at the same rate."""
    vae, vq = roles.run("vae"), roles.run("vq")
    return _trunk(vae, vq), _parted(vae, vq), *_matched(vq)


def _trunk(vae: Run, vq: Run) -> Line:
    widths = [(run.config.width, run.config.decoder_width or run.config.width) for run in (vae, vq)]
    same = widths[0] == widths[1]
    return line(f"guide.between.{'trunk' if same else 'trunks'}", vae=_parameters(vae), vq=_parameters(vq))


def _parameters(run: Run) -> str:
    """Of encoder and decoder, their heads included: a codebook belongs to neither."""
    return f"{sum(p.numel() for part in (run.model.encoder, run.model.decoder) for p in part.parameters()):,}"


def _parted(vae: Run, vq: Run) -> Line:
    chosen = {"residual": vq.config.levels, "grouped": vq.config.groups}.get(vq.config.quantizer, 1)  # in each cell
    cells, codes = chosen * vq.model.shape.grid**2, vq.config.num_embeddings
    return line("guide.between.parted", numbers=f"{latent_size(vae):,}", cells=f"{cells:,}", codes=f"{codes:,}")


def _matched(vq: Run) -> tuple[Line, ...]:
    near, rung = blur.nearest(vq)
    rates = {"near_bits": bits(rate(near, rung)), "vq_bits": bits(rate(vq, rung)), "rung": rung_named(rung)}
    told = line("guide.between.told", run=near.id, **rates, **blur.figures_of(near, vq))
    return told, *blur.verdicts(near, vq, rung)


STEP = Step(
    name="between",
    tab="latent",
    place=_place,
    look=".ex-btw-row[data-kind=vae]",
    watch=".ex-btw-row[data-kind=vqvae]",
    formulas=(
        formula("z ( t ) = ( 1 − t ) · z_a + t · z_b"),
        formula("k ( t ) = argmin_j ‖ z_e ( t ) − e_j ‖^2"),
    ),
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
    note="question",
)
