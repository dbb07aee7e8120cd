"""The evaluation of a run: every metric built so far, on the test split, with its n.

A stop or a choice is made on the validation split; the test split is reported here and nowhere else decides anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.latent import EncodedSet, encode_images
from explorer.metrics.codebook import codebook_health
from explorer.metrics.flatness import LAST, change_at_end
from explorer.metrics.posterior import posterior_use
from explorer.metrics.rate import RUNGS, SMOOTHING, latent_nats, rate_of, uniform_bits
from explorer.metrics.reconstruction import mse, psnr, squared_error, ssim
from explorer.metrics.sharpness import Sharpness, sharpness
from explorer.models import VAE, VQVAE, Autoencoder
from explorer.models.objectives import VARIANCE_FLOOR, gaussian_nll
from explorer.models.prior import CodePrior, LatentPrior, PositionGaussians
from explorer.reports.levels import levels_report, simple_nats
from explorer.runs.report_format import FORMAT
from explorer.streams import stream
from explorer.training.latent_draws import drawn, kl_per_image, latent_space
from explorer.training.trace import Trace

BATCH = 500
Prior = CodePrior | LatentPrior


@dataclass(frozen=True)
class Decoded:
    """Errors of N reconstructions.

    Attributes:
        squared_error: (N,) SSE, unclipped.
        mse: (N,) clipped to [0, 1].
        ssim: (N,), empty if not asked for.
    """

    squared_error: Tensor
    mse: Tensor
    ssim: Tensor


@torch.no_grad()
def decode_and_compare(
    model: Autoencoder, images: Tensor, encoded: EncodedSet, *, sample: bool, with_ssim: bool = False, first: int = 0
) -> Decoded:
    """Decode the latents of uint8 `images` (N, C, H, W) and measure.

    Args:
        model: whose latents they are.
        images: the originals.
        encoded: `encode_images(model, images)`.
        sample: draw `z ~ q` (what a KL pays for) in place of the posterior mean; the same where nothing is drawn.
        with_ssim: SSIM too; by far the slowest part.
        first: number of the first block of `BATCH` images, where these are some of many; decides the noise.
    """
    parts: list[tuple[Tensor, Tensor, Tensor]] = []
    for pixels, y in zip(images.split(BATCH), decoded(model, encoded, sample=sample, first=first), strict=True):
        x = pixels.float() / 255
        parts.append((squared_error(x, y), mse(x, y), ssim(x, y) if with_ssim else torch.empty(0)))
    errors, mses, ssims = (torch.cat(column) for column in zip(*parts, strict=True))
    return Decoded(errors.double(), mses.double(), ssims)


@torch.no_grad()
def decoded(model: Autoencoder, encoded: EncodedSet, *, sample: bool, first: int = 0) -> Iterator[Tensor]:
    """Reconstructions from latents, unclipped, `BATCH` at a time; `sample` and `first` as in `decode_and_compare`."""
    latent = encoded.mean if encoded.indices is None else encoded.indices
    assert latent is not None
    for k, ids in enumerate(torch.arange(len(latent)).split(BATCH)):
        yield model.decode(_codes(encoded, ids, stream(0, "evaluation noise", first + k) if sample else None))


def _codes(encoded: EncodedSet, ids: Tensor, generator: torch.Generator | None) -> Tensor:
    if encoded.indices is not None:
        return encoded.indices[ids]
    assert encoded.mean is not None
    z = encoded.mean[ids]
    if encoded.logvar is not None and generator is not None:
        z = z + (0.5 * encoded.logvar[ids]).exp() * torch.empty_like(z).normal_(generator=generator)
    return z


def likelihood_variance(model: Autoencoder, image_set: ImageSet) -> float:
    """`s²`: the training split's MSE with z ~ q, unclipped, at least `VARIANCE_FLOOR`. Fixed for the run from then on.

    Re-fitting it for a batch or a split would make the reported ELBO no bound.
    """
    errors = []
    for k, ids in enumerate(image_set.split("train").split(BATCH)):  # in blocks: the set may be larger than memory
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
    return Evaluation(_latent_report(model, image_set, encoded, nll, learned) | report, measures)


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
    model: Autoencoder, image_set: ImageSet, encoded: EncodedSet, nll: float, learned: Prior | None
) -> dict[str, Any]:
    rates = rates_report(model, image_set, encoded, nll, learned)
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


def rates_report(
    model: Autoencoder, image_set: ImageSet, encoded: EncodedSet, nll: float, learned: Prior | None
) -> dict[str, Any]:
    """What the test latents cost on each rung, and the bounds that follow.

    Args:
        model: whose latents they are.
        image_set: whose training split the simple rung is fitted to.
        encoded: its test split.
        nll: mean -log p(x|z) of it, nats.
        learned: the trained prior, if there is one.

    Returns:
        "rates" in bits an image and "rates_error", the standard errors over images, by rung (`RUNGS`), None where
        there is none; "elbo_nats" by rung, of a latent that has a rate: -nll minus the rate in nats.
    """
    costs = rung_nats(model, image_set, encoded, learned)
    found = {rung: rate_of(nats) for rung, nats in costs.items()}
    report: dict[str, Any] = {
        "rates": {rung: found[rung].bits if rung in found else None for rung in RUNGS},
        "rates_error": {rung: found[rung].error if rung in found else None for rung in RUNGS},
    }
    if costs:
        bounds = {rung: -nll - float(nats.mean()) for rung, nats in costs.items()}
        report["elbo_nats"] = {rung: bounds.get(rung) for rung in RUNGS}
    return report


def rung_nats(model: Autoencoder, image_set: ImageSet, encoded: EncodedSet, learned: Prior | None) -> dict[str, Tensor]:
    """(N,) nats of each test image by rung; {} for a latent without a rate. `learned` as in `rates_report`."""
    if encoded.logvar is None and encoded.indices is None:
        return {}
    train = encode_images(model, image_set.images[image_set.split("train")])
    if isinstance(model, VQVAE):
        return _code_nats(model, train, encoded, learned)
    assert isinstance(model, VAE) and train.mean is not None and train.logvar is not None  # noqa: PT018
    simple = PositionGaussians.fit(latent_space(model), train.mean, train.logvar)
    kl, z = kl_per_image(encoded), drawn(encoded, stream(0, "rate noise"))
    costs = {"fixed": kl, "simple": latent_nats(kl, simple.log_prob(z), z)}
    if isinstance(learned, LatentPrior):
        costs["learned"] = latent_nats(kl, learned.log_prob(z), z)
    return costs


def _code_nats(model: VQVAE, train: EncodedSet, test: EncodedSet, learned: Prior | None) -> dict[str, Tensor]:
    assert train.indices is not None and test.indices is not None  # noqa: PT018
    uniform = uniform_bits(model.shape.grid**2, model.quantizer.num_codes) * math.log(2)
    costs = {
        "fixed": torch.full((len(test.indices),), uniform, dtype=torch.float64),
        "simple": simple_nats(model, train.indices, test.indices),
    }
    if isinstance(learned, CodePrior):
        costs["learned"] = -learned.log_prob(test.indices)
    return costs


def with_rates(
    report: dict[str, Any], model: Autoencoder, image_set: ImageSet, learned: Prior | None
) -> dict[str, Any]:
    """A report with its rates measured anew; its other figures stay."""
    encoded = encode_images(model, image_set.images[image_set.split("test")])
    return report | rates_report(model, image_set, encoded, report.get("nll_nats", math.nan), learned)


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
