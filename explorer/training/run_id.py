"""The name of a run that nobody named."""

from __future__ import annotations

from dataclasses import fields

from explorer.training.config import RunConfig


def run_id(config: RunConfig) -> str:
    """A readable id: set, kind, sizes, what differs from the defaults, seed."""
    if config.is_vq:
        parts = [f"d{config.embedding_dim}", f"k{config.num_embeddings}", *_codebook_words(config)]
    else:
        parts = [f"z{config.latent_dim}"] + (["spatial"] if config.spatial else [])
        parts += [f"b{config.beta:g}"] if config.model == "vae" and config.beta != 1 else []
    parts += ["bf16"] if config.precision == "bf16" else []
    return "-".join([config.data, config.model, *parts, f"s{config.seed}"])


def _codebook_words(config: RunConfig) -> list[str]:
    if config.quantizer == "fsq":
        return ["fsq"]
    rule = config.codebook_update
    rule = f"ema-{config.ema_start}" if rule == "ema" and config.ema_start != "hold" else rule
    names = ("codebook_init", "dead_codes", "quantizer", "gradient_estimator", "distance", "regularizer")
    plain = {field.name: field.default for field in fields(RunConfig)}
    return [rule, *(getattr(config, name) for name in names if getattr(config, name) != plain[name])]
