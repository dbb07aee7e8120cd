"""The plane of a run: where its points are fetched, and what of the selected image is drawn on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from torch import Tensor

from explorer.runs import Run
from explorer.ui.computed import encoded
from explorer.ui.computed.colouring import coloured
from explorer.ui.computed.encoded import Single
from explorer.ui.computed.projected import drawn as drawn_on_map
from explorer.ui.computed.strip import THUMB_COLUMNS, thumb_count
from explorer.ui.media import media
from explorer.ui.scene.projection import Projection, faithfulness_line, places_of, projection_of
from explorer.ui.text import text


@dataclass(frozen=True)
class Selected:
    """The selected image in the latent.

    Attributes:
        mean: AE's z or VAE's posterior mean, as it is drawn; all Z numbers if it is not.
        sigma: (2,) posterior standard deviations, of a VAE that is drawn as it is.
        vectors: (P, 2) encoder outputs as they are drawn, row by row of the grid.
        indices: (P,) their codes.
    """

    mean: tuple[float, ...] = ()
    sigma: tuple[float, ...] = ()
    vectors: tuple[tuple[float, ...], ...] = ()
    indices: tuple[int, ...] = ()


@dataclass(frozen=True)
class Thumbs:
    """Pictures of the first `count` points, in one sheet, row by row; each has `size` pixels on a side."""

    address: str
    count: int
    columns: int
    size: int


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
        projected: whether places are a projection: no rings and no cells.
        projection: which one, and whether what is under the pointer can be decoded.
        thumbs: what may be drawn in place of dots, where a point is an image.
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
    projected: bool = False
    thumbs: Thumbs | None = None
    projection: Projection | None = None


def plane_of(run: Run, single: Single, lang: str, method: str = "pca", factor: str = "") -> Plane:
    """The plane of a run with one image selected.

    Args:
        run: the run.
        single: the image in its latent.
        lang: the reader's language.
        method: what a latent of more than two numbers is drawn by.
        factor: by what points are coloured; "" for the class.
    """
    projection = projection_of(run, method) if encoded.projectable(run) else None
    plane = (_codes_plane if run.config.is_vq else _vector_plane)(run, single, lang, projection)
    if not plane.points:
        return plane
    name = coloured(run.id, run.config.data, factor)
    return replace(plane, points=media.address(_medium("points", projection), name))


def _vector_plane(run: Run, single: Single, lang: str, projection: Projection | None) -> Plane:
    latent = single.latent
    mean = cast(Tensor, latent.mean)
    if projection is None and not encoded.planar(run):
        return Plane("none", "", _no_plane(run, lang), Selected())
    count = len(encoded.test_images(run.config.data))
    if projection is not None:
        count = len(drawn_on_map(run, projection.method).rows)
        caption = text(f"latent.caption.{projection.method}", lang, n=f"{count:,}")
        caption += " " + faithfulness_line(run, projection, lang)
        selected = Selected(mean=places_of(run, projection.method, mean[None])[0])
    else:
        caption = text(f"latent.caption.{run.config.model}", lang, n=f"{count:,}")
        sigma = () if latent.logvar is None else _numbers((0.5 * latent.logvar).exp())
        selected = Selected(mean=_numbers(mean), sigma=sigma)
    return Plane(
        mode="gaussian" if latent.logvar is not None else "point",
        caption=caption,
        empty="",
        selected=selected,
        points=media.address(_medium("points", projection), run.id),
        count=count,
        projected=projection is not None,
        projection=projection,
        thumbs=_thumbs(run.config.data),
    )


def _thumbs(data: str) -> Thumbs:
    shown = thumb_count(data)
    return Thumbs(media.address("thumbs", f"{data}.png"), shown, THUMB_COLUMNS, encoded.test_images(data).shape[3])


def _codes_plane(run: Run, single: Single, lang: str, projection: Projection | None) -> Plane:
    latent = single.latent
    grid = run.model.shape.grid
    total = len(encoded.test_images(run.config.data)) * grid**2
    vectors = cast(Tensor, latent.z_e).flatten(0, 1)  # (P, D)
    places: tuple[tuple[float, ...], ...] = ()
    drawn, caption = 0, ""
    if projection is not None:
        drawn = len(drawn_on_map(run, projection.method).rows)
        places = places_of(run, projection.method, vectors)
        caption = text(f"latent.caption.{projection.method}_codes", lang, drawn=f"{drawn:,}", n=f"{total:,}")
        caption += " " + faithfulness_line(run, projection, lang)
    elif encoded.planar(run):
        drawn = len(encoded.drawn_vectors(total))
        places = tuple(_numbers(row) for row in vectors)
        caption = _codes_caption(drawn, total, grid, lang)
    return Plane(
        mode="codes" if drawn else "none",
        caption=caption,
        empty="" if drawn else _no_plane(run, lang),
        selected=Selected(vectors=places, indices=tuple(cast(Tensor, latent.indices).flatten().tolist())),
        points=media.address(_medium("points", projection), run.id) if drawn else "",
        count=drawn,
        codebook=media.address(_medium("codebook", projection), run.id),
        codes=(run.config.num_codes, run.config.embedding_dim),
        total=total,
        grid=grid,
        projected=projection is not None,
        projection=projection,
    )


def _medium(kind: str, projection: Projection | None) -> str:
    return f"umap-{kind}" if projection is not None and projection.method == "umap" else kind


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
