"""What can be changed in a run while it trains: each change happens between two steps, is written down, and replays.

An intervention belongs to a step boundary: after update `step`, before the next one. What it draws comes from a stream
of the run's seed and its own number, so that a resumed run meets the same change with the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from explorer.errors import ConfigError
from explorer.models import VAE, VQVAE, Autoencoder
from explorer.models.codebook_inits import GATHERED_PER_CODE, KMeansInit, draw_distinct
from explorer.models.codebook_updates import EMAUpdate
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from explorer.models.registry import QUANTIZERS
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.streams import stream
from explorer.training.config import RANGES, RunConfig

if TYPE_CHECKING:
    from explorer.training.loop import Trainer

Value = float | str | None
#: A killed code is put this many times as far from the centre as the farthest vector of the codebook.
BANISHED = 100.0


@dataclass(frozen=True)
class Intervention:
    """One change.

    Attributes:
        step: it happens after this many updates.
        what: a key of `INTERVENTIONS`.
        value: a number, the name of a policy, or None for what takes no value.
        before: the value that it replaced, where there was one.
    """

    step: int
    what: str
    value: Value = None
    before: Value = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Intervention:
        """The inverse of `to_dict`.

        Raises:
            ConfigError: for a change that this version does not know.
        """
        made = cls(int(values["step"]), str(values["what"]), values.get("value"), values.get("before"))
        if made.what not in INTERVENTIONS:
            raise ConfigError("intervention_unknown", what=made.what, known=", ".join(INTERVENTIONS))
        return made


@dataclass(frozen=True)
class Kind:
    """A kind of change.

    Attributes:
        fits: whether a run can be changed so.
        value: "number", "share", "policy" or "none": what it takes.
        set: changes a setting of the model; None for what moves codes.
        act: moves codes, once; None for a setting.
    """

    fits: Callable[[RunConfig], bool]
    value: str
    set: Callable[[Autoencoder, Any], None] | None = None
    act: Callable[[Trainer, Intervention, torch.Generator], None] | None = None


def check(config: RunConfig, what: str, value: object) -> Value:
    """`value` as the intervention takes it.

    Raises:
        ConfigError: a run of `config` cannot be changed so, or not to that value.
    """
    if what not in INTERVENTIONS:
        raise ConfigError("intervention_unknown", what=what, known=", ".join(INTERVENTIONS))
    kind = INTERVENTIONS[what]
    if not kind.fits(config):
        raise ConfigError("intervention_other_model", what=what)
    if kind.value == "none":
        return None
    if kind.value == "policy":
        if not isinstance(value, str) or value not in DEAD_CODE_POLICIES:
            raise ConfigError("config_choice", name="--dead-codes", got=value, known=", ".join(DEAD_CODE_POLICIES))
        return value
    low, high = (0.0, 1.0) if kind.value == "share" else next(row[1:] for row in RANGES if row[0] == what)
    if (
        isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high  # never of NaN
    ):
        raise ConfigError("config_range", name=what, got=value, low=low, high=high)
    return float(value)


def possible(config: RunConfig) -> tuple[str, ...]:
    """The interventions that a run of `config` takes."""
    return tuple(what for what, kind in INTERVENTIONS.items() if kind.fits(config))


def adjust(model: Autoencoder, history: Sequence[Intervention]) -> None:
    """Give a model built from a config the settings that its run had after `history`; moves no weight."""
    for change in history:
        setting = INTERVENTIONS[change.what].set
        if setting is not None:
            setting(model, change.value)


def setting_after(config: RunConfig, history: Sequence[Intervention], what: str) -> Value:
    """What a setting stands at after `history`; None for what is no setting."""
    if INTERVENTIONS[what].value not in ("number", "policy"):
        return None
    changed = [change.value for change in history if change.what == what]
    return changed[-1] if changed else getattr(config, what)


def apply(trainer: Trainer, change: Intervention, number: int) -> None:
    """Let a change happen to a training run; `number` counts the run's interventions from 0."""
    kind = INTERVENTIONS[change.what]
    adjust(trainer.model, [change])
    if change.what == "lr":
        set_rate(trainer, change)
    if kind.act is not None:
        with torch.no_grad():
            kind.act(trainer, change, stream(trainer.config.seed, "intervention", number))


