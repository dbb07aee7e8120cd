"""Blur and sharpness, at a known rate."""

from __future__ import annotations

from explorer.errors import ExplorerError, RunError
from explorer.metrics.rate import RUNGS
from explorer.reports.matching import rates_of
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import bits, figure, is_fair, rate, rung_named, rung_of, written
from explorer.ui.guide.runs import ROLES, RunsByRole
from explorer.ui.guide.step import Answer, Line, Place, Question, Step, line

ALIKE_PX, ALIKE_DB = 0.03, 0.1


def _place(roles: RunsByRole) -> Place:
    """The matched pair where the set has one: what is measured is what is on the screen."""
    right = roles.usual("vq")
    return {"left": _matched(right) or roles.usual("vae"), "right": right}


def _matched(vq_id: str) -> str:
    """Id of the VAE whose rate is that of the codes; "" without one."""
    try:
        vq = catalog.run(vq_id)
        near, rung = nearest(vq)
        return near.id if is_fair(rate(vq, rung), rate(near, rung)) else ""
    except ExplorerError:
        return ""


def _facts(roles: RunsByRole) -> dict[str, object]:
    vae, vq = roles.run("vae"), roles.run("vq")
    rung = rung_of(vae, vq)
    return {"vae_bits": bits(rate(vae, rung)), "vq_bits": bits(rate(vq, rung)), "rung": rung_named(rung)}


def _vaes(vq: Run, *, on_grid: bool = False) -> tuple[list[Run], str]:
    """VAEs with a rate on the highest rung that the codes share with one of them, and that rung.

    With one on the codes' own grid, if there is any: without a learned prior none of those would be compared.
    """
    infos = [info for info in catalog.runs_of(vq.config.data) if info.config.model == "vae"]
    runs = list(catalog.read_runs(infos))
    grids = [run for run in runs if run.config.spatial]
    rung = max((rung_of(run, vq) for run in grids or runs), key=RUNGS.index, default="fixed")
    return [run for run in (grids if on_grid else runs) if rung in rates_of(run)], rung


def nearest(vq: Run) -> tuple[Run, str]:
    """The VAE whose rate is nearest to the codes', and the rung on which it is.

    Raises:
        RunError: no VAE of the set has a rate on a rung that the codes have.
    """
    rated, rung = _vaes(vq)
    if not rated:
        raise RunError("run_not_here", train=f"{ROLES['vae'].train} --data {vq.config.data}")
    return min(rated, key=lambda run: abs(rate(run, rung) - rate(vq, rung))), rung


def blur_of(run: Run) -> float:
    """Equivalent blur in pixels, the mean of the test images.

    Raises:
        RunError: it was not measured.
    """
    return figure(run, "sharpness", "sigma_eq_mean_px")


def _question(roles: RunsByRole) -> Question:
    vq = roles.run("vq")
    near, rung = nearest(vq)
    rates = {"near": bits(rate(near, rung)), "vq": bits(rate(vq, rung)), "rung": rung_named(rung)}
    asked = line("guide.blur.ask", run=near.id, **rates)
    return Question(asked, options=("vae", "vq", "tie"), about=(near.id, vq.id))


def _answer(roles: RunsByRole) -> Answer:
    vq = roles.run("vq")
    near, rung = nearest(vq)
    measured = line("guide.blur.measured", **figures_of(near, vq))
    return Answer(_sharper(near, vq), (measured, *verdicts(near, vq, rung)))


def figures_of(near: Run, vq: Run) -> dict[str, str]:
    """Blur in pixels and PSNR in dB of both, as they are written."""
    blurs = {name: written(blur_of(run), 2) for name, run in (("near", near), ("vq", vq))}
    return blurs | {f"{name}_db": written(figure(run, "psnr_db"), 1) for name, run in (("near", near), ("vq", vq))}


def _sharper(near: Run, vq: Run) -> str:
    apart = blur_of(near) - blur_of(vq)
    return "tie" if abs(apart) <= ALIKE_PX else "vq" if apart > 0 else "vae"


def verdicts(near: Run, vq: Run, rung: str) -> tuple[Line, ...]:
    """Which of the two blurs less, and whether they are told as much on a rung."""
    ratio = rate(vq, rung) / rate(near, rung)
    fair = "fair" if is_fair(ratio, 1) else "more" if ratio > 1 else "less"
    how = {"rung": rung_named(rung)} if fair == "fair" else {}
    judged = line(f"guide.blur.{fair}", ratio=written(max(ratio, 1 / ratio), 2), **how)
    return line(f"guide.blur.{_sharper(near, vq)}"), judged


def _doubt(roles: RunsByRole) -> tuple[Line, ...]:
    vae, vq = catalog.run(roles.usual("vae")), roles.run("vq")  # the pair of the other steps
    rung = rung_of(vae, vq)
    said = line(
        "guide.blur.usual",
        run=vae.id,
        vq_run=vq.id,
        vae=written(blur_of(vae), 2),
        vae_bits=bits(rate(vae, rung)),
        vq=written(blur_of(vq), 2),
        vq_bits=bits(rate(vq, rung)),
        rung=rung_named(rung),
    )
    both = (blur_of(vq) < blur_of(vae)) == (rate(vq, rung) > rate(vae, rung))
    return said, line("guide.blur.usual.rate" if both else "guide.blur.usual.not_rate"), *_alike(roles)


def _alike(roles: RunsByRole) -> tuple[Line, ...]:
    """The VAE on the codes' own grid: the partner that differs in the code alone."""
    vq = roles.run("vq")
    grids, rung = _vaes(vq, on_grid=True)
    if not grids:
        return (line("guide.blur.no_spatial"),)
    return _like_for_like(min(grids, key=lambda run: abs(rate(run, rung) - rate(vq, rung))), vq, rung)


def _like_for_like(spatial: Run, vq: Run, rung: str) -> tuple[Line, ...]:
    apart = figure(vq, "psnr_db") - figure(spatial, "psnr_db")
    compared = line(
        "guide.blur.spatial",
        run=spatial.id,
        spatial_bits=bits(rate(spatial, rung)),
        spatial_db=written(figure(spatial, "psnr_db"), 1),
        vq_bits=bits(rate(vq, rung)),
        vq_db=written(figure(vq, "psnr_db"), 1),
        rung=rung_named(rung),
    )
    verdict = "alike" if abs(apart) <= ALIKE_DB else "vq" if apart > 0 else "vae"
    return compared, line(f"guide.blur.spatial.{verdict}")


STEP = Step(
    name="blur",
    tab="reconstruct",
    place=_place,
    look=".ex-rec-selected",
    formulas=(formula("x̂ = 𝔼 [ x | z ]"), formula("x̂ = 𝔼 [ x | e_1 , … , e_P ]")),
    question=_question,
    answer=_answer,
    facts=_facts,
    doubt=_doubt,
)
