"""Several processes train one run: PyTorch's own engine, started with `torchrun -m explorer train`.

Each rank has the whole model and a share of every batch. Gradients are averaged by `DistributedDataParallel`; hits,
sums, losses and draws are joined where they arise (`explorer.models.ranks`), so that the run is the one that a single
process trains on the joined batch, up to rounding. The first rank records the film and writes.
"""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import TYPE_CHECKING

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from explorer.errors import ConfigError, TrainingError
from explorer.models import Autoencoder
from explorer.models.objectives import LossTerms
from explorer.models.ranks import number_of_ranks, sum_over_ranks

if TYPE_CHECKING:
    from explorer.training.loop import Record, Trainer

DEVICES = ("auto", "cpu", "cuda")
#: Seconds that a rank waits for the others; far more than the first one needs to record a frame or to save.
PATIENCE = 120.0
#: What PyTorch's backends say when a rank is gone or silent. They raise plain RuntimeErrors.
LOST = ("gloo", "nccl", "connection", "timed out", "timeout", "socket", "peer", "store")


@contextmanager
def process_group(device: str = "auto", patience: float = PATIENCE) -> Iterator[torch.device]:
    """Join the ranks that torchrun started, if it did; gives the device this process trains on.

    Args:
        device: one of `DEVICES`; "auto" is a GPU when there is one.
        patience: seconds to wait for another rank before it counts as lost.

    Raises:
        ConfigError: there is no GPU.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("config_no_gpu")
    on_gpu = device != "cpu" and torch.cuda.is_available()
    place = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if on_gpu else torch.device("cpu")
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield place
        return
    if on_gpu:
        torch.cuda.set_device(place)
    try:
        dist.init_process_group("cpu:gloo,cuda:nccl" if on_gpu else "gloo", timeout=timedelta(seconds=patience))
    except RuntimeError as error:
        raise _lost(error, 0) from error
    yield place
    dist.destroy_process_group()  # not on an error: the others may be gone, and this process ends anyway


class Objective(nn.Module):
    """A model's loss as the forward pass of a module, which is what `DistributedDataParallel` can wrap."""

    def __init__(self, model: Autoencoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor, generator: torch.Generator) -> tuple[LossTerms, Tensor]:
        """The terms, and their weighted sum."""
        terms = self.model.loss_terms(x, generator)
        return terms, self.model.loss(terms)


def objective_over_ranks(model: Autoencoder) -> nn.Module:
    """`Objective(model)`, with gradients averaged over ranks where there are several.

    Buffers are not broadcast: codebooks and their counts are computed from joined numbers, alike on every rank.
    """
    objective = Objective(model)
    if number_of_ranks() == 1:
        return objective
    with warnings.catch_warnings():
        # torch 2.14 renames the switch, and its successor is not there in 2.8.
        warnings.simplefilter("ignore", FutureWarning)
        return DistributedDataParallel(objective, broadcast_buffers=False)


def joined_losses(losses: dict[str, float]) -> dict[str, float]:
    """Means over ranks, each of which has an equal share of the batch."""
    if number_of_ranks() == 1:
        return losses
    values = torch.tensor(list(losses.values()), dtype=torch.float64)
    sum_over_ranks(values)
    return dict(zip(losses, (values / number_of_ranks()).tolist(), strict=True))


def records(trainer: Trainer) -> Iterator[Record]:
    """`trainer.run()`; over several ranks it also ends well.

    A rank that is told to stop (Ctrl-C, SIGTERM) stops all of them after the same step, with a KeyboardInterrupt.

    Raises:
        TrainingError: another rank is gone or silent. This one may be in the middle of a step, so that what it holds
            is not to be saved.
    """
    if number_of_ranks() == 1:
        yield from trainer.run()
        return
    try:
        with _told_to_stop() as told:
            for record in trainer.run():
                stop = torch.tensor(len(told))
                sum_over_ranks(stop)
                yield record
                if stop:
                    raise KeyboardInterrupt
    except RuntimeError as error:
        if not any(word in str(error).lower() for word in LOST):
            raise
        raise _lost(error, trainer.step) from error


@contextmanager
def _told_to_stop() -> Iterator[list[int]]:
    """A list that gets longer when this process is told to stop; nothing is interrupted."""
    told: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        told.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def is_lost(error: BaseException) -> bool:
    """Whether this is the error of a rank that misses another one."""
    return isinstance(error, TrainingError) and error.code == "rank_lost"


def _lost(error: RuntimeError, step: int) -> TrainingError:
    return TrainingError("rank_lost", step=step, reason=str(error).strip().splitlines()[0][:200])
