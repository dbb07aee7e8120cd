"""β, and how a posterior collapses."""

from __future__ import annotations

from explorer.errors import RunError
from explorer.metrics.posterior import SILENT_NATS, silent_units
from explorer.runs import Run, RunInfo
from explorer.ui.computed import catalog
from explorer.ui.guide.formula import formula
from explorer.ui.guide.reports import EVALUATE, figure, written
from explorer.ui.guide.runs import RunsByRole
from explorer.ui.guide.step import Answer, More, Place, Question, Step, line


def _place(roles: RunsByRole) -> Place:
    return {"left": _swept(roles)[-1].id, "right": roles.usual("vq")}


def _swept(roles: RunsByRole) -> list[RunInfo]:
    """Plain VAEs of one size that differ in β, by rising β: of the size that was trained with most of them.

    Where β was never varied it is the largest of them alone.

    Raises:
        RunError: the set has none.
    """
    vaes = [info for info in catalog.runs_of(roles.view.data) if info.config.model == "vae" and info.plain]
    flat = [info for info in vaes if not info.config.spatial and info.config.seed == 0]
    sizes = {info.config.latent_dim for info in flat}
    groups = [sorted((i for i in flat if i.config.latent_dim == z), key=lambda i: i.config.beta) for z in sizes]
    best = max(groups, key=lambda group: (len(group), group[0].config.latent_dim), default=[])
    if not best:
        raise RunError("run_not_here", train=f"--model vae --latent-dim 16 --beta 10 --data {roles.view.data}")
    return best


def _shown(roles: RunsByRole) -> Run:
    """The VAE on the screen, else the one that the step puts there."""
    known = {info.id for info in catalog.runs_of(roles.view.data) if info.config.model == "vae"}
    return catalog.run(roles.view.left if roles.view.left in known else _swept(roles)[-1].id)


def silent(run: Run) -> int:
    """Silent units, by the run's report.

    Raises:
        RunError: it was not measured.
    """
    units = run.report.get("kl_nats_per_unit")
    if not units:
        raise RunError("run_unmeasured", run=run.id, command=EVALUATE.format(run=run.id))
    return silent_units(units)


def _question(roles: RunsByRole) -> Question:
    run = _shown(roles)
    asked = line(
        "guide.beta.ask",
        run=run.id,
        beta=f"{run.config.beta:g}",
        units=len(run.report.get("kl_nats_per_unit", ())) or run.config.latent_dim,
        limit=f"{SILENT_NATS:g}",
    )
    return Question(asked, high=run.config.latent_dim, about=(run.id,))


def _answer(roles: RunsByRole) -> Answer:
    run = _shown(roles)
    swept = _swept(roles)
    plain = next((i for i in swept if i.config.beta == 1), swept[0])
    other = catalog.run(plain.id)
    here, there = silent(run), silent(other)
    measured = line("guide.beta.measured", **_figures(run), silent=here)
    compared = line("guide.beta.other", run=other.id, **_figures(other), silent=there)
    if len(swept) == 1 and run.config.beta == other.config.beta:
        return Answer(here, (measured, line("guide.beta.alone")))
    if run.id == other.id:
        return Answer(here, (measured,))
    share = here / len(run.report["kl_nats_per_unit"]), there / len(other.report["kl_nats_per_unit"])
    verdict = "more" if share[0] > share[1] else "fewer" if share[0] < share[1] else "same"
    return Answer(here, (measured, compared, line(f"guide.beta.{verdict}")))


def _figures(run: Run) -> dict[str, object]:
    return {
        "beta": f"{run.config.beta:g}",
        "units": len(run.report["kl_nats_per_unit"]),
        "kl": written(figure(run, "kl_nats"), 1),
        "psnr": written(figure(run, "psnr_db"), 1),
    }


STEP = Step(
    name="beta",
    tab="elbo",
    place=_place,
    look="#ex-elbo-loss .ex-elbo-unit-list",
    formulas=(formula("L = − 𝔼_q log p ( x | z )"), formula("+ β · ∑_j KL_j")),
    question=_question,
    answer=_answer,
    more=(More("both"),),
)
