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
from explorer.metrics.rate import SMOOTHING, kl_bits, uniform_bits
from explorer.metrics.reconstruction import mse, psnr, squared_error, ssim
from explorer.metrics.sharpness import Sharpness, sharpness
from explorer.models import VQVAE, Autoencoder
from explorer.models.objectives import VARIANCE_FLOOR, gaussian_nll
from explorer.models.prior import CodePrior
from explorer.reports.levels import levels_report, simple_bits
from explorer.streams import stream
from explorer.training.trace import Trace

BATCH = 500


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


def evaluate(model: Autoencoder, image_set: ImageSet, s2: float, learned: CodePrior | None = None) -> dict[str, Any]:
    """The report of `measure`."""
    return measure(model, image_set, s2, learned).report


def measure(model: Autoencoder, image_set: ImageSet, s2: float, learned: CodePrior | None = None) -> Evaluation:
    """Measure a run on the test split.

    Args:
        model: in eval mode.
        image_set: the one it was trained on.
        s2: its fixed `s²`, from `likelihood_variance`.
        learned: the prior trained on a VQ-VAE's codes, if there is one: the third rate.
    """
    ids = image_set.split("test")
    images = image_set.images[ids]
    encoded = encode_images(model, images)
    sampled = decode_and_compare(model, images, encoded, sample=True, with_ssim=True)
    centre = decode_and_compare(model, images, encoded, sample=False)
    sharp = sharpness(images.float() / 255, torch.cat(list(decoded(model, encoded, sample=True))))
    nll = float(gaussian_nll(sampled.squared_error, model.shape.values, s2).mean())
    report: dict[str, Any] = {
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
    model: Autoencoder, image_set: ImageSet, encoded: EncodedSet, nll: float, learned: CodePrior | None
) -> dict[str, Any]:
    if isinstance(model, VQVAE):
        report = {"nll_nats": nll} | _codebook_report(model, image_set, encoded, nll)
        return report if learned is None else with_learned_rate(report, learned, encoded)
    if encoded.logvar is not None:
        return _posterior_report(encoded, nll)
    return {}


def _codebook_report(model: VQVAE, image_set: ImageSet, encoded: EncodedSet, nll: float) -> dict[str, Any]:
    test = encoded.indices
    train = encode_images(model, image_set.images[image_set.split("train")]).indices
    assert train is not None and test is not None  # noqa: PT018
    k, positions = model.quantizer.num_codes, model.shape.grid**2
    rates = {"uniform": uniform_bits(positions, k), "per_position": simple_bits(model, train, test)}
    return {
        **_health_report(model, test),
        "rate_bits": rates,
        "rate_smoothing": SMOOTHING,
        "elbo_nats": {name: -nll - bits * math.log(2) for name, bits in rates.items()},
    }


def _health_report(model: VQVAE, test: Tensor) -> dict[str, Any]:
    if model.quantizer.num_levels is not None:
        return {}  # `levels_report` has it
    health = codebook_health(test, model.quantizer.num_embeddings)
    return {
        "codebook": {
            "used": health.used,
            "dead": health.dead,
            "usage": health.usage,
            "perplexity": health.perplexity,
            "num_vectors": health.num_vectors,
        }
    }


def with_learned_rate(report: dict[str, Any], learned: CodePrior, encoded: EncodedSet) -> dict[str, Any]:
    """A VQ-VAE's report with the cross-entropy of its test codes under a learned prior, and the bound that follows."""
    assert encoded.indices is not None
    nats = -float(learned.log_prob(encoded.indices).mean())
    rates = report["rate_bits"] | {"learned_prior": nats / math.log(2)}
    return report | {
        "rate_bits": rates,
        "elbo_nats": report["elbo_nats"] | {"learned_prior": -report["nll_nats"] - nats},
    }


def _posterior_report(encoded: EncodedSet, nll: float) -> dict[str, Any]:
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    use = posterior_use(encoded.mean, encoded.logvar)
    kl = float(use.kl_per_unit.sum())
    sigma = (0.5 * encoded.logvar).exp()
    return {
        "rate_bits": {"kl": kl_bits(torch.tensor(kl))},
        "elbo_nats": -nll - kl,
        "kl_nats": kl,
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
