"""The tab Generate: which priors each side can draw from, what they cost, and where the plane's prior lies.

Samples are drawn when they are asked for (`explorer.ui.questions`); here stand words, addresses and numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explorer.data import load_image_set
from explorer.errors import ViewError
from explorer.metrics import holes
from explorer.models.prior import OwnSpread
from explorer.runs import Run
from explorer.runs.priors import Prior, ladder, latent_size
from explorer.ui.computed import catalog, encoded, generated
from explorer.ui.media import media
from explorer.ui.scene.quality import Quality, holes_mass, not_measured, quality_of, quality_row
from explorer.ui.scene.rates import rate_text
from explorer.ui.scene.side import Side
from explorer.ui.text import class_name, error_text, text
from explorer.ui.view import View

#: Kinds that each side of the tab takes; beside them stands an AE, a latent without a prior.
SIDES: dict[str, tuple[str, ...]] = {"left": ("vae",), "right": ("vqvae",)}

#: Rungs of the ladder, and the rate of the report that each of them is.
RATES = {"uniform": "fixed", "frequencies": "simple", "learned": "learned"}

#: Radius that holds 95 % of N(0, I) in two dimensions: sqrt(-2 ln 0.05).
DISC = math.sqrt(-2 * math.log(0.05))

WORDS = (
    "seed",
    "seed.note",
    "another",
    "count",
    "prior",
    "stop",
    "drawing",
    "learn",
    "pinned",
    "pointer",
    "bits",
    "holes",
    "holes.colours",
    "holes.classes",
    "holes.scale",
    "holes.mass",
    "samples.vectors",
    "near.label",
    "near.reading",
    "near.stopped",
    *(
        f"walk.{key}"
        for key in (
            "title",
            "what",
            "origin",
            "origin.nothing",
            *("first", "back", "play", "pause", "step", "last"),
            *("speed", "speed.slow", "speed.plain", "speed.fast"),
            *("temperature", "temperature.tip", "top_k", "top_k.tip", "top_k.all"),
            *("grid", "who", "plane", "plane.projected", "number", "put", "label", "any_label"),
        )
    ),
    *(f"ae.{key}" for key in ("title", "what", "twin", "own")),
    *(f"quality.{key}" for key in ("title", "what", "samples")),
)

#: Sentences that the browser fills in: key -> the names of their holes.
HOLES: dict[str, tuple[str, ...]] = {
    "sample": ("k",),
    "learn.queued": ("ahead",),
    "learn.training": ("step", "steps"),
    "learn.measuring": (),
    "walk.origin.image": ("rows", "grid"),
    "walk.so_far": ("cell", "total"),
    "walk.whole": ("total",),
    "walk.bar": ("code", "share"),
    "walk.rest": ("count", "share"),
    **{f"walk.cell.{who}": ("row", "column", "code") for who in ("prior", "hand", "image")},
    "walk.cell.empty": ("row", "column"),
    **{f"walk.bars.{who}": ("cell", "total", "code") for who in ("prior", "hand", "image")},
}


@dataclass(frozen=True)
class Choice:
    """A prior that can be drawn from."""

    id: str
    label: str
    tip: str


@dataclass(frozen=True)
class Disc:
    """Where 95 % of a Gaussian with this centre lies, axes along the plane's."""

    centre: tuple[float, ...]
    radii: tuple[float, ...]
    label: str


@dataclass(frozen=True)
class Holes:
    """The map of holes of a plane.

    Attributes:
        address: (rows, columns) float32, the aggregate posterior's mass over the prior's; -1 where the prior has none.
        left: of the first column, latent units.
        bottom: of the first row.
        cell: side of a cell.
        mass: of the prior in holes, as it is written; "" if it was not measured.
    """

    address: str
    left: float
    bottom: float
    cell: float
    columns: int
    rows: int
    mass: str
    tip: str
    caption: str


@dataclass(frozen=True)
class KindFact:
    """A sentence about one model."""

    kind: str
    sentence: str


