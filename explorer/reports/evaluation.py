"""The evaluation of a run: every metric built so far, on the test split, with its n.

A stop or a choice is made on the validation split; the test split is reported here and nowhere else decides anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.latent import EncodedSet, encode_images
from explorer.metrics.codebook import codebook_health
from explorer.metrics.flatness import LAST, change_at_end
from explorer.metrics.posterior import posterior_use
from explorer.metrics.rate import SMOOTHING
from explorer.metrics.reconstruction import psnr
from explorer.metrics.sharpness import Sharpness, sharpness
from explorer.models import VQVAE, Autoencoder
from explorer.models.objectives import VARIANCE_FLOOR, gaussian_nll
from explorer.reports.decoded import BATCH, decode_and_compare, decoded
from explorer.reports.levels import levels_report
from explorer.reports.rates import Prior, rates_report
from explorer.runs.report_format import FORMAT
from explorer.training.trace import Trace


def likelihood_variance(model: Autoencoder, image_set: ImageSet, most: int | None = None) -> float:
    """`s²`: the training split's MSE with z ~ q, unclipped, at least `VARIANCE_FLOOR`. Fixed for the run from then on.

    Of its first `most` images where a study asks for many; of all otherwise.

    Re-fitting it for a batch or a split would make the reported ELBO no bound.
    """
    errors = []
    for k, ids in enumerate(
        image_set.split("train")[:most].split(BATCH)
    ):  # in blocks: the set may be larger than memory
        images = image_set.pixels(ids)
        compared = decode_and_compare(model, images, encode_images(model, images), sample=True, first=k)
        errors.append(compared.squared_error)
    return max(float(torch.cat(errors).mean()) / model.shape.values, VARIANCE_FLOOR)


@dataclass(frozen=True)
class Evaluation:
    """All that was measured of a run.

    Attributes:
        report: plain JSON values; every key that is not self-evident names its unit.
        measures: name -> (N,) of each test image, z ~ q, as `explorer.reports.comparison` defines them.
    """

    report: dict[str, Any]
    measures: dict[str, Tensor]


def evaluate(model: Autoencoder, image_set: ImageSet, s2: float, learned: Prior | None = None) -> dict[str, Any]:
    """The report of `measure`."""
    return measure(model, image_set, s2, learned).report


def measure(model: Autoencoder, image_set: ImageSet, s2: float, learned: Prior | None = None) -> Evaluation:
    """Measure a run on the test split.

    Args:
        model: in eval mode.
        image_set: the one it was trained on.
        s2: its fixed `s²`, from `likelihood_variance`.
        learned: the prior trained on its latents, if there is one: the third rate.
    """
    ids = image_set.split("test")
    images = image_set.images[ids]
    encoded = encode_images(model, images)
    sampled = decode_and_compare(model, images, encoded, sample=True, with_ssim=True)
    centre = decode_and_compare(model, images, encoded, sample=False)
    sharp = sharpness(images.float() / 255, torch.cat(list(decoded(model, encoded, sample=True))))
    nll = float(gaussian_nll(sampled.squared_error, model.shape.values, s2).mean())
    report: dict[str, Any] = {
        "format": FORMAT,
        "split": "test",
        "n": len(ids),
        "s2": s2,
        "mse": float(sampled.mse.mean()),
        "psnr_db": float(psnr(sampled.mse.mean())),
        "psnr_of_mean_db": float(psnr(centre.mse.mean())),
        "ssim": float(sampled.ssim.mean()),
        "nll_nats": nll,
        "sharpness": sharpness_report(sharp),
        "parameters": parameter_counts(model),
    }
    measures = measures_of(sampled.mse, sampled.ssim, sharp)
    if isinstance(model, VQVAE) and model.quantizer.num_levels is not None:
        report |= levels_report(model, images, encoded)
    return Evaluation(_latent_report(model, image_set, encoded, report, learned) | report, measures)


def measures_of(mse_values: Tensor, ssim_values: Tensor, sharp: Sharpness) -> dict[str, Tensor]:
    """(N,) of each measure of single images."""
    return {
        "psnr_db": psnr(mse_values),
        "ssim": ssim_values,
        "sigma_eq_px": sharp.sigma_eq,
        "blur_effect_ratio": sharp.blur_effect_ratio,
        "excess_detail": sharp.excess_per_image,
    }


def _latent_report(
    model: Autoencoder, image_set: ImageSet, encoded: EncodedSet, bound: dict[str, Any], learned: Prior | None
) -> dict[str, Any]:
    rates = rates_report(model, image_set, encoded, bound, learned)
    if isinstance(model, VQVAE):
        return _codebook_report(model, encoded) | rates
    return (_posterior_report(encoded) if encoded.logvar is not None else {}) | rates


def _codebook_report(model: VQVAE, encoded: EncodedSet) -> dict[str, Any]:
    return _health_report(model, encoded) | {"rate_smoothing": SMOOTHING}


def _health_report(model: VQVAE, encoded: EncodedSet) -> dict[str, Any]:
    if model.quantizer.num_levels is not None:
        return {}  # `levels_report` has it
    assert encoded.indices is not None
    health = codebook_health(encoded.indices, model.quantizer.num_embeddings)
    return {
        "codebook": {
            "used": health.used,
            "dead": health.dead,
            "usage": health.usage,
            "perplexity": health.perplexity,
            "num_vectors": health.num_vectors,
        }
    }


def _posterior_report(encoded: EncodedSet) -> dict[str, Any]:
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    use = posterior_use(encoded.mean, encoded.logvar)
    sigma = (0.5 * encoded.logvar).exp()
    return {
        "kl_nats": float(use.kl_per_unit.sum()),
        "kl_nats_per_unit": [round(float(value), 6) for value in use.kl_per_unit],
        "active_units": use.active,
        "posterior_sigma_median": float(sigma.median()),
    }


def rest_report(trace: Trace) -> dict[str, Any]:
    """How far the validation curves of a film still moved at its end; `{}` for a film without them.

    Shares of the last value (`metrics.flatness`), over the last fifth of the steps.
    """
    names = [name for name in ("val_mse", "val_loss") if len(trace.frames.get(name, ()))]
    changes = {f"{name}_change": change_at_end(trace.frame_steps, trace.frames[name]) for name in names}
    return {"last_fifth": {"from_step": round((1 - LAST) * int(trace.frame_steps[-1]))} | changes} if names else {}


def sharpness_report(found: Sharpness) -> dict[str, Any]:
    """Frequencies in cycles per pixel. None: there is no such number, as of `mtf50` above the corner's 0.707."""
    curves = {"frequencies": found.frequencies, "detail_kept": found.detail_kept, "detail_drawn": found.detail_drawn}
    return {
        "sigma_eq_pooled_px": _finite(found.sigma_eq_pooled),
        "sigma_eq_mean_px": _finite(float(found.sigma_eq.nanmean())),
        "flat": found.flat,
        "mtf50": _finite(found.mtf50),
        "excess_detail": _finite(found.excess_detail),
        "excess_frequency": _finite(found.excess_frequency),
        "blur_effect_ratio": _finite(float(found.blur_effect_ratio.nanmean())),
        **{name: [_finite(value) for value in curve.tolist()] for name, curve in curves.items()},
    }


def _finite(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def parameter_counts(model: Autoencoder) -> dict[str, int]:
    """Numbers a model learns, by part; an EMA codebook is learnt too, though by no optimizer."""
    counts = {name: sum(p.numel() for p in getattr(model, name).parameters()) for name in ("encoder", "decoder")}
    if isinstance(model, VQVAE):
        counts["codebook"] = sum(part.codebook.numel() for part in model.quantizer.distinct())
    return counts
