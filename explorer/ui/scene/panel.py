"""The pictures beside a plane: original, reconstruction, and the numbers of this image."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import Tensor

from explorer.metrics.rate import kl_bits, uniform_bits
from explorer.metrics.reconstruction import mse, psnr
from explorer.models.latents import GaussianLatent
from explorer.models.objectives import gaussian_kl
from explorer.reports.matching import rates_of
from explorer.runs import Run
from explorer.ui.computed.encoded import Single, planar, projectable
from explorer.ui.text import text


@dataclass(frozen=True)
class Picture:
    """uint8 pixels (H, W, C) as base64: small enough to travel with the scene, so that they are there at once."""

    label: str
    width: int
    height: int
    channels: int
    pixels: str


@dataclass(frozen=True)
class Fact:
    """A number with its unit and a one-line definition."""

    label: str
    value: str
    tip: str


@dataclass(frozen=True)
class Panel:
    """Pictures and numbers of one side.

    Attributes:
        labels: of the pictures that the client draws: "pointer", what is decoded under the pointer; "close", the
            posterior enlarged; "codes", the grid of codes. Those that the run does not have are missing.
    """

    original: Picture
    reconstruction: Picture
    labels: dict[str, str]
    facts: tuple[Fact, ...]


def panel_of(run: Run, single: Single, lang: str) -> Panel:
    """Pictures and numbers of one image through one run."""
    return Panel(
        original=picture_of(text("latent.original", lang), single.original),
        reconstruction=picture_of(text("latent.reconstruction", lang), single.reconstruction),
        labels={key: text(f"latent.{name}", lang) for key, name in _drawn(run).items()},
        facts=(_psnr(run, single, lang), *_latent_facts(run, single, lang)),
    )


def _drawn(run: Run) -> dict[str, str]:
    if run.config.is_vq:
        return {"codes": "codes", "pointer": "decoded"}
    if not planar(run):
        return {"pointer": "pointer" if projectable(run) else "centre"}
    return {"close": "posterior", "pointer": "pointer"} if run.config.model == "vae" else {"pointer": "pointer"}


def _psnr(run: Run, single: Single, lang: str) -> Fact:
    decibel = float(psnr(mse(single.original[None], single.reconstruction[None]))[0])
    value = text("value.db", lang, value=f"{decibel:.1f}") if math.isfinite(decibel) else text("value.exact", lang)
    mean = run.report.get("psnr_of_mean_db", run.report.get("psnr_db", math.nan))
    return _fact("psnr", value, lang, mean=f"{mean:.1f}", n=_n(run))


def _latent_facts(run: Run, single: Single, lang: str) -> tuple[Fact, ...]:
    if run.config.is_vq:
        return _vq_bits(run, lang), _used(run, lang)
    numbers = cast(Tensor, single.latent.mean).numel()
    size = _fact("numbers", f"{numbers}", lang, values=f"{single.original.numel():,}")
    if single.latent.logvar is None:
        return (size,)
    return _vae_bits(run, single, lang), _sigma(single, lang) if numbers == 2 else size


def _vae_bits(run: Run, single: Single, lang: str) -> Fact:
    posterior = GaussianLatent(cast(Tensor, single.latent.mean), cast(Tensor, single.latent.logvar))
    bits = kl_bits(gaussian_kl(posterior).sum()[None])
    mean = rates_of(run).get("fixed", math.nan)
    return Fact(text("fact.bits", lang), f"{bits:.1f}", text("fact.bits.vae.tip", lang, mean=f"{mean:.1f}", n=_n(run)))


def _sigma(single: Single, lang: str) -> Fact:
    first, second = (0.5 * cast(Tensor, single.latent.logvar)).exp().tolist()
    return _fact("sigma", text("value.sigma", lang, first=f"{first:.3f}", second=f"{second:.3f}"), lang)


def _vq_bits(run: Run, lang: str) -> Fact:
    cells, codes = run.model.shape.grid**2, run.config.num_codes
    mean = rates_of(run).get("simple", math.nan)
    tip = text("fact.bits.vq.tip", lang, cells=cells, codes=codes, mean=f"{mean:.0f}", n=_n(run))
    return Fact(text("fact.bits", lang), f"{uniform_bits(cells, codes):.0f}", tip)


def _used(run: Run, lang: str) -> Fact:
    health: dict[str, Any] = run.report.get("codebook", {})
    value = text("value.of", lang, value=health.get("used", "?"), total=run.config.num_rows)
    n, perplexity = health.get("num_vectors", 0), health.get("perplexity", math.nan)
    return _fact("used", value, lang, n=f"{n:,}", perplexity=f"{perplexity:.0f}")


def _fact(key: str, value: str, lang: str, **params: object) -> Fact:
    return Fact(text(f"fact.{key}", lang), value, text(f"fact.{key}.tip", lang, **params))


def _n(run: Run) -> str:
    return f"{run.report.get('n', 0):,}"


def picture_of(label: str, image: Tensor) -> Picture:
    """A picture as it travels with data; `image`: (C, H, W), clipped to [0, 1] to be shown."""
    channels, height, width = image.shape
    pixels = (image.clamp(0, 1) * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous()
    return Picture(label, width, height, channels, base64.b64encode(pixels.numpy().tobytes()).decode())
