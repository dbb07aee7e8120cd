"""How a latent of more than two numbers is drawn: by which method, how faithful that is, what else there would be."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from explorer.latent.projection import LatentMap
from explorer.runs import Run
from explorer.ui.computed import encoded
from explorer.ui.computed.projected import Drawn, drawn, method_of, umap_of
from explorer.ui.text import text


@dataclass(frozen=True)
class Lift:
    """What turns a place on a PCA plane back into a latent: `mean + x * axes[0] + y * axes[1]`, Z numbers each."""

    mean: tuple[float, ...]
    axes: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class Projection:
    """The switch below a projected plane.

    Attributes:
        run: id, to ask for a UMAP with.
        method: "pca" or "umap", the one that is drawn.
        wanted: the one the View asks for.
        umap: whether there is a UMAP.
        lift: of a vector latent's PCA plane; a UMAP has no inverse, and a grid of codes is no point of a plane.
    """

    run: str
    method: str
    wanted: str
    umap: bool
    lift: Lift | None


def projection_of(run: Run, wanted: str) -> Projection:
    """The projection that a View asks for, as far as there is one."""
    method = method_of(run, wanted)
    return Projection(run.id, method, wanted, umap_of(run) is not None, _lift(run) if method == "pca" else None)


def places_of(run: Run, method: str, vectors: Tensor) -> tuple[tuple[float, ...], ...]:
    """Vectors (n, D) on the map of a run."""
    return tuple(tuple(float(f"{value:.6g}") for value in row) for row in drawn(run, method).place(vectors.numpy()))


def faithfulness_line(run: Run, projection: Projection, lang: str) -> str:
    """What a projection kept, in one sentence: without it a map is only a picture."""
    shown = drawn(run, projection.method)
    return _kept(shown.map, lang) + " " + _inverse(run, projection, shown, lang)


def _kept(shown: LatentMap, lang: str) -> str:
    line = shown.faithfulness
    return text(
        f"latent.faithfulness.{shown.method}",
        lang,
        explained="" if shown.method == "umap" else f"{100 * shown.explained:.0f}",
        seed=shown.seed,
        n=f"{line.n:,}",
        k=line.k,
        trust=f"{line.trustworthiness:.2f}",
        continuity=f"{line.continuity:.2f}",
        kept=f"{100 * line.neighbours_kept:.0f}",
        chance=f"{100 * line.neighbours_kept_by_chance:.1f}",
    )


def _inverse(run: Run, projection: Projection, shown: Drawn, lang: str) -> str:
    """What the hand can do here, and why not more."""
    if projection.lift is not None:
        return text("latent.inverse.pca", lang, size=run.config.latent_dim)
    key = f"{projection.method}_codes" if run.config.is_vq else projection.method
    return text(f"latent.inverse.{key}", lang, n=f"{len(shown.rows):,}")


def _lift(run: Run) -> Lift | None:
    if run.config.is_vq:
        return None
    plane = encoded.plane_of(run)
    mean, first, second = (tuple(float(f"{v:.6g}") for v in row) for row in (plane.mean, *plane.axes))
    return Lift(mean, (first, second))
