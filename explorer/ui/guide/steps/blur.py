"""Blur and sharpness, at a known rate."""

from __future__ import annotations

from explorer.errors import RunError
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import bits, figure, rate, written
from explorer.ui.guide.runs import ROLES, RunsByRole
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line

ALIKE_PX, ALIKE_DB = 0.03, 0.1
FAIR = 1.25  # times as many bits, within which two rates count as matched


def _place(roles: RunsByRole) -> Place:
    return {"left": roles.usual("vae"), "right": roles.usual("vq")}


def _facts(roles: RunsByRole) -> dict[str, object]:
    return {"vae_bits": bits(rate(roles.run("vae"))), "vq_bits": bits(rate(roles.run("vq")))}


def _nearest(vq: Run) -> Run:
    """The VAE whose rate is nearest to the codes' under their learned prior."""
    wanted, data = rate(vq), vq.config.data
    vaes = catalog.read_runs(info for info in catalog.runs_of(data) if info.config.model == "vae")
    rated = [run for run in vaes if run.report.get("rate_bits", {}).get("kl")]
    if not rated:
        raise RunError("run_not_here", train=f"{ROLES['vae'].train} --data {data}")
    return min(rated, key=lambda run: abs(rate(run) - wanted))


def _blur(run: Run) -> float:
    return figure(run, "sharpness", "sigma_eq_mean_px")


def _question(roles: RunsByRole) -> Question:
    vq = roles.run("vq")
    near = _nearest(vq)
    asked = line("guide.blur.ask", run=near.id, near=bits(rate(near)), vq=bits(rate(vq)))
    return Question(asked, options=("vae", "vq", "tie"), about=(near.id, vq.id))


def _answer(roles: RunsByRole) -> Answer:
    vq = roles.run("vq")
    near = _nearest(vq)
    apart, ratio = _blur(near) - _blur(vq), rate(vq) / rate(near)
    truth = "tie" if abs(apart) <= ALIKE_PX else "vq" if apart > 0 else "vae"
    measured = line(
        "guide.blur.measured",
        near=written(_blur(near), 2),
        near_db=written(figure(near, "psnr_db"), 1),
        vq=written(_blur(vq), 2),
        vq_db=written(figure(vq, "psnr_db"), 1),
    )
    fair = "fair" if 1 / FAIR <= ratio <= FAIR else "more" if ratio > 1 else "less"
    judged = line(f"guide.blur.{fair}", ratio=written(max(ratio, 1 / ratio), 1))
    return Answer(truth, (measured, line(f"guide.blur.{truth}"), judged))


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    vae, vq = roles.run("vae"), roles.run("vq")
    said = line(
        "guide.blur.shown",
        vae=written(_blur(vae), 2),
        vae_bits=bits(rate(vae)),
        vq=written(_blur(vq), 2),
        vq_bits=bits(rate(vq)),
    )
    both = (_blur(vq) < _blur(vae)) == (rate(vq) > rate(vae))
    return said, line("guide.blur.shown.rate" if both else "guide.blur.shown.not_rate"), *_alike(roles)


def _alike(roles: RunsByRole) -> tuple[Line, ...]:
    """The VAE on the codes' own grid: the partner that differs in the code alone."""
    vq = roles.run("vq")
    spatial = _spatial(vq)
    return (line("guide.blur.no_spatial"),) if spatial is None else _like_for_like(spatial, vq)


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
        "guide.blur.spatial",
        run=spatial.id,
        spatial_bits=bits(rate(spatial)),
        spatial_db=written(figure(spatial, "psnr_db"), 1),
        vq_bits=bits(rate(vq)),
        vq_db=written(figure(vq, "psnr_db"), 1),
    )
    verdict = "alike" if abs(apart) <= ALIKE_DB else "vq" if apart > 0 else "vae"
    return compared, line(f"guide.blur.spatial.{verdict}")


STEP = Step(
    name="blur",
    tab="reconstruct",
    place=_place,
    look=".ex-rec-grid",
    formulas=(formula("x̂ = 𝔼 [ x | z ]"), formula("x̂ = 𝔼 [ x | e_1 , … , e_P ]")),
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
)
