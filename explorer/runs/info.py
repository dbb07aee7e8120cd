"""What is known of a run before its weights are read: `run.json` without its checksums."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from explorer.models import ImageShape
from explorer.training.config import RunConfig
from explorer.training.interventions import INTERVENTIONS, Intervention, check

ID_PATTERN = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}")


@dataclass(frozen=True)
class RunInfo:
    """`run.json` without its checksums: what is known of a run before its weights are read.

    Attributes:
        id: readable, unique within a folder of runs.
        config: the settings it was trained with.
        shape: of its images.
        data_sha256: of the image set it was trained on.
        data_variance: of the training values.
        s2: `s²`, the fixed variance of its reported likelihoods; None while it trains.
        step: updates done; less than `config.steps` if it was stopped.
        family: runs of one image set and latent size, one of each kind.
        twin_of: the run it shares first weights and batches with, or "".
        threads: thread count it was trained with; bit-identical repetition needs the same.
        history: what was changed while it trained, by step; `config` says how it began.
    """

    id: str
    config: RunConfig
    shape: ImageShape
    data_sha256: str
    data_variance: float
    s2: float | None
    step: int
    family: str
    twin_of: str
    threads: int
    history: tuple[Intervention, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether it was trained to its last step, or stopped, measured and kept before."""
        return self.step >= self.config.steps or self.s2 is not None

    @property
    def plain(self) -> bool:
        """Whether it was trained as its config says: to the last step, with nothing changed on the way."""
        return not self.history and self.step >= self.config.steps

    def config_at(self, step: int) -> RunConfig:
        """The settings of update `step + 1`, with what was changed until then."""
        past = [change for change in self.history if change.step <= step]
        changed = {change.what: change.value for change in past if INTERVENTIONS[change.what].set}
        return replace(self.config, **changed)  # type: ignore[arg-type]  # a change is checked as a setting is

    def same_but_for_seed(self, other: RunInfo) -> bool:
        """Whether another run of these settings was trained as long and changed alike, whatever its seed."""
        alike = self.step == other.step and self.history == other.history
        return alike and self.config.same_but_for_seed(other.config)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        shape = self.shape
        return values | {
            "config": self.config.to_dict(),
            "shape": {"channels": shape.channels, "height": shape.height, "width": shape.width},
            "history": [change.to_dict() for change in self.history],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> RunInfo:
        """The inverse of `to_dict`; other keys are ignored.

        Raises:
            ConfigError: a setting, an intervention or the shape cannot be.
            KeyError, TypeError: a field is missing, or of another type.
        """
        plain = {name: _typed(values[name], kinds) for name, kinds in FIELDS.items()}
        config = RunConfig.from_dict(values["config"])
        shape = ImageShape(**{name: _typed(side, (int,)) for name, side in values["shape"].items()})
        history = tuple(Intervention.from_dict(change) for change in values.get("history", ()))
        for change in history:
            check(config, change.what, change.value)
        return cls(**plain, config=config, shape=shape, history=history)


#: Fields of `run.json` that are one JSON value, and which they may be.
FIELDS: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "data_sha256": (str,),
    "data_variance": (float, int),
    "s2": (float, int, type(None)),
    "step": (int,),
    "family": (str,),
    "twin_of": (str,),
    "threads": (int,),
}


def _typed(value: Any, kinds: tuple[type, ...]) -> Any:
    """`value`, which is of one of `kinds`, and a number only if it is finite and no less than 0."""
    if type(value) not in kinds or (isinstance(value, int | float) and not 0 <= value < 1e300):
        raise TypeError
    return value
