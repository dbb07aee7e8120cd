"""How to generate: the note's open question."""

from __future__ import annotations

from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import (
    GENERATION,
    PRIOR,
    bits,
    figure,
    is_fair,
    kid,
    rate,
    rung_named,
    rung_of,
    written,
)
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line

#: What can be predicted: the part that draws, and from which of its priors.
SAMPLERS = {"vae": ("vae", "normal"), "uniform": ("vq", "uniform"), "learned": ("vq", "learned")}


def _place(roles: RunsByRole) -> Place:
    return {"left": roles.usual("vae"), "right": roles.usual("vq")}


def _question(roles: RunsByRole) -> Question:
    return Question(line("guide.sampling.ask"), options=tuple(SAMPLERS), about=(roles.id("vae"), roles.id("vq")))


def _answer(roles: RunsByRole) -> Answer:
    found = {name: kid(roles.run(part), prior)[0] for name, (part, prior) in SAMPLERS.items()}
    real = figure(roles.run("vq"), "generation", "calibration", "real_half", "kid_clf", "value", command=GENERATION)
    truth = min(found, key=lambda name: found[name])
    numbers = {name: written(value, 3) for name, value in found.items()}
    measured = line("guide.sampling.measured", **numbers, real=written(real, 3))
    return Answer(truth, (measured, line(f"guide.sampling.{truth}"), *_match(roles)))


def _match(roles: RunsByRole) -> tuple[Line, ...]:
    """That the two models are told more and less about an image, where they are."""
    vae, vq = roles.run("vae"), roles.run("vq")
    rung = rung_of(vae, vq)
    vae_bits, vq_bits = rate(vae, rung), rate(vq, rung)
    if is_fair(vae_bits, vq_bits):
        return ()
    rates = {"vae_bits": bits(vae_bits), "vq_bits": bits(vq_bits), "rung": rung_named(rung)}
    return (line("guide.sampling.unfair", **rates),)


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    run = roles.run("vq")
    names = {"uniform": "fixed", "frequencies": "simple", "learned": "learned"}
    rates = {name: figure(run, "rates", key, command=PRIOR) for name, key in names.items()}
    order = "falls" if rates["uniform"] > rates["frequencies"] > rates["learned"] else "not_falls"
    said = line("guide.sampling.rates", **{name: bits(value) for name, value in rates.items()})
    return said, line(f"guide.sampling.rates.{order}")


STEP = Step(
    name="sampling",
    tab="generate",
    place=_place,
    look=".ex-gen-ladder",
    formulas=(
        formula("z ~ N ( 0 , I ) → x̂ = D ( z )"),
        formula("p ( k_1 , … , k_P ) = ∏_i p ( k_i | k_1 , … , k_i−1 )"),
    ),
    question=_question,
    answer=_answer,
    doubt=_doubt,
)
