"""The tab ELBO: the VAE's loss as two parts, what its units carry, and the bound of the codes.

What takes longer than a moment is asked for (`explorer.ui.questions`): bounds over k, the integral, the sweep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor

from explorer.metrics.elbo import elbo_terms, likelihood_constant
from explorer.metrics.posterior import ACTIVE_VARIANCE, SILENT_NATS, silent_units
from explorer.reports.evidence import code_bounds, integrable
from explorer.runs import Run
from explorer.ui.computed import bounds, catalog, encoded
from explorer.ui.scene.changes import changed_chips
from explorer.ui.scene.side import Side
from explorer.ui.text import templates, text
from explorer.ui.view import View

#: The ladder of code priors.
RUNGS = ("uniform", "frequencies", "learned")


@dataclass(frozen=True)
class Bar:
    """Two parts of -ELBO, nats, without the constant that is the same for every image.

    Attributes:
        label: whose they are.
        error: `SSE/(2s²)`, z ~ q.
        kl: KL(q(z|x) ‖ p(z)).
        texts: "error", "kl" and "elbo" as they are written; the ELBO has the constant.
    """

    label: str
    error: float
    kl: float
    texts: dict[str, str]


@dataclass(frozen=True)
class Unit:
    """One number of the latent.

    Attributes:
        place: among the latent's numbers, channels first.
        name: as it is written.
        kl: nats of the selected image.
        set_kl: mean over the test split; None if the report does not say.
        mean, sigma: of the selected image's posterior.
    """

    place: int
    name: str
    kl: float
    set_kl: float | None
    mean: float
    sigma: float


@dataclass(frozen=True)
class Loss:
    """A VAE's loss.

    Attributes:
        side: the page's side that shows the run.
        bars: of the selected image and of the test split.
        constant: a sentence about the part that no bar shows.
        active: a sentence about active units.
        units: all of them, the most informative first.
        shape: of the latent, (Z,) or (D, h, w).
        s2: fixed variance of the likelihood.
        integrable: whether log p(x) can be integrated.
        no_integral: a sentence where it cannot.
    """

    side: str
    title: str
    label: str
    run: str
    chips: tuple[str, ...]
    bars: tuple[Bar, ...]
    constant: str
    active: str
    units: tuple[Unit, ...]
    shape: tuple[int, ...]
    s2: float
    integrable: bool
    no_integral: str


@dataclass(frozen=True)
class CodeRow:
    """The bound with one prior, as it is written; what was not measured is "–"."""

    prior: str
    cost: str
    image: str
    set: str


@dataclass(frozen=True)
class Codes:
    """A VQ-VAE's own bound.

    Attributes:
        likelihood: `log p(x|z_q)` of the selected image, as it is written.
        rows: one for each prior of the run's ladder, the poorest first.
        note: which images "the set" are, or which command measures them.
    """

    title: str
    label: str
    run: str
    likelihood: str
    rows: tuple[CodeRow, ...]
    note: str


@dataclass(frozen=True)
class Elbo:
    """What the tab draws.

    Attributes:
        vae: the left VAE, or the right one if the left run is none; `no_vae` says why there is none.
        codes: the right VQ-VAE, or the left one; `no_codes` likewise.
    """

    words: dict[str, str]
    vae: Loss | None
    no_vae: str
    codes: Codes | None
    no_codes: str


def elbo_of(view: View, sides: Mapping[str, Side]) -> Elbo:
    """The tab's data; a side's run may be of any kind."""
    vae = _first(sides, ("left", "right"), "vae")
    codes = _first(sides, ("right", "left"), "vqvae")
    return Elbo(
        words=templates("elbo.", view.lang),
        vae=_loss(vae, view) if vae else None,
        no_vae="" if vae else text("elbo.no_vae", view.lang),
        codes=_codes(sides[codes], view) if codes else None,
        no_codes="" if codes else text("elbo.no_codes", view.lang),
    )


def _first(sides: Mapping[str, Side], order: tuple[str, ...], kind: str) -> str:
    return next((name for name in order if sides[name].run and sides[name].kind == kind), "")


def _loss(name: str, view: View) -> Loss:
    run = catalog.run(view_run(name, view))
    lang = view.lang
    latent = encoded.single(run, view.image).latent
    mean, logvar = cast(Tensor, latent.mean), cast(Tensor, latent.logvar)
    constant = likelihood_constant(run.model.shape.values, bounds.s2(run))
    drawn = elbo_terms(bounds.few_draws(run, view.image).log_likelihoods[None], mean[None], logvar[None])
    doubt = f" ± {float(drawn.standard_error[0]):.1f}"
    image = _bar("image", -float(drawn.log_likelihood) - constant, float(drawn.kl), constant, lang, doubt)
    return Loss(
        side=name,
        title=text("kind.vae", lang),
        label=catalog.label_of(run.info, lang),
        run=run.id,
        chips=(*_trained_with(run, lang), *changed_chips(run.info, lang)),
        bars=(image, *_set_bar(run.report, constant, lang)),
        constant=text("elbo.constant", lang, constant=_signed(constant), s2=f"{bounds.s2(run):.5f}", draws=bounds.FEW),
        active=_active(run, lang),
        units=_units(run, drawn.kl_per_unit[0], mean, logvar, lang),
        shape=tuple(mean.shape),
        s2=bounds.s2(run),
        integrable=integrable(run),
        no_integral="" if integrable(run) else text("elbo.no_integral", lang, numbers=mean.numel()),
    )


def _trained_with(run: Run, lang: str) -> tuple[str, ...]:
    return (text("elbo.trained_with", lang, beta=f"{run.config.beta:g}"),) if run.config.beta != 1 else ()


def view_run(name: str, view: View) -> str:
    """The run that a side shows: the View's own, since the tab takes every kind."""
    return cast(str, catalog.choose(getattr(view, name), view.data, catalog.KINDS).run)


