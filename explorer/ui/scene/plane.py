"""The plane of a run: where its points are fetched, and what of the selected image is drawn on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from explorer.runs import Run
from explorer.ui import encoded, media
from explorer.ui.encoded import Single
from explorer.ui.strip import THUMB_COLUMNS, thumb_count
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
        projected: whether places are a projection: no rings, no cells, and nothing is decoded under the pointer.
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


def plane_of(run: Run, single: Single, lang: str) -> Plane:
    """The plane of a run with one image selected."""
    return _codes_plane(run, single, lang) if run.config.is_vq else _vector_plane(run, single, lang)


def _vector_plane(run: Run, single: Single, lang: str) -> Plane:
    latent = single.latent
    mean = cast(Tensor, latent.mean)
    projected = encoded.projectable(run)
    if not projected and not encoded.planar(run):
        return Plane("none", "", _no_plane(run, lang), Selected())
    count = len(encoded.test_images(run.config.data))
    if projected:
        caption = text("latent.caption.projected", lang, n=f"{count:,}") + _faithfulness(run, lang)
        selected = Selected(mean=_placed(run, mean[None])[0])
    else:
        caption = text(f"latent.caption.{run.config.model}", lang, n=f"{count:,}")
        sigma = () if latent.logvar is None else _numbers((0.5 * latent.logvar).exp())
        selected = Selected(mean=_numbers(mean), sigma=sigma)
    return Plane(
        mode="gaussian" if latent.logvar is not None else "point",
        caption=caption,
        empty="",
        selected=selected,
        points=media.address("points", run.id),
        count=count,
        projected=projected,
        thumbs=_thumbs(run.config.data),
    )


def _thumbs(data: str) -> Thumbs:
    shown = thumb_count(data)
    return Thumbs(media.address("thumbs", f"{data}.png"), shown, THUMB_COLUMNS, encoded.test_images(data).shape[3])


def _codes_plane(run: Run, single: Single, lang: str) -> Plane:
    latent = single.latent
    grid = run.model.shape.grid
    total = len(encoded.test_images(run.config.data)) * grid**2
    projected = encoded.projectable(run)
    drawn = len(encoded.drawn_vectors(total)) if projected or encoded.planar(run) else 0
    vectors = cast(Tensor, latent.z_e).flatten(0, 1)  # (P, D)
    if projected:
        places = _placed(run, vectors)
        caption = text("latent.caption.projected_codes", lang, drawn=f"{drawn:,}", n=f"{total:,}")
        caption += _faithfulness(run, lang)
    else:
        places = tuple(_numbers(row) for row in vectors) if drawn else ()
        caption = _codes_caption(drawn, total, grid, lang) if drawn else ""
    return Plane(
        mode="codes" if drawn else "none",
        caption=caption,
        empty="" if drawn else _no_plane(run, lang),
        selected=Selected(vectors=places, indices=tuple(cast(Tensor, latent.indices).flatten().tolist())),
        points=media.address("points", run.id) if drawn else "",
        count=drawn,
        codebook=media.address("codebook", run.id),
        codes=(run.config.num_embeddings, run.config.embedding_dim),
        total=total,
        grid=grid,
        projected=projected,
    )


def _placed(run: Run, vectors: Tensor) -> tuple[tuple[float, ...], ...]:
    """Vectors (n, D) on the run's PCA plane."""
    places = torch.from_numpy(encoded.projected(run).plane.place(vectors.numpy()))
    return tuple(_numbers(row) for row in places)


def _faithfulness(run: Run, lang: str) -> str:
    """What a projection kept, in one sentence: without it a map is only a picture."""
    shown = encoded.projected(run).map
    line = shown.faithfulness
    return text(
        "latent.faithfulness",
        lang,
        explained=f"{100 * shown.explained:.0f}",
        seed=shown.seed,
        n=f"{line.n:,}",
        k=line.k,
        trust=f"{line.trustworthiness:.2f}",
        continuity=f"{line.continuity:.2f}",
        kept=f"{100 * line.neighbours_kept:.0f}",
        chance=f"{100 * line.neighbours_kept_by_chance:.1f}",
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
