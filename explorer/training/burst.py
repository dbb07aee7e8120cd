"""A burst of training steps as one function: settings and state in, progress and state out, nothing kept between two.

What runs it may be another process on another device: all that goes in and comes out can be pickled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from explorer.data import load_image_set
from explorer.errors import TrainingError
from explorer.training import packed
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer

#: Steps of a burst at most, and how many of them lie between two reports.
MOST_STEPS, REPORT_EVERY = 2000, 20
#: Seconds that it takes to begin, and that a step takes at most on a GPU.
START_SECONDS, STEP_SECONDS = 15, 0.05


@dataclass(frozen=True)
class Progress:
    """How far a burst is.

    Attributes:
        step: updates done since the run began.
        last: the step at which the burst ends.
        losses: of that step, unweighted.
        state: what the next burst begins from, safetensors; empty until the last report.
    """

    step: int
    last: int
    losses: dict[str, float]
    state: bytes = b""


def burst(settings: dict[str, Any], state: bytes, steps: int) -> Iterator[Progress]:
    """Train a run for some steps, on a GPU where there is one.

    Args:
        settings: of `RunConfig`.
        state: of the burst before; empty begins the run.
        steps: how many, `MOST_STEPS` at most; fewer are made where the run ends.

    Raises:
        TrainingError: the state is none of these settings.
    """
    config = RunConfig.from_dict(settings)
    trainer = Trainer(config, load_image_set(config.data), "cuda" if torch.cuda.is_available() else "cpu")
    if state:
        _resume(trainer, state)
    last = min(trainer.step + min(steps, MOST_STEPS), config.steps)
    losses: dict[str, float] = {}
    for record in trainer.run() if trainer.step < last else ():
        losses = record.losses
        if record.step >= last:
            break
        if record.step % REPORT_EVERY == 0:
            yield Progress(record.step, last, losses)
    yield Progress(trainer.step, last, losses, save(packed.tensors_of(trainer)))


def seconds(settings: dict[str, Any], state: bytes, steps: int) -> int:  # noqa: ARG001
    """How long a burst may take: what is asked for of a GPU that is shared."""
    return round(START_SECONDS + STEP_SECONDS * min(steps, MOST_STEPS))


def _resume(trainer: Trainer, state: bytes) -> None:
    try:
        packed.resume(trainer, load(state))
    except (SafetensorError, KeyError, IndexError, RuntimeError, TypeError, ValueError) as error:
        raise TrainingError("burst_state") from error
