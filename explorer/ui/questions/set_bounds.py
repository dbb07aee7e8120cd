"""Bounds on log p(x) over the 256 fixed images of a set, as the run's report has them."""

from __future__ import annotations

from typing import Any

from explorer.plots.elbo import bounds_figure
from explorer.ui.questions.iwae import labels
from explorer.ui.questions.params import Params
from explorer.ui.text import text


def answer(params: Params) -> dict[str, Any]:
    """The `figure`, and `sentences` with both errors; figure None and the command that measures it where it is missing.

    Asked for with `run`, a VAE.
    """
    run, lang = params.run(kinds=("vae",)), params.lang
    section = run.report.get("evidence", {})
    curve = section.get("iwae")
    if not curve:
        return {"figure": None, "sentences": [text("elbo.missing", lang, run=run.id)]}
    exact = section.get("log_px")
    evidence = exact["nats"] if exact else None
    figure = bounds_figure(curve["k"], curve["nats"], curve["monte_carlo_error"], labels(lang), evidence)
    errors = text(
        "elbo.set.errors",
        lang,
        n=section["n"],
        monte_carlo=f"{max(curve['monte_carlo_error']):.2f}",
        images=f"{curve['image_error'][0]:.1f}",
        draws=f"{section['draws']:,}",
    )
    return {"figure": figure, "sentences": [errors, *_exact(section, lang), *_split(section, lang)]}


def _exact(section: dict[str, Any], lang: str) -> list[str]:
    exact, curve = section.get("log_px"), section["iwae"]
    if not exact:
        return []
    return [
        text(
            "elbo.set.exact",
            lang,
            log_px=f"{exact['nats']:.2f}",
            accepted=exact["accepted"],
            n=section["n"],
            elbo=f"{curve['nats'][0]:.2f}",
            last=f"{curve['nats'][-1]:.2f}",
            k=f"{curve['k'][-1]:,}",
            gap=f"{exact['gap_nats']:.2f}",
            error=f"{exact['gap_image_error']:.2f}",
        )
    ]


def _split(section: dict[str, Any], lang: str) -> list[str]:
    if len(section.get("kl_split", ())) != 2:
        return []
    whole, half = section["kl_split"]
    numbers = {name: f"{whole[name]:.2f}" for name in ("kl", "information", "mismatch")}
    return [
        text(
            "elbo.set.split",
            lang,
            **numbers,
            n=f"{whole['images']:,}",
            half=f"{half['images']:,}",
            half_information=f"{half['information']:.2f}",
            half_mismatch=f"{half['mismatch']:.2f}",
        )
    ]