@dataclass(frozen=True)
class Vectors:
    """Sampling a vector latent.

    Attributes:
        priors: the first is shown first.
        missing: a sentence if there are none.
        disc: of the first prior; None without a plane.
        no_plane: a sentence where the latent has no plane.
        train: the run, where it is the visitor's own and its learned prior can be trained here; else "".
        stamp: changes when weights or priors do.
    """

    priors: tuple[Choice, ...]
    missing: str
    train: str
    disc: Disc | None
    holes: Holes | None
    no_plane: str
    stamp: str


@dataclass(frozen=True)
class Rung:
    """One prior over code grids.

    Attributes:
        bits: mean cross-entropy of a test image's codes, as it is written; "" if the report has none.
        why: what this prior knows, and what that does to the pictures.
        missing: a sentence if there is no such prior yet.
        train: the run, where it is the visitor's own and this rung can be trained here; else "".
        stamp: changes when the prior does.
    """

    prior: str
    title: str
    bits: str
    bits_tip: str
    why: str
    missing: str
    train: str
    stamp: str


@dataclass(frozen=True)
class Ladder:
    """Sampling a grid of codes: from the prior that knows nothing to the one that has learned."""

    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Walk:
    """Writing one grid code by code.

    Attributes:
        missing: a sentence if no prior was trained.
        grid: cells along one side of the code grid.
        rows: of them, those that count as the top half of an image.
        codes: K.
        projected: whether the codebook's plane is a projection.
        classes: that the prior can be asked for, in label order; empty if it knows none.
        stamp: changes when the prior does.
    """

    missing: str
    grid: int
    rows: int
    codes: int
    projected: bool
    classes: tuple[str, ...]
    stamp: str


@dataclass(frozen=True)
class Generate:
    """What the tab draws; a side without a run is None.

    Attributes:
        facts: what was measured of the VAE's and the AE's samples.
    """

    vectors: Vectors | None
    ae: Vectors | None
    facts: tuple[KindFact, ...]
    ladder: Ladder | None
    walk: Walk | None
    quality: Quality
    words: dict[str, str]


def generate_of(view: View, sides: Mapping[str, Side]) -> Generate:
    """The tab for a view and the sides it shows."""
    runs = {name: catalog.run(side.run) for name, side in sides.items() if side.run}
    return Generate(
        vectors=_vectors(runs["left"], view.lang) if "left" in runs else None,
        ae=_vectors(runs["ae"], view.lang) if "ae" in runs else None,
        facts=_facts(runs, view.lang) if {"left", "ae"} <= runs.keys() else (),
        ladder=_ladder(runs["right"], view.lang) if "right" in runs else None,
        walk=_walk(runs["right"], view.lang) if "right" in runs else None,
        quality=quality_of(runs, view.lang),
        words=_words(view.lang),
    )


def _vectors(run: Run, lang: str) -> Vectors:
    priors, flat = ladder(run), encoded.planar(run)
    return Vectors(
        priors=tuple(
            Choice(name, text(f"generate.prior.{name}", lang), text(f"generate.prior.{name}.tip", lang))
            for name in priors
        ),
        missing="" if priors else _missing(run, lang),
        train=_trainable(run) if run.config.model == "vae" else "",
        disc=_disc(next(iter(priors.values())), lang) if flat and priors else None,
        holes=_holes(run, lang) if flat and run.config.model == "vae" else None,
        no_plane="" if flat else text("generate.no_plane", lang, size=latent_size(run)),
        stamp=generated.stamp(run),
    )


def _facts(runs: Mapping[str, Run], lang: str) -> tuple[KindFact, ...]:
    """What was measured of the VAE's and the AE's samples, where both were."""
    found = [(runs[side], quality_row(runs[side], prior)) for side, prior in (("left", "normal"), ("ae", "own_spread"))]
    if not all(row for _, row in found):
        return ()
    return tuple(KindFact(run.config.model, _fact(run, row, lang)) for run, row in found)


