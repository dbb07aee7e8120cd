"""A burst of training steps as one function: settings and state in, progress and state out, nothing kept between two.

What runs it may be another process on another device: all that goes in and comes out can be pickled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from explorer.data import load_image_set
from explorer.errors import TrainingError
from explorer.training import packed
from explorer.training.config import RunConfig
from explorer.training.interventions import Intervention
from explorer.training.loop import Trainer

#: Steps of a burst at most, and how many of them lie between two reports.
MOST_STEPS, REPORT_EVERY = 2000, 20
#: Seconds that it takes to begin, and that a step of one run takes at most on a GPU.
START_SECONDS, STEP_SECONDS = 15, 0.05


@dataclass(frozen=True)
class Side:
    """One run of a burst.

    Attributes:
        settings: of `RunConfig`.
        state: of the burst before; empty begins the run.
        changes: interventions by step, those that happened and those to come.
    """

    settings: dict[str, Any]
    state: bytes = b""
    changes: tuple[Intervention, ...] = ()


@dataclass(frozen=True)
class Progress:
    """How far a burst is.

    Attributes:
        step: updates done since the runs began, the same on all sides.
        last: the step at which the burst ends.
        losses: of that step on the first side, unweighted.
        states: what the next burst begins from, safetensors, one a side; empty until the last report.
    """

    step: int
    last: int
    losses: dict[str, float]
    states: tuple[bytes, ...] = ()


def burst(sides: Sequence[Side], steps: int) -> Iterator[Progress]:
    """Train a run, or two in lock-step, for some steps, on a GPU where there is one; the first report is the start.

    Args:
        sides: of equal `steps` and images.
        steps: how many, `MOST_STEPS` at most; fewer are made where the runs end.

    Raises:
        TrainingError: a state is none of its settings.
    """
    trainers = [_trainer(side) for side in sides]
    first = trainers[0]
    last = min(first.step + min(steps, MOST_STEPS), first.config.steps)
    losses: dict[str, float] = {}
    yield Progress(first.step, last, losses)
    for records in zip(*(trainer.run() for trainer in trainers), strict=True) if first.step < last else ():
        losses = records[0].losses
        if first.step >= last:
            break
        if first.step % REPORT_EVERY == 0:
            yield Progress(first.step, last, losses)
    yield Progress(first.step, last, losses, tuple(save(packed.tensors_of(trainer)) for trainer in trainers))


def seconds(sides: Sequence[Side], steps: int) -> int:
    """How long a burst may take: what is asked for of a GPU that is shared."""
    return round(START_SECONDS + STEP_SECONDS * min(steps, MOST_STEPS) * len(sides))


def _trainer(side: Side) -> Trainer:
    config = RunConfig.from_dict(side.settings)
    trainer = Trainer(config, load_image_set(config.data), "cuda" if torch.cuda.is_available() else "cpu")
    trainer.interventions = list(side.changes)
    if side.state:
        resumed(trainer, side.state)
    return trainer


def resumed(trainer: Trainer, state: bytes) -> Trainer:
    """A new trainer, brought where a burst ended; its `interventions` have to be here before.

    Raises:
        TrainingError: this is no state of its settings.
    """
    try:
        packed.resume(trainer, load(state))
    except (SafetensorError, KeyError, IndexError, RuntimeError, TypeError, ValueError) as error:
        raise TrainingError("burst_state") from error
    return trainer
