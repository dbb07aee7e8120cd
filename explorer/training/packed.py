"""All that a training needs to go on bit for bit, as named tensors: weights, the optimizer's state, the film so far."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from explorer.training.loop import Trainer
from explorer.training.trace import Trace


def tensors_of(trainer: Trainer) -> dict[str, Tensor]:
    """`weights/...`, `state/...` and `trace/...`, on the CPU."""
    groups = {"weights": trainer.model.state_dict(), "state": trainer.state(), "trace": _film(trainer)}
    return {
        f"{group}/{name}": value.cpu().contiguous()
        for group, values in groups.items()
        for name, value in values.items()
    }


def resume(trainer: Trainer, tensors: Mapping[str, Tensor]) -> None:
    """Bring a new trainer of the same settings where `tensors_of` was; its `interventions` have to be here before.

    Raises:
        KeyError, RuntimeError, ValueError: these are no tensors of such a trainer.
    """
    film = {name: value.numpy() for name, value in _group(tensors, "trace/").items()}
    trace = Trace.from_arrays(film | {"level": np.array(trainer.config.trace)})
    trainer.resume(_group(tensors, "weights/"), _group(tensors, "state/"), trace)


def _film(trainer: Trainer) -> dict[str, Tensor]:
    arrays = trainer.recorder.trace().to_arrays()
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items() if name != "level"}


def _group(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