def _fact(run: Run, row: dict[str, Any], lang: str) -> str:
    kid, manifold = row["kid_clf"], row["manifold"]
    return text(
        "generate.ae.kid",
        lang,
        model=text(f"kind.{run.config.model}", lang),
        value=f"{kid['value']:.4f}".replace("-", "−"),
        sd=f"{kid['sd']:.4f}",
        precision=f"{manifold['precision']['value']:.2f}",
        recall=f"{manifold['recall']['value']:.2f}",
    )


def _holes(run: Run, lang: str) -> Holes:
    cell, found = 2 * holes.EXTENT / holes.CELLS, holes_mass(run)
    n = len(load_image_set(run.config.data).split("train"))
    return Holes(
        address=media.address("holes", run.id),
        left=-holes.EXTENT,
        bottom=-holes.EXTENT,
        cell=cell,
        columns=holes.CELLS,
        rows=holes.CELLS,
        mass=f"{100 * found['value']:.1f} %" if found else "",
        tip=_mass_tip(found, run, lang),
        caption=text("generate.holes.caption", lang, cell=f"{cell:g}", n=f"{n:,}", each=holes.SAMPLES_PER_IMAGE),
    )


def _mass_tip(found: dict[str, Any], run: Run, lang: str) -> str:
    if not found:
        return not_measured(run, lang)
    low, high = (f"{100 * found[end]:.1f}" for end in ("low", "high"))
    return text("generate.holes.mass.tip", lang, low=low, high=high, n=f"{found.get('images', 0):,}")


def _disc(prior: Prior, lang: str) -> Disc:
    if isinstance(prior, OwnSpread):
        radii = tuple((DISC * prior.spread).tolist())
        return Disc(tuple(prior.mean.tolist()), radii, text("generate.disc.own_spread", lang))
    return Disc((0.0, 0.0), (DISC, DISC), text("generate.disc", lang))


def _ladder(run: Run, lang: str) -> Ladder:
    return Ladder(tuple(_rung(run, prior, lang) for prior in RATES))


def _rung(run: Run, prior: str, lang: str) -> Rung:
    bits = run.report.get("rates", {}).get(RATES[prior])
    return Rung(
        prior=prior,
        title=text(f"generate.rung.{prior}", lang),
        bits="" if bits is None else rate_text(bits),
        bits_tip=text(f"generate.rung.{prior}.bits", lang, n=f"{run.report.get('n', 0):,}"),
        why=text(f"generate.rung.{prior}.why", lang),
        missing="" if prior in ladder(run) else _missing(run, lang),
        train=_trainable(run) if prior == "learned" else "",
        stamp=generated.stamp(run),
    )


def _walk(run: Run, lang: str) -> Walk:
    grid, names = run.model.shape.grid, encoded.class_names(run.config.data)
    try:
        prior, missing = generated.written_by(run), ""
    except ViewError as error:
        prior, missing = None, error_text(error, lang)
    return Walk(
        missing=missing,
        grid=grid,
        rows=(grid + 1) // 2,
        codes=run.config.num_codes,
        projected=encoded.projectable(run),
        classes=tuple(class_name(name, lang) for name in names) if prior and prior.space.num_classes else (),
        stamp=generated.stamp(run),
    )


def _trainable(run: Run) -> str:
    return run.id if "learned" not in ladder(run) and run.id in {info.id for info in catalog.own_runs()} else ""


def _missing(run: Run, lang: str) -> str:
    if _trainable(run):
        return text("generate.learn.none", lang)
    return error_text(ViewError("prior_missing", run=run.id), lang)


def _words(lang: str) -> dict[str, str]:
    words = {key: text(f"generate.{key}", lang) for key in WORDS}
    # the browser fills these in: their places go through as they are
    for key, names in HOLES.items():
        words[key] = text(f"generate.{key}", lang, **{name: f"{{{name}}}" for name in names})
    return words
