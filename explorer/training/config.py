"""Everything that decides a run: one flat, frozen dataclass, one field for each command-line flag."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from explorer.errors import ConfigError
from explorer.models.base import DEFAULT_WIDTH
from explorer.models.codebook_inits import CODEBOOK_INITS
from explorer.models.codebook_updates import CODEBOOK_UPDATES, EMA_STARTS
from explorer.models.compositions import COMPOSITIONS
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from explorer.models.distances import DISTANCES
from explorer.models.gradient_estimators import GRADIENT_ESTIMATORS
from explorer.models.kl_policies import KL_POLICIES
from explorer.models.registry import QUANTIZERS, check_combination
from explorer.models.regularizers import REGULARIZERS

MODELS = ("ae", "vae", "vqvae")
LR_SCHEDULES = ("constant", "cosine", "settle")
TRACE_LEVELS = ("full", "codebook", "scalars")
PRECISIONS = ("fp32", "bf16")
#: What one position can say at most: the number of a choice of all levels fits 64 bits.
MOST_CODES = 2**62


@dataclass(frozen=True)
class RunConfig:
    """The settings of one run. Field names are the command line's flags, with `_` for `-`.

    Attributes:
        model: "ae", "vae" or "vqvae".
        data: name of an image set; on the command line also a folder or a zip of pictures.
        seed: of every stream of the run; twins share it.
        steps: optimizer steps.
        batch_size: images per step.
        lr: Adam's learning rate, at the start.
        lr_schedule: "constant"; "cosine" down to zero; "settle", a cosine over 4/5 of the steps, then lr / 100.
        precision: of the network's arithmetic, "bf16" by autocast; latents, losses and quantizer are float32 in either.
        width: channels of the trunk.
        decoder_width: of a VAE's decoder; None takes `width`. A weak decoder cannot do without the latent.
        augment: shift by up to 2 pixels and flip, training images only.
        latent_dim: Z of AE and VAE; channels per position with `spatial`.
        spatial: AE and VAE on the VQ-VAE's grid.
        beta: weight of the VAE's KL.
        kl_policy: a key of `KL_POLICIES`; what training pays for the VAE's KL.
        warm_up: share of the steps in which --kl-policy warm-up raises beta from 0 to its value.
        kl_cycles: how often --kl-policy cyclical does so.
        free_bits: nats that each unit carries for nothing under --kl-policy free-bits.
        kl_target: bits that each number of the latent is held near under --kl-policy target.
        num_embeddings: K, codes in the codebook.
        embedding_dim: D, numbers per code.
        commitment_cost: β of the VQ-VAE loss, on the encoder's side.
        codebook_update: a key of `CODEBOOK_UPDATES`.
        ema_start: a key of `EMA_STARTS`; where counts and sums begin.
        decay: γ of the EMA.
        epsilon: of the Laplace smoothing.
        codebook_init: a key of `CODEBOOK_INITS`; where vectors begin.
        codebook_lr: Adam's rate of a gradient codebook; None takes `lr`.
        dead_codes: a key of `DEAD_CODE_POLICIES`.
        quantizer: a key of `QUANTIZERS` or `COMPOSITIONS`; in fsq and bsq no rule, init or loss moves a code.
        level_quantizer: a key of `QUANTIZERS`; what each residual level or group is.
        levels: L of --quantizer residual; each level quantizes what the ones before it leave over.
        groups: G of --quantizer grouped; each has D / G numbers of a code.
        shared_codebook: one codebook for all levels or groups.
        quantize_dropout: share of passes that use only the first few residual levels: every prefix is to decode well.
        gradient_estimator: a key of `GRADIENT_ESTIMATORS`; how the decoder's gradient reaches the encoder.
        distance: a key of `DISTANCES`; by which a code is the nearest.
        regularizer: a key of `REGULARIZERS`; a loss term on the use of codes.
        regularizer_weight: of that term.
        trace: how much of the film is kept, one of `TRACE_LEVELS`.
        kept_weights: how many steps keep float16 weights in a full trace.
    """

    model: str = "vae"
    data: str = "fashion"
    seed: int = 0
    steps: int = 5000
    batch_size: int = 64
    lr: float = 1e-3
    lr_schedule: str = "constant"
    precision: str = "fp32"
    width: int = DEFAULT_WIDTH
    decoder_width: int | None = None
    augment: bool = False
    latent_dim: int = 2
    spatial: bool = False
    beta: float = 1.0
    kl_policy: str = "plain"
    warm_up: float = 0.3
    kl_cycles: int = 4
    free_bits: float = 0.5
    kl_target: float = 4.0
    num_embeddings: int = 256
    embedding_dim: int = 2
    commitment_cost: float = 0.25
    codebook_update: str = "ema"
    ema_start: str = "hold"
    decay: float = 0.99
    epsilon: float = 1e-5
    codebook_init: str = "uniform"
    codebook_lr: float | None = None
    dead_codes: str = "keep"
    quantizer: str = "vq"
    level_quantizer: str = "vq"
    levels: int = 4
    groups: int = 2
    shared_codebook: bool = False
    quantize_dropout: float = 0.0
    gradient_estimator: str = "straight-through"
    distance: str = "euclidean"
    regularizer: str = "none"
    regularizer_weight: float = 0.1
    trace: str = "full"
    kept_weights: int = 0

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise ConfigError(
                    "config_choice", name=flag(name), got=getattr(self, name), known=", ".join(sorted(choices))
                )
        _check_types(self)
        for name, low, high in RANGES:
            value = getattr(self, name)
            if value is not None and not (_is_number(value, type(low)) and low <= value <= high):
                raise ConfigError("config_range", name=flag(name), got=value, low=low, high=high)
        for code, holds in IMPOSSIBLE:
            if holds(self):
                raise ConfigError(code)
        if self.is_vq:
            check_combination({name: getattr(self, name) for name in CHOICES})
            self._check_sizes()

    @property
    def is_vq(self) -> bool:
        """Whether the run has a codebook."""
        return self.model == "vqvae"

    @property
    def num_levels(self) -> int | None:
        """L codebooks of a composition, residual levels or groups; None where there is one."""
        return {"residual": self.levels, "grouped": self.groups}.get(self.quantizer) if self.is_vq else None

    @property
    def code_dim(self) -> int:
        """Numbers of a vector in a codebook: D, or D / G of a group."""
        return self.embedding_dim // self.groups if self.quantizer == "grouped" else self.embedding_dim

    @property
    def num_codes(self) -> int:
        """What one position can say: K, or K^L with one code of each level."""
        return int(self.num_embeddings ** (self.num_levels or 1))

    @property
    def num_rows(self) -> int:
        """Code vectors in all codebooks: K L, a shared one counted at each level that it serves."""
        return self.num_embeddings * (self.num_levels or 1)

    def _check_sizes(self) -> None:
        if self.quantizer == "grouped" and self.embedding_dim % self.groups:
            raise ConfigError("config_groups", groups=self.groups, embedding_dim=self.embedding_dim)
        if self.num_codes > MOST_CODES:
            raise ConfigError("config_levels", levels=self.num_levels, num_embeddings=self.num_embeddings)
        kind = self.quantizer if self.num_levels is None else self.level_quantizer
        QUANTIZERS[kind].check_sizes(self.num_embeddings, self.code_dim)

    def remarks(self) -> tuple[ConfigError, ...]:
        """What speaks against settings that are possible, one sentence each."""
        if not self.is_vq:
            return ()
        kind = self.quantizer if self.num_levels is None else self.level_quantizer
        return QUANTIZERS[kind].remarks_on_sizes(self.num_embeddings, self.code_dim)

    def same_but_for_seed(self, other: RunConfig) -> bool:
        """Whether another run of these settings was trained, from the same seed or another; films do not count."""
        return replace(self, seed=0, trace=other.trace, kept_weights=other.kept_weights) == replace(other, seed=0)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> RunConfig:
        """The config of a stored run.

        Raises:
            ConfigError: for a setting this version does not know, or a value out of its range.
        """
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise ConfigError("config_unknown", names=", ".join(unknown))
        return cls(**values)


CHOICES: dict[str, tuple[str, ...]] = {
    "model": MODELS,
    "kl_policy": tuple(KL_POLICIES),
    "codebook_update": tuple(CODEBOOK_UPDATES),
    "ema_start": tuple(EMA_STARTS),
    "codebook_init": tuple(CODEBOOK_INITS),
    "dead_codes": tuple(DEAD_CODE_POLICIES),
    "quantizer": (*QUANTIZERS, *COMPOSITIONS),
    "level_quantizer": tuple(QUANTIZERS),
    "gradient_estimator": tuple(GRADIENT_ESTIMATORS),
    "distance": tuple(DISTANCES),
    "regularizer": tuple(REGULARIZERS),
    "lr_schedule": LR_SCHEDULES,
    "precision": PRECISIONS,
    "trace": TRACE_LEVELS,
}

SWITCHES = ("augment", "spatial", "shared_codebook")

#: name, lowest, highest; the type of the lowest is the type the field takes.
RANGES: tuple[tuple[str, float, float], ...] = (
    ("seed", 0, 2**31 - 1),
    ("steps", 1, 10_000_000),
    ("batch_size", 1, 65_536),
    ("lr", 1e-8, 1.0),
    ("width", 4, 1024),
    ("decoder_width", 1, 1024),
    ("latent_dim", 1, 4096),
    ("beta", 0.0, 1e6),
    ("warm_up", 0.01, 1.0),
    ("kl_cycles", 1, 100),
    ("free_bits", 0.0, 100.0),
    ("kl_target", 0.01, 30.0),
    ("num_embeddings", 2, 1_048_576),
    ("embedding_dim", 1, 4096),
    ("levels", 1, 16),
    ("groups", 1, 16),
    ("quantize_dropout", 0.0, 1.0),
    ("commitment_cost", 0.0, 1e3),
    ("decay", 0.0, 0.999999),
    ("epsilon", 1e-12, 1.0),
    ("codebook_lr", 1e-8, 1.0),
    ("regularizer_weight", 0.0, 1e3),
    ("kept_weights", 0, 48),
)

#: Settings that contradict each other; a setting that merely has no effect is no error.
IMPOSSIBLE: tuple[tuple[str, Callable[[RunConfig], bool]], ...] = (
    ("config_codebook_lr", lambda c: c.is_vq and c.codebook_update != "gradient" and c.codebook_lr is not None),
)


def flag(name: str) -> str:
    """The command line's spelling of a field."""
    return "--" + name.replace("_", "-")


def _check_types(config: RunConfig) -> None:
    """Of what has neither choices nor a range: JSON may hold anything."""
    for name in SWITCHES:
        if not isinstance(getattr(config, name), bool):
            raise ConfigError("config_choice", name=flag(name), got=getattr(config, name), known="false, true")
    if not isinstance(config.data, str):
        raise ConfigError("config_name", name=flag("data"), got=config.data)


def _is_number(value: object, kind: type) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # an integer of JSON may be too large for `isfinite`: the range refuses it
    return isinstance(value, int) or (kind is float and math.isfinite(value))
