"""What a study measures of a member on the whole test split, in eval mode."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.latent import EncodedSet, encode_images
from explorer.metrics.codebook import codebook_health
from explorer.metrics.levels import level_health
from explorer.metrics.posterior import posterior_use, silent_units
from explorer.metrics.reconstruction import psnr
from explorer.models import VAE, VQVAE, Autoencoder, ComposedQuantizer, ResidualQuantizer
from explorer.models.objectives import gaussian_nll
from explorer.reports.decoded import decode_and_compare
from explorer.reports.evaluation import likelihood_variance
from explorer.reports.levels import apart, prefix_psnr
from explorer.training.trace import Array, compact

#: Training images behind the likelihood's variance of a member; of all of them it would take as long as the training.
VARIANCE_IMAGES = 5000


def measure(model: Autoencoder, image_set: ImageSet) -> tuple[dict[str, Any], dict[str, Array]]:
    """Plain JSON values, and arrays: of codes the `codebook` and its `counts`."""
    if isinstance(model, VQVAE):
        return measure_codes(model, image_set)
    assert isinstance(model, VAE)
    return measure_units(model, image_set), {}


@torch.no_grad()
def measure_codes(model: VQVAE, image_set: ImageSet) -> tuple[dict[str, Any], dict[str, Array]]:
    """Health and distortion of codes, of all levels together.

    `distortion` is the mean over elements of `(z_e - e)²`; `latent_variance` that of `z_e` about its mean, its scale.
    Of codes in levels also `levels`, each by itself, and `tuples`.
    """
    images = image_set.images[image_set.split("test")]
    encoded = encode_images(model, images)
    assert encoded.indices is not None and encoded.z_e is not None  # noqa: PT018
    health, counts = _health(model, images, encoded)
    mse = float(decode_and_compare(model, images, encoded, sample=False).mse.mean())
    z_e = encoded.z_e.flatten(0, 2)
    flat = encoded.indices.flatten()
    quantizer = model.quantizer
    z_q = quantizer.lookup(quantizer.apart(flat) if isinstance(quantizer, ComposedQuantizer) else flat)
    measured = {"n": len(images)} | health
    measured |= {
        "mse": mse,
        "psnr_db": float(psnr(torch.tensor(mse))),
        "distortion": float((z_e - z_q).square().mean()),
        "latent_variance": float((z_e - z_e.mean(0)).square().mean()),
    }
    codebook = compact(quantizer.codebook.detach().numpy().copy())
    return measured, {"codebook": codebook, "counts": counts.numpy().astype(np.int32)}


def _health(model: VQVAE, images: Tensor, encoded: EncodedSet) -> tuple[dict[str, Any], Tensor]:
    assert encoded.indices is not None
    k = model.quantizer.num_embeddings
    if model.quantizer.num_levels is None:
        whole = codebook_health(encoded.indices, k)
        names = ("num_vectors", "used", "dead", "usage", "perplexity")
        return {name: getattr(whole, name) for name in names}, whole.counts
    indices = apart(model, encoded)
    found = level_health(indices, k)
    rows = [{"used": level.used, "dead": level.dead, "perplexity": level.perplexity} for level in found.levels]
    if isinstance(model.quantizer, ResidualQuantizer):
        prefixes = prefix_psnr(model, images, indices)
        rows = [row | {"psnr_db": decibel} for row, decibel in zip(rows, prefixes, strict=True)]
    together = {
        "num_vectors": found.levels[0].num_vectors,
        "used": found.used,
        "dead": found.dead,
        "usage": found.used / (k * len(found.levels)),
        "perplexity": found.perplexity,
        "levels": rows,
        "tuples": {"distinct": found.distinct, "perplexity": found.tuple_perplexity},
    }
    return together, torch.stack([level.counts for level in found.levels])


@torch.no_grad()
def measure_units(model: VAE, image_set: ImageSet) -> dict[str, Any]:
    """How many units speak and what that is worth: z ~ q, the ELBO at beta = 1 with the variance of training images.

    `silent` counts by KL, as the whole page does, and `active` by the posterior mean (Burda et al. 2016).
    """
    images = image_set.images[image_set.split("test")]
    encoded = encode_images(model, images)
    assert encoded.mean is not None and encoded.logvar is not None  # noqa: PT018
    use = posterior_use(encoded.mean, encoded.logvar)
    compared = decode_and_compare(model, images, encoded, sample=True)
    s2 = likelihood_variance(model, image_set, VARIANCE_IMAGES)
    nll = float(gaussian_nll(compared.squared_error, model.shape.values, s2).mean())
    kl = float(use.kl_per_unit.sum())
    return {
        "n": len(images),
        "units": len(use.kl_per_unit),
        "silent": silent_units(use.kl_per_unit.tolist()),
        "active": use.active,
        "kl_nats": kl,
        "kl_nats_per_unit": [round(float(value), 6) for value in use.kl_per_unit],
        "psnr_db": float(psnr(compared.mse.mean())),
        "s2": s2,
        "elbo_nats": -nll - kl,
    }


def silent_of(test: dict[str, Any]) -> int:
    """Silent units of what a member measured: older members wrote those that are not active under that name."""
    return silent_units(test["kl_nats_per_unit"])
