"""The tab Reconstruct: a row of test images through both runs, what they lose and what they cost.

The pictures are decoded in the browser from the latents that `source` names; every number is the server's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from torch import Tensor

from explorer.metrics.rate import kl_bits, uniform_bits
from explorer.metrics.reconstruction import mse, psnr, ssim
from explorer.models.latents import GaussianLatent
from explorer.models.objectives import gaussian_kl
from explorer.runs import Run
from explorer.ui.computed import catalog
from explorer.ui.computed.pictured import image_name
from explorer.ui.computed.reconstructed import reconstructed
from explorer.ui.computed.strip import strip_by_rounds, strip_images
from explorer.ui.media import media
from explorer.ui.scene.rates import banner_of, bits_tip, pooled, rate_text
from explorer.ui.scene.side import Side
from explorer.ui.scene.strip import Thumb
from explorer.ui.text import text
from explorer.ui.view import View

#: The error maps' scale ends here: an absolute error of half the range of values, or more.
ERROR_LIMIT = 0.5

WORDS = ("original", "psnr", "psnr.tip", "ssim", "ssim.tip", "rate", "no_bits", "error", "choose", "earlier", "later")


@dataclass(frozen=True)
class Column:
    """A test image.

    Attributes:
        place: its place in the strip's sheet and in every `source`; None for the selected image outside of the strip,
            whose pictures are those of the sides' panels.
    """

    thumb: Thumb
    place: int | None


@dataclass(frozen=True)
class Measured:
    """Numbers of one image through one run, as they are written; `bits` is "" for a latent without a rate."""

    psnr: str
    ssim: str
    bits: str


@dataclass(frozen=True)
class Row:
    """One run's reconstructions.

    Attributes:
        name: the run in a few symbols.
        decoded: what of the latent was decoded.
        measured: a `Measured` for each column.
        bits_tip: what the bits of this kind mean.
        pooled: the figures of the whole test split.
        format: "means" (float32, channels-last), "codes" (uint32) or "pixels" (uint8, channels-last), what `source`
            holds of each image of the strip.
    """

    kind: str
    title: str
    name: str
    decoded: str
    measured: tuple[Measured, ...]
    bits_tip: str
    pooled: str
    format: str
    source: str


@dataclass(frozen=True)
class Reconstruct:
    """What the tab draws.

    Attributes:
        banner: what the two were given, "" where that cannot be compared.
        apart: whether they were given so different room that the pictures cannot be compared alone.
        rows: by side; a side without a run has none.
        empty: sentences in place of missing rows, by side.
        error_limit: absolute error at the end of the maps' scale.
    """

    banner: str
    apart: bool
    fidelity: str
    columns: tuple[Column, ...]
    rows: dict[str, Row]
    empty: dict[str, str]
    error_limit: float
    error_scale: str
    words: dict[str, str]


@dataclass(frozen=True)
class Fidelity:
    """Figures of N images.

    Attributes:
        psnr: dB, infinite where nothing is lost.
        ssim: at most 1.
        bits: KL to the prior over ln 2, or P·log2 K; empty for an AE.
    """

    psnr: tuple[float, ...]
    ssim: tuple[float, ...]
    bits: tuple[float, ...]


def reconstruct_of(view: View, sides: Mapping[str, Side]) -> Reconstruct:
    """The tab for a view and the sides it shows."""
    runs = {name: catalog.run(side.run) for name, side in sides.items() if side.run}
    columns = _columns(view)
    banner, apart = banner_of(runs, view.lang)
    return Reconstruct(
        banner=banner,
        apart=apart,
        fidelity=text("reconstruct.fidelity", view.lang),
        columns=columns,
        rows={name: _row(run, sides[name], columns, view.lang) for name, run in runs.items()},
        empty={name: side.empty for name, side in sides.items() if not side.run},
        error_limit=ERROR_LIMIT,
        error_scale=text("reconstruct.error.scale", view.lang, limit=ERROR_LIMIT),
        words=_words(view.lang),
    )


def fidelity(run: Run, images: tuple[int, ...]) -> Fidelity:
    """PSNR, SSIM and bits of test images through a run; measured once, then remembered."""
    return _fidelity(run.id, run.weights_sha256, images)


@lru_cache(maxsize=256)
def _fidelity(run_id: str, weights_sha256: str, images: tuple[int, ...]) -> Fidelity:  # noqa: ARG001
    shown = reconstructed(run_id, images)
    return Fidelity(
        psnr=tuple(psnr(mse(shown.originals, shown.pictures)).tolist()),
        ssim=tuple(ssim(shown.originals, shown.pictures).tolist()),
        bits=bits_of(catalog.run(run_id), shown.latent.mean, shown.latent.logvar, len(images)),
    )


def bits_of(run: Run, mean: Tensor | None, logvar: Tensor | None, count: int) -> tuple[float, ...]:
    """What each of `count` images costs, of their posterior: KL bits, or P·log2 K of a VQ-VAE; () for an AE."""
    if run.config.is_vq:
        return (uniform_bits(run.model.shape.grid**2, run.config.num_codes),) * count
    if logvar is None:
        return ()
    nats = gaussian_kl(GaussianLatent(cast(Tensor, mean), logvar)).flatten(1).sum(1)
    return tuple(kl_bits(of_one) for of_one in nats.split(1))


def _columns(view: View) -> tuple[Column, ...]:
    """The strip's images, one of each class before the second of any; the selected one first if it is not of them."""
    places = {image: place for place, image in enumerate(strip_images(view.data))}
    order = strip_by_rounds(view.data)
    shown = order if view.image in places else (view.image, *order)
    return tuple(Column(Thumb(i, image_name(view.data, i, view.lang)), places.get(i)) for i in shown)


def _row(run: Run, side: Side, columns: tuple[Column, ...], lang: str) -> Row:
    strip = strip_images(run.config.data)
    found = dict(zip(strip, _written(fidelity(run, strip), lang), strict=True))
    guests = tuple(column.thumb.id for column in columns if column.place is None)
    found |= zip(guests, _written(fidelity(run, guests), lang), strict=True) if guests else ()
    in_browser = side.decoder is not None
    return Row(
        kind=side.kind,
        title=side.title,
        name=side.label,
        decoded=text(f"reconstruct.decoded.{side.kind}", lang),
        measured=tuple(found[column.thumb.id] for column in columns),
        bits_tip=bits_tip(run, lang),
        pooled=pooled(run, lang),
        format=("codes" if run.config.is_vq else "means") if in_browser else "pixels",
        source=media.address("latents" if in_browser else "rebuilt", run.id),
    )


def _written(figures: Fidelity, lang: str) -> list[Measured]:
    bits = [rate_text(value) for value in figures.bits] or [""] * len(figures.psnr)
    decibels = [f"{value:.1f}" if math.isfinite(value) else text("value.exact", lang) for value in figures.psnr]
    return [
        Measured(db, f"{s:.3f}".replace("-", "−"), b) for db, s, b in zip(decibels, figures.ssim, bits, strict=True)
    ]


def _words(lang: str) -> dict[str, str]:
    words = {key: text(f"reconstruct.{key}", lang) for key in WORDS}
    # the browser fills these in: their places go through as they are
    words["page"] = text("reconstruct.page", lang, first="{first}", last="{last}", total="{total}")
    words["of"] = text("reconstruct.of", lang, model="{model}", image="{image}")
    return words | {unit: text(f"reconstruct.unit.{unit}", lang) for unit in ("db", "bits")}
