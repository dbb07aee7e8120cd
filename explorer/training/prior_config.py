"""Everything that decides the training of a learned prior."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from explorer.errors import ConfigError
from explorer.models.prior import LEARNED_PRIORS
from explorer.training.config import flag

DEFAULT_KIND = "transformer"


@dataclass(frozen=True)
class PriorConfig:
    """The settings of one prior. Field names are the command line's flags, with `_` for `-`.

    Attributes:
        kind: a key of `LEARNED_PRIORS`; of codes in levels "transformer" is "levels".
        seed: of weights, batches, dropout and augmentation.
        steps: optimizer steps at most; the learning rate falls to zero at the last.
        batch_size: grids per step.
        lr: AdamW's learning rate, at its highest.
        weight_decay: AdamW's, of matrices only.
        label_dropout: share of training grids whose label is hidden, so that one prior serves with and without a label.
        evaluate_every: steps between two looks at the validation part.
        patience: looks without improvement after which training stops.
    """

    kind: str = DEFAULT_KIND
    seed: int = 0
    steps: int = 2000
    batch_size: int = 32
    lr: float = 4e-3
    weight_decay: float = 0.05
    label_dropout: float = 0.5
    evaluate_every: int = 100
    patience: int = 5

    def __post_init__(self) -> None:
        if self.kind not in LEARNED_PRIORS:
            known = ", ".join(sorted(LEARNED_PRIORS))
            raise ConfigError("config_choice", name="--kind", got=self.kind, known=known)
        for name, low, high in RANGES:
            value = getattr(self, name)
            whole = isinstance(low, int)
            if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
                raise ConfigError("config_range", name=flag(name), got=value, low=low, high=high)
            if not low <= value <= high:
                raise ConfigError("config_range", name=flag(name), got=value, low=low, high=high)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> PriorConfig:
        """The inverse of `to_dict`.

        Raises:
            ConfigError: for a setting this version does not know, or a value out of its range.
        """
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise ConfigError("config_unknown", names=", ".join(unknown))
        return cls(**values)


RANGES: tuple[tuple[str, float, float], ...] = (
    ("seed", 0, 2**31 - 1),
    ("steps", 1, 10_000_000),
    ("batch_size", 1, 65_536),
    ("lr", 1e-8, 1.0),
    ("weight_decay", 0.0, 10.0),
    ("label_dropout", 0.0, 1.0),
    ("evaluate_every", 1, 10_000_000),
    ("patience", 1, 10_000),
)
