"""What one of several processes does in `test_distributed.py`, which forks them.

Every case is trained on its share of the batch; the first rank writes what came out. Then the second rank is told to
stop, and last it falls silent.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from explorer.data import ImageSet
from explorer.errors import TrainingError
from explorer.models import VQVAE
from explorer.models.codebook_updates import CODEBOOK_UPDATES
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from explorer.models.ranks import this_rank
from explorer.training.config import RunConfig
from explorer.training.distributed import process_group, records
from explorer.training.feed import Feed
from explorer.training.loop import Trainer
from tests.tiny import tiny_config, tiny_set

#: Two windows of 20 steps, at whose ends restarts come due, and what becomes of the codes after the second one.
STEPS = 44
OTHERS: dict[str, dict[str, Any]] = {
    "ones": {"ema_start": "ones", "dead_codes": "restart"},
    "sonnet": {"ema_start": "sonnet", "dead_codes": "restart"},
    "kmeans": {"codebook_init": "kmeans", "dead_codes": "restart"},
    "data, gradient": {"codebook_init": "data", "codebook_update": "gradient"},
    "entropy": {"regularizer": "entropy", "codebook_update": "gradient"},
    "cosine, restart": {"distance": "cosine", "dead_codes": "restart"},
    "simvq": {"quantizer": "simvq", "codebook_update": "gradient", "codebook_init": "linear"},
    "residual": {"quantizer": "residual", "levels": 3, "dead_codes": "restart", "quantize_dropout": 0.5},
    "residual, gradient": {"quantizer": "residual", "codebook_update": "gradient", "quantize_dropout": 0.8},
    "residual, shared": {"quantizer": "residual", "shared_codebook": True, "codebook_init": "data"},
    "grouped": {"quantizer": "grouped", "codebook_init": "kmeans", "dead_codes": "restart"},
    "augmented": {"augment": True},
    "vae": {"model": "vae"},
    "free bits": {"model": "vae", "kl_policy": "free-bits", "free_bits": 2.0},
    "spatial vae": {"model": "vae", "spatial": True},
}
CASES: dict[str, dict[str, Any]] = OTHERS | {
    f"{rule}, {policy}": {"codebook_update": rule, "dead_codes": policy}
    for rule in CODEBOOK_UPDATES
    for policy in DEAD_CODE_POLICIES
}
#: What is trained: everything in float64, rules and policies in float32 too; augmented images are float32 only. So are
#: codes drawn to the vector nearest to each: those with one anchor end within 1e-15 of each other, and the last bit,
#: which the order of a sum decides, then says which of them is hit. In float32 they are equal, and the first one is.
PLAN = [(torch.float64, case) for case in CASES if case != "augmented" and not case.endswith("anchors-closest")]
PLAN += [(torch.float32, case) for case in CASES if case == "augmented" or case not in OTHERS]


class DoubleSet(ImageSet):
    """The tiny set, read in float64."""

    def batch(self, indices: Tensor) -> Tensor:
        return self.images.index_select(0, indices).double() / 255


class DoubleFeed(Feed):
    """Its batches, in float64."""

    def images(self, step: int) -> Tensor:
        return (self._taken(step).double() / 255).contiguous(memory_format=torch.channels_last)


def trainer_of(case: str, dtype: torch.dtype) -> Trainer:
    """The case's trainer, in that precision."""
    config: RunConfig = tiny_config(
        **{"steps": STEPS, "batch_size": 16, "num_embeddings": 12, "width": 4, "trace": "scalars", "kept_weights": 0}
        | CASES[case]
    )
    images = tiny_set()
    if dtype == torch.float64:
        images = DoubleSet(**{field.name: getattr(images, field.name) for field in fields(images)})
    trainer = Trainer(config, images)
    trainer.model.to(dtype)
    if dtype == torch.float64:
        trainer.feed = DoubleFeed(images, trainer.plan, trainer.device, augmented=config.augment)
    return trainer


def outcome(trainer: Trainer) -> dict[str, Any]:
    """What is compared: the codebook and its counts, or a VAE's weights, the curves and the last frame."""
    model, trace = trainer.model, trainer.recorder.trace()
    states = model.quantizer.state_dict() if isinstance(model, VQVAE) else model.state_dict()
    found = {f"state/{name}": value.numpy() for name, value in states.items()}
    found |= {f"curve/{name}": values for name, values in trace.curves.items()}
    return found | {"val": trace.frames["val_mse"], "restarts": np.asarray(trainer.restarts)}


def all_outcomes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and outcome of every case in every precision, trained as one rank or alone."""
    for dtype, case in PLAN:
        trainer = trainer_of(case, dtype)
        list(records(trainer))
        yield f"{dtype}|{case}", outcome(trainer) if this_rank() == 0 else {}


def stopped_at() -> int:
    """The step after which this rank ended, of which only the second one is told to stop, in the middle of step 8."""
    trainer = trainer_of("ema, keep", torch.float32)
    try:
        for record in records(trainer):
            if record.step == 7 and this_rank() == 1:
                os.kill(os.getpid(), signal.SIGTERM)
    except KeyboardInterrupt:
        return trainer.step
    return -1


def missed(folder: Path) -> str:
    """What the first rank says when the second one falls silent."""
    if this_rank():
        while not (folder / "missed.txt").exists():
            time.sleep(0.05)
        return ""
    try:
        list(records(trainer_of("ema, keep", torch.float32)))
    except TrainingError as error:
        return str(error)
    return "nothing"


def play(rank: int, ports: tuple[str, str], folder: Path) -> None:
    """Train every case, stop, fall silent: one of two processes.

    Args:
        rank: 0 or 1.
        ports: at which the two meet, and meet again.
        folder: where they write what came out.
    """
    os.environ |= {"MASTER_ADDR": "127.0.0.1", "WORLD_SIZE": "2", "RANK": str(rank), "MASTER_PORT": ports[0]}
    with process_group("cpu", patience=20.0):
        arrays = {f"{name}|{key}": value for name, found in all_outcomes() for key, value in found.items()}
        (folder / f"stopped-{rank}.txt").write_text(str(stopped_at()))
        if rank == 0:
            np.savez(folder / "outcomes.npz", **arrays)
    os.environ["MASTER_PORT"] = ports[1]
    with process_group("cpu", patience=1.0):
        sentence = missed(folder)
        (folder / ("missed.txt" if rank == 0 else "done.txt")).write_text(sentence)
