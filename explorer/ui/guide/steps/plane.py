"""The autoencoder, why its plane is not enough, and what was measured of that."""

from __future__ import annotations

from explorer.ui.computed.roughness import HEADLINE, compared
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import figure, kid, written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line

ALIKE_DB = 0.1


def _place(roles: RunsByRole) -> Place:
    return {"left": roles.usual("ae"), "right": roles.usual("vq")}


def _question(roles: RunsByRole) -> Question:
    step = line("guide.plane.ask", size=f"{100 * HEADLINE:.0f}")
    return Question(step, high=100, unit="%", about=(roles.id("ae"), roles.id("vae")))


def _answer(roles: RunsByRole) -> Answer:
    found = compared(roles.id("ae"), roles.id("vae"), HEADLINE)
    jump = compared(roles.id("ae"), roles.id("vae"), 0.0).ae.mind.value
    mind, apart = found.ae.mind, found.difference.mind
    measured = line(
        "guide.plane.measured",
        ae=written(100 * mind.value, 1),
        vae=written(100 * found.vae.mind.value, 1),
        jump=written(100 * jump, 1),
        steps=f"{found.steps:,}",
    )
    verdict = "rougher" if apart.low > 0 else "smoother" if apart.high < 0 else "unsettled"
    # where a small step lands anywhere, it changes the mind about as often as a jump does
    order = "ordered" if mind.high < jump / 2 else "anywhere"
    lines = (measured, line(f"guide.plane.{verdict}"), line(f"guide.plane.{order}"))
    return Answer(100 * mind.value, lines)


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    (ae, ae_sd), (vae, vae_sd) = kid(roles.run("ae"), "own_spread"), kid(roles.run("vae"), "normal")
    apart = (ae_sd**2 + vae_sd**2) ** 0.5
    verdict = "alike" if abs(ae - vae) <= 2 * apart else "worse" if ae > vae else "better"
    numbers = {"ae": written(ae, 3), "vae": written(vae, 3), "ae_sd": written(ae_sd, 3), "vae_sd": written(vae_sd, 3)}
    return line("guide.plane.samples", **numbers), line(f"guide.plane.samples.{verdict}"), *_closer(roles)


def _closer(roles: RunsByRole) -> tuple[Line, ...]:
    """Whose reconstructions are closer."""
    ae, vae = (figure(roles.run(name), "psnr_of_mean_db") for name in ("ae", "vae"))
    truth = "tie" if abs(ae - vae) <= ALIKE_DB else "ae" if ae > vae else "vae"
    return line("guide.plane.psnr", ae=written(ae, 2), vae=written(vae, 2)), line(f"guide.plane.psnr.{truth}")


STEP = Step(
    name="plane",
    tab="latent",
    place=_place,
    look="#ex-left .ex-plane",
    watch='#ex-left [data-picture="pointer"]',
    formulas=(formula("x → z = E ( x ) → x̂ = D ( z )", latent="ae"), formula("L = ‖ x − x̂ ‖^2")),
    question=_question,
    answer=_answer,
    doubt=_doubt,
)
