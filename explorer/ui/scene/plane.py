"""The plane of a run: where its points are fetched, and what of the selected image is drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from torch import Tensor

from explorer.runs import Run
from explorer.ui import encoded, media
from explorer.ui.encoded import Single
from explorer.ui.text import text


@dataclass(frozen=True)
class Selected:
    """The selected image in the latent.

    Attributes:
        mean: (Z,) AE's z or VAE's posterior mean.
        sigma: (Z,) posterior standard deviations, VAE only.
        vectors: (P, 2) encoder outputs, row by row of the grid, if they are drawn.
        indices: (P,) their codes.
    """

    mean: tuple[float, ...] = ()
    sigma: tuple[float, ...] = ()
    vectors: tuple[tuple[float, ...], ...] = ()
    indices: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plane:
    """What the canvas draws.

    Attributes:
        mode: "gaussian" (VAE), "point" (AE), "codes" (VQ-VAE), or "none": `empty` says why.
        points: address of the points, and how many there are.
        codebook: address of the code vectors with their hits, "" without a codebook.
        codes: (K, D).
        total: vectors that the hits were counted over.
        grid: cells along one side of the code grid.
    """

    mode: str
    caption: str
    empty: str
    selected: Selected
    points: str = ""
    count: int = 0
    codebook: str = ""
    codes: tuple[int, int] = (0, 0)
    total: int = 0
    grid: int = 0


def plane_of(run: Run, single: Single, lang: str) -> Plane:
    """The plane of a run with one image selected."""
    return _codes_plane(run, single, lang) if run.config.is_vq else _vector_plane(run, single, lang)


def _vector_plane(run: Run, single: Single, lang: str) -> Plane:
    count = len(encoded.test_images(run.config.data))
    latent = single.latent
    flat = encoded.planar(run)
    selected = Selected(
        mean=_numbers(cast(Tensor, latent.mean)) if not run.config.spatial else (),
        sigma=_numbers((0.5 * latent.logvar).exp()) if latent.logvar is not None and not run.config.spatial else (),
    )
    if not flat:
        return Plane("none", "", _no_plane(run, lang), selected)
    mode = "gaussian" if latent.logvar is not None else "point"
    return Plane(
        mode=mode,
        caption=text(f"latent.caption.{run.config.model}", lang, n=f"{count:,}"),
        empty="",
        selected=selected,
        points=media.address("points", run.id),
        count=count,
    )


def _codes_plane(run: Run, single: Single, lang: str) -> Plane:
    latent = single.latent
    grid = run.model.shape.grid
    total = len(encoded.test_images(run.config.data)) * grid**2
    flat = encoded.planar(run)
    drawn = len(encoded.drawn_vectors(total))
    vectors = cast(Tensor, latent.z_e).flatten(0, 1)  # (P, D)
    return Plane(
        mode="codes" if flat else "none",
        caption=_codes_caption(drawn, total, grid, lang) if flat else "",
        empty="" if flat else _no_plane(run, lang),
        selected=Selected(
            vectors=tuple(_numbers(row) for row in vectors) if flat else (),
            indices=tuple(cast(Tensor, latent.indices).flatten().tolist()),
        ),
        points=media.address("points", run.id) if flat else "",
        count=drawn if flat else 0,
        codebook=media.address("codebook", run.id),
        codes=(run.config.num_embeddings, run.config.embedding_dim),
        total=total,
        grid=grid,
    )


def _codes_caption(drawn: int, total: int, grid: int, lang: str) -> str:
    return text("latent.caption.vq", lang, drawn=f"{drawn:,}", n=f"{total:,}", cells=grid**2)


def _no_plane(run: Run, lang: str) -> str:
    config = run.config
    size = config.embedding_dim if config.is_vq else config.latent_dim
    unit = "latent.cell_unit" if config.is_vq or config.spatial else "latent.image_unit"
    return text("latent.no_plane.size", lang, size=size, what=text(unit, lang))


def _numbers(values: Tensor) -> tuple[float, ...]:
    """Six significant digits: a screen has four."""
    return tuple(float(f"{value:.6g}") for value in values.flatten().tolist())
