"""A VAE turned into codes without training: what random codebooks cost, and one picture through one of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

import torch
from torch import Tensor

from explorer.metrics.gaussian_quantization import kl_bits
from explorer.metrics.posterior import SILENT_BITS
from explorer.metrics.reconstruction import mse, psnr
from explorer.plots.quantize import QuantizeLabels, quantize_figure
from explorer.reports.gaussian_quantization import QuantizedVAE, quantized_latent
from explorer.runs import Run
from explorer.ui.computed import catalog, encoded, gaussian
from explorer.ui.questions.params import Params
from explorer.ui.scene.panel import picture_of
from explorer.ui.text import text

#: log2 of the codes of a unit.
MOST_BITS = 14


def is_stored(params: Params) -> bool:
    """Whether the answer is one picture, or travels with the run.

    Raises:
        ExplorerError: the question will be refused.
    """
    return params.has("bits") or gaussian.is_stored(params.run(kinds=("vae",)))


def answer(params: Params) -> dict[str, Any]:
    """The `figure` of errors and distortions over log2 K, with the KL as a mark, and `sentences` about it.

    Asked for with `run`, a VAE. With `image` and `bits`, log2 of the codes of each unit, 1 to 14, the answer is one
    picture instead: `original`, `mean` and `code`, decoded from the posterior mean and from the nearest codes.
    """
    run, lang = params.run(kinds=("vae",)), params.lang
    if params.has("bits"):
        return _one(run, params)
    found = gaussian.quantized_vae(run)
    names = ("bits", "error", "mean", "median", "theory", "joint", "mse", "decoded_mean", "kl")
    labels = QuantizeLabels(**{name: text(f"elbo.quantize.{name}", lang) for name in names})
    return {"figure": quantize_figure(found, labels), "sentences": _sentences(found, lang)}


def _sentences(found: QuantizedVAE, lang: str) -> list[str]:
    mark = sum(found.kl) / len(found.kl)
    crossed = next((row.bits for row in found.rows if row.error < 1), None)
    numbers = {"n": found.images, "draws": found.draws, "kl": f"{mark:.1f}"}
    numbers |= {"low": f"{found.kl_low:.1f}", "high": f"{found.kl_high:.1f}"}
    said = [text("elbo.quantize.measured", lang, **numbers)]
    if crossed is not None:
        said.append(text("elbo.quantize.crossed", lang, bits=f"{crossed:g}", kl=f"{mark:.1f}"))
    said.append(_bound(found, mark, lang))
    silent = sum(bits < SILENT_BITS for bits in found.kl)
    if silent:
        said.append(text("elbo.quantize.silent", lang, silent=silent, total=len(found.kl), limit=f"{SILENT_BITS:.4f}"))
    last = found.rows[-1]
    said.append(text("elbo.quantize.used", lang, used=f"{last.used:,.0f}", codes=f"{2**last.bits:,.0f}"))
    return said


def _bound(found: QuantizedVAE, mark: float, lang: str) -> str:
    """The theorem beside what was measured, at the first size beyond the mark."""
    row = next((row for row in found.rows if row.bits > mark), found.rows[-1])
    missed, bound = (f"{100 * share:.1f}" for share in (row.missed, row.bound or 0.0))
    return text("elbo.quantize.bound", lang, bits=f"{row.bits:g}", missed=missed, bound=bound)


@torch.no_grad()
def _one(run: Run, params: Params) -> dict[str, Any]:
    lang = params.lang
    image = params.integer("image", catalog.test_count(run.config.data))
    bits = max(1, params.integer("bits", MOST_BITS + 1))
    single = encoded.single(run, image)
    mean, logvar = cast(Tensor, single.latent.mean)[None], cast(Tensor, single.latent.logvar)[None]
    code = quantized_latent(mean, bits)
    picture = run.model.decode(code)
    original = single.original[None]
    error = ((code - mean).abs() / (0.5 * logvar).exp()).mean()
    decibel = {"mean": single.reconstruction[None], "code": picture}
    numbers = {name: f"{float(psnr(mse(original, shown))[0]):.1f}" for name, shown in decibel.items()}
    kl = float(kl_bits(mean, (0.5 * logvar).exp()).sum())
    return {
        "original": asdict(picture_of(text("latent.original", lang), single.original)),
        "mean": asdict(picture_of(text("elbo.quantize.decoded_mean", lang), single.reconstruction)),
        "code": asdict(picture_of(text("elbo.quantize.decoded_code", lang), picture[0])),
        "sentence": text(
            "elbo.quantize.one",
            lang,
            codes=f"{2**bits:,}",
            bits=bits * mean.numel(),
            kl=f"{kl:.1f}",
            error=f"{float(error):.2f}",
            **numbers,
        ),
    }