def set_rate(trainer: Trainer, change: Intervention) -> None:
    """The learning rate of the model; a gradient codebook with a rate of its own keeps it."""
    for number, group in enumerate(trainer.optimizer.param_groups):
        if number == 0 or trainer.config.codebook_lr is None:
            group["initial_lr"] = change.value


# --- settings


def _beta(model: Autoencoder, value: float) -> None:
    if isinstance(model, VAE):
        model.beta = value


def _commitment(model: Autoencoder, value: float) -> None:
    if isinstance(model, VQVAE):
        model.quantizer.commitment_cost = value


def _decay(model: Autoencoder, value: float) -> None:
    quantizer = model.quantizer if isinstance(model, VQVAE) else None
    if isinstance(quantizer, VectorQuantizer) and isinstance(quantizer.update, EMAUpdate):
        quantizer.update = replace(quantizer.update, decay=value)


def _policy(model: Autoencoder, value: str) -> None:
    if isinstance(model, VQVAE) and isinstance(model.quantizer, VectorQuantizer):
        model.quantizer.follow(value)


def _rate(model: Autoencoder, value: float) -> None:
    """The optimizer's business: see `set_rate`."""


# --- codes


def _kill(trainer: Trainer, change: Intervention, generator: torch.Generator) -> None:
    """Put a share of the codes, drawn at random, so far out that no vector chooses them."""
    quantizer = _quantizer(trainer)
    count = round(float(change.value or 0) * quantizer.num_embeddings)
    rows = torch.randperm(quantizer.num_embeddings, generator=generator)[:count]
    direction = torch.randn(count, quantizer.embedding_dim, generator=generator)
    reach = BANISHED * float(quantizer.stored.norm(dim=1).max().clamp(min=1e-3))
    _put(trainer, rows, direction / direction.norm(dim=1, keepdim=True).clamp(min=1e-6) * reach)


def _restart(trainer: Trainer, _change: Intervention, generator: torch.Generator) -> None:
    """Put every code without a hit in the window onto a vector of the coming batch."""
    assert trainer.window is not None
    rows = (trainer.window.hits == 0).nonzero()[:, 0]
    vectors = draw_distinct(trainer.coming_vectors(1), len(rows), generator)
    _put(trainer, rows[: len(vectors)], vectors)
    trainer.restarts += len(vectors)


def _kmeans(trainer: Trainer, _change: Intervention, generator: torch.Generator) -> None:
    """Begin the whole codebook anew, by k-means over encoder outputs of the coming batches."""
    quantizer = _quantizer(trainer)
    vectors = trainer.coming_vectors(GATHERED_PER_CODE * quantizer.num_embeddings)
    centres = KMeansInit().fit(vectors, quantizer.num_embeddings, generator)
    _put(trainer, torch.arange(quantizer.num_embeddings), centres)


def _put(trainer: Trainer, rows: Tensor, vectors: Tensor) -> None:
    quantizer = _quantizer(trainer)
    quantizer.place(rows, vectors)
    quantizer.reset_optimizer_rows(trainer.optimizer, rows)


def _quantizer(trainer: Trainer) -> VectorQuantizer:
    assert isinstance(trainer.model, VQVAE)
    assert isinstance(trainer.model.quantizer, VectorQuantizer)
    return trainer.model.quantizer


def _commits(config: RunConfig) -> bool:
    kind = config.quantizer if config.num_levels is None else config.level_quantizer
    return config.is_vq and "commitment_cost" in QUANTIZERS[kind].parts


def _codes_can_be_put(config: RunConfig) -> bool:
    return config.is_vq and config.quantizer == "vq"


def _is_ema(config: RunConfig) -> bool:
    return _codes_can_be_put(config) and config.codebook_update != "gradient"


def _codes_can_be_banished(config: RunConfig) -> bool:
    return _codes_can_be_put(config) and config.distance == "euclidean"  # on a sphere nothing is far


INTERVENTIONS: dict[str, Kind] = {
    "beta": Kind(lambda config: config.model == "vae", "number", set=_beta),
    "commitment_cost": Kind(_commits, "number", set=_commitment),
    "lr": Kind(lambda _config: True, "number", set=_rate),
    "decay": Kind(_is_ema, "number", set=_decay),
    "dead_codes": Kind(_codes_can_be_put, "policy", set=_policy),
    "kill": Kind(_codes_can_be_banished, "share", act=_kill),
    "restart": Kind(_codes_can_be_put, "none", act=_restart),
    "kmeans": Kind(_codes_can_be_put, "none", act=_kmeans),
}
