"""The name of a run that nobody named."""

from __future__ import annotations

import re
from dataclasses import fields

from explorer.errors import ConfigError
from explorer.models import QUANTIZERS
from explorer.runs.info import ID_PATTERN
from explorer.training.config import RunConfig


def run_id(config: RunConfig) -> str:
    """A readable id: set, kind, sizes, what differs from the defaults, seed."""
    if config.is_vq:
        parts = [f"d{config.embedding_dim}", f"k{config.num_embeddings}", *_codebook_words(config)]
    else:
        parts = [f"z{config.latent_dim}"] + (["spatial"] if config.spatial else [])
        # 1e+06 without its plus, which no id may have
        parts += [f"b{config.beta:g}".replace("+", "")] if config.model == "vae" and config.beta != 1 else []
    parts += _kl_words(config)
    parts += ["bf16"] if config.precision == "bf16" else []
    return "-".join([config.data, config.model, *parts, f"s{config.seed}"])


def _kl_words(config: RunConfig) -> list[str]:
    if config.model != "vae":
        return []
    numbers = {"warm-up": config.warm_up, "cyclical": config.kl_cycles, "free-bits": config.free_bits}
    numbers |= {"target": config.kl_target}
    words = [f"{config.kl_policy.replace('-', '')}{numbers[config.kl_policy]:g}"] if config.kl_policy in numbers else []
    return words + ([f"dec{config.decoder_width}"] if config.decoder_width else [])


def checked_id(name: str) -> str:
    """`name`, which can be the id of a run: what is kept under another could not be found by it.

    Raises:
        ConfigError: `run_name`.
    """
    if not ID_PATTERN.fullmatch(name):
        plain = re.sub(r"[^a-z0-9.]+", "-", name.lower())[:80].strip("-.")
        raise ConfigError("run_name", got=name, suggestion=plain or "my-run")
    return name


def _level_words(config: RunConfig) -> list[str]:
    words = [f"{config.quantizer}{config.num_levels}"]
    words += ["shared"] if config.shared_codebook else []
    dropped = config.quantizer == "residual" and config.quantize_dropout > 0
    return words + ([f"drop{config.quantize_dropout:g}"] if dropped else [])


def _codebook_words(config: RunConfig) -> list[str]:
    if config.num_levels is not None:
        return _level_words(config) + _rule_words(config, config.level_quantizer)
    return _rule_words(config, config.quantizer)


def _rule_words(config: RunConfig, kind: str) -> list[str]:
    if "init" not in QUANTIZERS[kind].parts:  # nothing of a grid is drawn or moved
        return [kind] + ([config.regularizer] if config.regularizer != "none" else [])
    rule = config.codebook_update
    rule = f"ema-{config.ema_start}" if rule == "ema" and config.ema_start != "hold" else rule
    names = ("codebook_init", "dead_codes", "quantizer", "gradient_estimator", "distance", "regularizer")
    plain = {field.name: field.default for field in fields(RunConfig)}
    chosen = {name: getattr(config, name) for name in names} | {"quantizer": kind}
    return [rule, *(value for name, value in chosen.items() if value != plain[name])]