def _bar(whose: str, error: float, kl: float, constant: float, lang: str, doubt: str = "", **params: object) -> Bar:
    texts = {"error": f"{error:.1f}", "kl": f"{kl:.2f}", "elbo": _signed(-(error + kl + constant)) + doubt}
    return Bar(text(f"elbo.bar.{whose}", lang, **params), error, kl, texts)


def _set_bar(report: Mapping[str, Any], constant: float, lang: str) -> tuple[Bar, ...]:
    nll, kl = report.get("nll_nats"), report.get("kl_nats")
    if nll is None or kl is None:
        return ()
    return (_bar("set", nll - constant, kl, constant, lang, n=f"{report.get('n', 0):,}"),)


def _active(run: Run, lang: str) -> str:
    per_unit, active = run.report.get("kl_nats_per_unit"), run.report.get("active_units")
    if not per_unit or active is None:
        return text("elbo.active.missing", lang, run=run.id)
    return text(
        "elbo.active",
        lang,
        active=active,
        total=len(per_unit),
        n=f"{run.report.get('n', 0):,}",
        variance=f"{ACTIVE_VARIANCE:g}",
        silent=silent_units(per_unit),
        limit=f"{SILENT_NATS:g}",
    )


def _units(run: Run, kl: Tensor, mean: Tensor, logvar: Tensor, lang: str) -> tuple[Unit, ...]:
    of_set: list[float | None] = list(run.report.get("kl_nats_per_unit") or [])
    if len(of_set) != len(kl):
        of_set = [None] * len(kl)
    mu, sigma = mean.flatten().tolist(), (0.5 * logvar).exp().flatten().tolist()
    units = [
        Unit(j, _unit_name(j, mean, lang), _six(float(kl[j])), of_set[j], _six(mu[j]), _six(sigma[j]))
        for j in range(len(kl))
    ]
    return tuple(sorted(units, key=lambda unit: -(unit.kl if unit.set_kl is None else unit.set_kl)))


def _unit_name(place: int, mean: Tensor, lang: str) -> str:
    if mean.ndim == 1:
        return text("elbo.unit", lang, number=place + 1)
    channel, row, column = (int(index) + 1 for index in torch.unravel_index(torch.tensor(place), mean.shape))
    return text("elbo.unit.cell", lang, channel=channel, row=row, column=column)


def _six(value: float) -> float:
    return float(f"{value:.6g}")


def _codes(side: Side, view: View) -> Codes:
    run, lang = catalog.run(side.run), view.lang
    pixels = encoded.test_images(view.data)[view.image : view.image + 1]
    likelihood, costs = code_bounds(run, pixels)
    measured = run.report.get("evidence", {}).get("bounds", {})
    rows = []
    for rung in (name for name in RUNGS if name in costs):
        of_set = measured.get(rung)
        rows.append(
            CodeRow(
                prior=text(f"elbo.codes.prior.{rung}", lang),
                cost=f"{float(costs[rung]):.1f}",
                image=_signed(float(likelihood - costs[rung])),
                set=f"{_signed(of_set['nats'])} ± {of_set['image_error']:.1f}" if of_set else "–",
            )
        )
    return Codes(
        title=side.title,
        label=side.label,
        run=run.id,
        likelihood=_signed(float(likelihood)),
        rows=tuple(rows),
        note=_codes_note(run, [name for name in RUNGS if name not in costs], lang),
    )


def _codes_note(run: Run, missing: list[str], lang: str) -> str:
    section = run.report.get("evidence", {})
    if "bounds" not in section:
        note = text("elbo.missing", lang, run=run.id)
    else:
        note = text("elbo.codes.set", lang, n=section["n"])
    return f"{note} {text('elbo.codes.no_prior', lang, run=run.id)}" if missing else note


def _signed(nats: float) -> str:
    """Nats as they are written, with a true minus."""
    return f"{nats:.1f}".replace("-", "−")
