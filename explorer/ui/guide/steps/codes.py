"""One z or many codes."""

from __future__ import annotations

from explorer.ui.computed import influenced
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import written
from explorer.ui.guide.runs import Cast
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line

SMALL_SHARE = 0.25  # of the class's bits, below which a code is no name of a feature


def _place(cast: Cast) -> Place:
    return {"left": cast.usual("vae"), "right": cast.usual("vq")}


def _question(cast: Cast) -> Question:
    return Question(line("guide.codes.ask"), high=100, unit="%", about=(cast.id("vae"), cast.id("vq")))


def _answer(cast: Cast) -> Answer:
    vae, vq = cast.run("vae"), cast.run("vq")
    code, unit = influenced.of_cell(vq, None).answering, influenced.of_unit(vae, 0).answering
    measured = line(
        "guide.codes.measured",
        code=written(100 * code.footprint, 1),
        unit=written(100 * unit.footprint, 1),
        cell=written(100 / vq.model.shape.grid**2, 1),
        n=f"{code.n:,}",
    )
    verdict = "place" if code.footprint < unit.footprint else "no_place"
    return Answer(100 * code.footprint, (measured, line(f"guide.codes.{verdict}")))


def _doubt(cast: Cast) -> tuple[Line, ...]:
    found = influenced.information(cast.run("vq"))
    own = max(0.0, found.anywhere - found.anywhere_null)
    said = line(
        "guide.codes.bits", bits=written(own, 2), all=written(found.class_bits, 2), null=written(found.anywhere_null, 3)
    )
    verdict = "little" if own < SMALL_SHARE * found.class_bits else "much"
    return said, line(f"guide.codes.bits.{verdict}")


STEP = Step(
    name="codes",
    tab="latent",
    place=_place,
    look="#ex-workbench",
    formulas=(formula("x̂ = D ( z )"), formula("x̂ = D ( e_1 , … , e_P )")),
    question=_question,
    answer=_answer,
    doubt=_doubt,
)
