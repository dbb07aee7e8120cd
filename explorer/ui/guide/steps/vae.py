"""The VAE: a distribution for each picture."""

from __future__ import annotations

from typing import cast

from torch import Tensor

from explorer.ui.computed import encoded
from explorer.ui.computed.pairs import default_pair
from explorer.ui.computed.pictured import pictured
from explorer.ui.guide.formula import formula
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Place, Question, Step, line

#: Lower edges of what can be predicted, the widest first.
WIDTHS = {"wide": 0.3, "middle": 0.03, "narrow": 0.0}


def _place(roles: RunsByRole) -> Place:
    return {"left": roles.usual("vae"), "right": roles.usual("vq"), "image": default_pair(roles.view.data)[0]}


def _logvar(roles: RunsByRole) -> Tensor:
    return cast(Tensor, encoded.encoded_test(roles.id("vae")).logvar).flatten(1)


def _question(roles: RunsByRole) -> Question:
    image = roles.view.image
    return Question(
        line("guide.vae.ask", image=pictured(roles.view.data, image)),
        options=tuple(WIDTHS),
        about=(roles.id("vae"), image),
    )


def _answer(roles: RunsByRole) -> Answer:
    logvar = _logvar(roles)
    own = float((logvar[roles.view.image].mean() / 2).exp())
    median = float((logvar / 2).exp().median())
    truth = next(name for name, edge in WIDTHS.items() if own >= edge)
    measured = line(
        "guide.vae.measured",
        image=pictured(roles.view.data, roles.view.image),
        sigma=f"{own:.2g}",
        units=logvar.shape[1],
        median=f"{median:.2g}",
        n=f"{len(logvar):,}",
    )
    return Answer(truth, (measured, line(f"guide.vae.{truth}")))


STEP = Step(
    name="vae",
    tab="latent",
    place=_place,
    look="#ex-left .ex-tools-plane",
    watch='#ex-left [data-picture="pointer"]',
    formulas=(
        formula("q ( z | x ) = N ( μ ( x ) , σ^2 ( x ) )"),
        formula("x → μ ( x ) , σ ( x ) → z → x̂ = D ( z )"),
        formula("z = μ + σ · ε , ε ~ N ( 0 , I )"),
    ),
    question=_question,
    answer=_answer,
)
