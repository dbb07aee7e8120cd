"""Every VAE of a set by its β, and how much of its latent every run of the set uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from explorer.metrics.posterior import SILENT_NATS, silent_units
from explorer.plots.elbo import SweepLabels, SweptRun, Wasted, sweep_figure, waste_figure
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.questions.params import Params
from explorer.ui.text import text


def answer(params: Params) -> dict[str, Any]:
    """The `sweep` over β, `units` and `codes` in use, each a figure or None, and `caption`, what they rest on.

    Asked for with `data` and the runs on screen, `left` and `right`.
    """
    data, lang = params.choice("data", catalog.image_sets()), params.lang
    on_screen = {params.run(side).id for side in ("left", "right") if params.has(side)}
    runs = catalog.read_runs(catalog.runs_of(data))
    swept = [point for run in runs if (point := _swept(run, run.id in on_screen, lang))]
    units = [bar for run in _by_beta(runs) if (bar := _units(run, run.id in on_screen, lang))]
    codes = [bar for run in runs if (bar := _codes(run, run.id in on_screen, lang))]
    aes = [run for run in runs if run.config.model == "ae" and "mse" in run.report]
    ae = min(aes, key=lambda run: float(run.report["mse"]), default=None)
    labels = SweepLabels(
        beta=text("elbo.sweep.beta", lang),
        panels=(
            text("elbo.sweep.rate", lang),
            text("elbo.sweep.distortion", lang),
            text("elbo.sweep.active", lang),
        ),
        ae=text("elbo.sweep.ae", lang, z=ae.config.latent_dim) if ae else "",
    )
    axis = {kind: text(f"elbo.waste.{kind}.axis", lang) for kind in ("vae", "vqvae")}
    return {
        "sweep": sweep_figure(swept, ae.report["mse"] if ae else None, labels) if swept else None,
        "units": waste_figure(_distinct(units), axis["vae"]) if units else None,
        "codes": waste_figure(_distinct(codes), axis["vqvae"]) if codes else None,
        "caption": _caption(swept, _silent({run.id: run for run in runs}, swept), lang),
    }


def _swept(run: Run, emphasis: bool, lang: str) -> SweptRun | None:
    report, config = run.report, run.config
    per_unit = report.get("kl_nats_per_unit", ())
    measured = per_unit and report.keys() >= {"mse", "kl_nats", "active_units"}
    if config.model != "vae" or not measured or not run.info.plain:  # one β from first to last
        return None
    return SweptRun(
        id=run.id,
        name=_label(run, lang),
        group=text(f"elbo.sweep.group.{'spatial' if config.spatial else 'vector'}", lang, z=config.latent_dim),
        beta=config.beta,
        rate=report["kl_nats"],
        distortion=report["mse"],
        active=report["active_units"] / len(per_unit),
        emphasis=emphasis,
    )


def _by_beta(runs: list[Run]) -> list[Run]:
    return sorted(runs, key=lambda run: (run.config.spatial, run.config.latent_dim, run.config.beta))


def _units(run: Run, emphasis: bool, lang: str) -> Wasted | None:
    per_unit = run.report.get("kl_nats_per_unit")
    if run.config.model != "vae" or not per_unit or "active_units" not in run.report:
        return None
    label = _label(run, lang, f"β {run.config.beta:g}")
    return Wasted(run.id, label, "vae", run.report["active_units"], len(per_unit), emphasis)


def _codes(run: Run, emphasis: bool, lang: str) -> Wasted | None:
    used = run.report.get("codebook", {}).get("used")
    if not run.config.is_vq or used is None:
        return None
    return Wasted(run.id, _label(run, lang), "vqvae", used, run.config.num_rows, emphasis)


def _distinct(bars: list[Wasted]) -> list[Wasted]:
    """Runs that a label does not tell apart stand under their ids: bars of one name would fall onto each other."""
    labels = [bar.label for bar in bars]
    return [bar if labels.count(bar.label) == 1 else replace(bar, label=bar.id) for bar in bars]


def _label(run: Run, lang: str, *more: str) -> str:
    """A row's name, a grid as the legend calls it; the run's label has its β already where that is not 1."""
    size, label = run.config.latent_dim, catalog.label_of(run.info, lang)
    if run.config.spatial:
        label = label.replace(f"{size} × grid", text("elbo.sweep.group.spatial", lang, z=size))
    return " · ".join([label, *(part for part in more if part not in label)])


def _silent(runs: dict[str, Run], swept: list[SweptRun]) -> list[SweptRun]:
    """Those of which at least one unit is silent."""
    return [point for point in swept if silent_units(runs[point.id].report["kl_nats_per_unit"])]


def _caption(swept: list[SweptRun], silent: list[SweptRun], lang: str) -> str:
    """How many VAEs there are and what their β are, and which of them have silent units, as far as any has."""
    if not swept:
        return text("elbo.sweep.empty", lang)
    betas = sorted({run.beta for run in swept})
    said = {"runs": len(swept), "low": f"{betas[0]:g}", "high": f"{betas[-1]:g}", "limit": f"{SILENT_NATS:g}"}
    if silent:
        lowest = min(run.beta for run in silent)
        more = text("elbo.sweep.silent", lang, silent=len(silent), lowest=f"{lowest:g}", **said)
    else:
        more = text("elbo.sweep.silent.none", lang, **said)
    return text("elbo.sweep.caption", lang, **said) + text("between.space", lang) + more
