"""A VAE on a grid as a VQ-VAE that nobody trained: Gaussian quantization as a run, which can be kept and measured.

Its codebooks are random numbers from N(0, 1), one codebook a channel, so that the quantizer is `GroupedQuantizer` with
as many groups as channels and the rule "fixed"; encoder and decoder are the VAE's. From there on it is a run of codes
like any other: it has three rates, a prior can be trained for it, and dead codes are counted as everywhere.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.errors import RunError
from explorer.latent import encode_images
from explorer.metrics.gaussian_quantization import kl_bits, miss_bound
from explorer.metrics.levels import level_health
from explorer.metrics.posterior import SILENT_BITS
from explorer.metrics.rate import per_position_nats
from explorer.metrics.reconstruction import psnr
from explorer.models import VAE, VQVAE
from explorer.reports.decoded import decode_and_compare
from explorer.reports.gaussian_quantization import DRAWS
from explorer.reports.levels import apart
from explorer.runs import Run
from explorer.streams import stream
from explorer.training.build import build_model
from explorer.training.config import RunConfig


def quantized_config(run: Run, bits: int, seed: int) -> RunConfig:
    """The settings of a VAE's quantized twin: the VAE's training, and codebooks of 2^bits random numbers a channel.

    Raises:
        RunError: the run is no VAE on a grid: a VQ-VAE has a code at each place of one.
    """
    config = run.config
    if config.model != "vae" or not config.spatial:
        raise RunError("quantize_grid", name=run.id)
    codes: dict[str, Any] = {"quantizer": "grouped", "groups": config.latent_dim, "embedding_dim": config.latent_dim}
    rule: dict[str, Any] = {"codebook_update": "fixed", "codebook_init": "normal", "num_embeddings": 2**bits}
    return replace(config, model="vqvae", seed=seed, trace="scalars", kept_weights=0, **codes, **rule)


def stratified_codes(bits: int, units: int, seed: int) -> Tensor:
    """(units, 2^bits) numbers from N(0, 1), one from each of 2^bits equally likely intervals.

    The theorem is about independent draws; the authors' code takes a scrambled Sobol sequence, which is this in one
    dimension (github.com/tongdaxu/VQ-VAE-from-Gaussian-VAE, `prior_samples`).
    """
    shares = torch.rand(units, 2**bits, generator=stream(seed, "stratified codes", bits), dtype=torch.float64)
    return torch.special.ndtri((torch.arange(2**bits) + shares.clamp(1e-6, 1 - 1e-6)) / 2**bits)


@torch.no_grad()
def quantized_model(run: Run, config: RunConfig, *, stratified: bool = False) -> VQVAE:
    """The VAE's network around the codebooks of `config`, whose seed draws them; posterior means are quantized."""
    vae = run.model
    assert isinstance(vae, VAE)
    made = build_model(config, run.info.shape, run.info.data_variance)
    assert isinstance(made, VQVAE)
    weights = {name: tensor for name, tensor in vae.state_dict().items() if name != "kl_weights"}
    for name in ("encoder.head.weight", "encoder.head.bias"):
        weights[name] = weights[name][: vae.latent_dim]  # means come first
    quantizer = {f"quantizer.{name}": tensor for name, tensor in made.quantizer.state_dict().items()}
    made.load_state_dict(weights | quantizer)
    if stratified:
        codes = stratified_codes(round(math.log2(config.num_embeddings)), config.groups, config.seed)
        made.quantizer.load_codebook(codes[..., None].float())
    return made.eval()


@torch.no_grad()
def quantized_section(
    run: Run, image_set: ImageSet, bits: int, draws: int = DRAWS, *, stratified: bool = False
) -> dict[str, Any]:
    """What the report says beyond any other VQ-VAE's: over `draws` codebooks, seeds 0, 1, … of them.

    `psnr_db`, `simple_bits`, `dead`, `error_sigma` (mean of |ẑ - μ| / σ) and `missed` (share of numbers off by more
    than σ) are {value, low, high}: mean, least and largest of the draws; `missed_error` is the standard error of the
    mean share over images, `bound` the theorem's on it.
    """
    vae = run.model
    assert isinstance(vae, VAE)
    test = encode_images(vae, _test(image_set))
    assert test.mean is not None and test.logvar is not None  # noqa: PT018
    sigma = (0.5 * test.logvar).exp()
    kl = kl_bits(test.mean, sigma)
    models = [quantized_model(run, quantized_config(run, bits, seed), stratified=stratified) for seed in range(draws)]
    rows = [_draw(model, image_set, sigma) for model in models]
    channels = kl.movedim(1, -1).reshape(-1, kl.shape[1]).mean(0)
    by_image = torch.stack([row.pop("by_image") for row in rows]).mean(0)
    return {
        "run": run.id,
        "weights_sha256": run.weights_sha256,
        "bits": bits,
        "codes": "stratified" if stratified else "random",
        "draws": draws,
        "kl_bits_per_unit": [round(float(value), 4) for value in channels],
        "silent": int((channels < SILENT_BITS).sum()),
        "psnr_of_mean_db": float(psnr(decode_and_compare(vae, _test(image_set), test, sample=False).mse.mean())),
        "bound": float(miss_bound(test.mean, sigma, 2**bits).mean()),
        "missed_error": float(by_image.std() / math.sqrt(len(by_image))),
        **{name: _spread([float(row[name]) for row in rows]) for name in rows[0]},
    }


def _draw(model: VQVAE, image_set: ImageSet, sigma: Tensor) -> dict[str, Any]:
    images = _test(image_set)
    encoded = encode_images(model, images)
    assert encoded.indices is not None and encoded.z_e is not None  # noqa: PT018
    tuples = apart(model, encoded)
    codes = model.quantizer.lookup(tuples)
    error = (codes - encoded.z_e.movedim(-1, 1)).abs() / sigma
    train = encode_images(model, image_set.images[image_set.split("train")]).indices
    assert train is not None
    nats = per_position_nats(train, encoded.indices, model.quantizer.num_codes)
    return {
        "psnr_db": float(psnr(decode_and_compare(model, images, encoded, sample=False).mse.mean())),
        "simple_bits": float(nats.mean()) / math.log(2),
        "dead": float(level_health(tuples, model.quantizer.num_embeddings).dead),
        "error_sigma": float(error.mean()),
        "missed": float((error > 1).double().mean()),
        "by_image": (error > 1).double().flatten(1).mean(1),
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {"value": sum(values) / len(values), "low": min(values), "high": max(values)}


def _test(image_set: ImageSet) -> Tensor:
    return image_set.images[image_set.split("test")]
