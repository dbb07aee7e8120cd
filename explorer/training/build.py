"""From a config to a model with its first weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from explorer.models import AE, VAE, VQVAE, Autoencoder, ImageShape, Quantizer
from explorer.models.codebook_updates import CodebookUpdate, EMAUpdate, FixedUpdate, GradientUpdate
from explorer.models.compositions import COMPOSITIONS
from explorer.models.kl_policies import KL_POLICIES, KLPolicy
from explorer.models.registry import QUANTIZERS
from explorer.models.regularizers import REGULARIZERS
from explorer.streams import stream
from explorer.training.config import RunConfig


def build_model(config: RunConfig, shape: ImageShape, data_variance: float) -> Autoencoder:
    """The untrained model of `config`; two configs that differ only in the codebook's rule start from equal weights.

    Args:
        config: the run's settings.
        shape: of the images.
        data_variance: of the training values in [0, 1]; scales the VQ-VAE's reconstruction term.
    """
    shared: dict[str, Any] = {"width": config.width, "seed": config.seed}
    if config.model == "ae":
        return AE(shape, config.latent_dim, spatial=config.spatial, **shared)
    if config.model == "vae":
        return VAE(
            shape,
            config.latent_dim,
            spatial=config.spatial,
            beta=config.beta,
            kl_policy=kl_policy(config),
            decoder_width=config.decoder_width,
            **shared,
        )
    return VQVAE(shape, build_quantizer(config), data_variance=data_variance, **shared)


def kl_policy(config: RunConfig) -> KLPolicy:
    """What training pays for the KL, with the config's numbers."""
    numbers: dict[str, dict[str, Any]] = {
        "warm-up": {"until": config.warm_up},
        "cyclical": {"cycles": config.kl_cycles},
        "free-bits": {"floor": config.free_bits},
        "target": {"bits": config.kl_target},
    }
    found: KLPolicy = replace(KL_POLICIES[config.kl_policy], **numbers.get(config.kl_policy, {}))  # type: ignore[type-var]
    return found


def build_quantizer(config: RunConfig) -> Quantizer:
    """The quantizer of `config`, its codebook and its EMA sums drawn from streams of their own."""
    offered: dict[str, Any] = {
        "commitment_cost": config.commitment_cost,
        "update": codebook_update(config),
        "init": config.codebook_init,
        "dead_codes": config.dead_codes,
        "gradient_estimator": config.gradient_estimator,
        "distance": config.distance,
        "regularizer": replace(REGULARIZERS[config.regularizer], weight=config.regularizer_weight),  # type: ignore[type-var]
        "generator": stream(config.seed, "codebook"),
        "ema_generator": stream(config.seed, "ema"),
    }
    if config.num_levels is not None:
        return _composed(config, offered)
    kind = QUANTIZERS[config.quantizer]
    return kind(config.num_embeddings, config.embedding_dim, **{name: offered[name] for name in kind.parts})


def _composed(config: RunConfig, offered: dict[str, Any]) -> Quantizer:
    own: dict[str, Any] = {"quantizer": config.level_quantizer, "shared_codebook": config.shared_codebook}
    if config.quantizer == "residual":
        own |= {"levels": config.levels, "quantize_dropout": config.quantize_dropout}
    else:
        own |= {"groups": config.groups}
    parts = {name: offered[name] for name in QUANTIZERS[config.level_quantizer].parts}
    return COMPOSITIONS[config.quantizer](config.num_embeddings, config.embedding_dim, **own, **parts)


def codebook_update(config: RunConfig) -> CodebookUpdate:
    """The rule that moves the codebook, with the config's decay and epsilon."""
    if config.codebook_update == "gradient":
        return GradientUpdate()
    if config.codebook_update == "fixed":
        return FixedUpdate()
    snippet = config.codebook_update == "snippet"
    start = "snippet" if snippet else config.ema_start
    return EMAUpdate(decay=config.decay, epsilon=config.epsilon, start=start, store_smoothed=snippet)
