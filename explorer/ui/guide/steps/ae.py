"""The autoencoder."""

from __future__ import annotations

from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import figure, written
from explorer.ui.guide.runs import Cast
from explorer.ui.guide.step import Answer, Place, Question, Step, line

ALIKE_DB = 0.1


def _place(cast: Cast) -> Place:
    return {"left": cast.usual("ae"), "right": cast.usual("vq")}


def _question(cast: Cast) -> Question:
    ae, vae = cast.run("ae"), cast.run("vae")
    sizes = {"ae": ae.config.latent_dim, "vae": vae.config.latent_dim}
    return Question(line("guide.ae.ask", **sizes), options=("ae", "vae", "tie"), about=(ae.id, vae.id))


def _answer(cast: Cast) -> Answer:
    ae, vae = (figure(cast.run(name), "psnr_of_mean_db") for name in ("ae", "vae"))
    truth = "tie" if abs(ae - vae) <= ALIKE_DB else "ae" if ae > vae else "vae"
    measured = line("guide.ae.measured", ae=written(ae, 2), vae=written(vae, 2))
    return Answer(truth, (measured, line(f"guide.ae.{truth}")))


STEP = Step(
    name="ae",
    tab="latent",
    place=_place,
    look="#ex-left .ex-plane",
    formulas=(formula("z = E ( x )", latent="ae"), formula("L = ‖ x − D ( z ) ‖^2", latent="ae")),
    question=_question,
    answer=_answer,
)
