"""Where a training step's time goes, what several processes exchange, and what that costs.

    python -m benchmarks.scaling [--steps 20] [--rounds 5]

Prints, for models from the page's to one for ImageNet at 64×64: the share of a step's CPU time in data, encoder,
quantizer, decoder, backward pass and optimizer; the bytes that a rank hands over per step; and CPU seconds of a step in
a pair of processes (gloo) over those of one process with the same share of the batch, alone.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch

from explorer.data import ImageSet
from explorer.models import VQVAE, ranks
from explorer.training import distributed
from explorer.training.config import RunConfig
from explorer.training.distributed import process_group
from explorer.training.loop import Trainer

BATCH = 64
RANKS = 2


def noise_images(size: int, channels: int) -> ImageSet:
    """A few hundred pictures of noise; a step's time does not depend on what they show."""
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(256, (320, channels, size, size), generator=generator, dtype=torch.uint8)
    ids = torch.arange(len(images))
    splits = {"train": ids[:256], "val": ids[256:288], "test": ids[288:]}
    return ImageSet("noise", images, ids * 0, ("noise",), (), splits, "", "", "")


MODELS: dict[str, tuple[int, int, dict[str, Any]]] = {
    "28×28 grey, width 32, K 256, D 2": (28, 1, {}),
    "32×32 colour, width 32, K 512, D 64": (32, 3, {"num_embeddings": 512, "embedding_dim": 64}),
    "64×64 colour, width 128, K 1024, D 64": (64, 3, {"num_embeddings": 1024, "embedding_dim": 64, "width": 128}),
}


def trainer_of(name: str, batch: int) -> Trainer:
    """A trainer of one of `MODELS`."""
    size, channels, settings = MODELS[name]
    config = RunConfig(model="vqvae", batch_size=batch, trace="scalars", steps=10_000, **settings)
    return Trainer(config, noise_images(size, channels))


def take(trainer: Trainer, steps: int) -> float:
    """CPU seconds of this process per step, of all its threads."""
    began = time.process_time()
    for _ in range(steps):
        trainer.step += 1
        trainer._update(trainer.step)
    return (time.process_time() - began) / steps


class Clock:
    """CPU seconds of the calling thread by name, of calls that do not contain each other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def on(self, owner: Any, method: str, name: str) -> Iterator[None]:
        """While the block runs, `owner.method` is timed."""
        plain = getattr(owner, method)

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.thread_time()
            found = plain(*args, **kwargs)
            self.seconds[name] = self.seconds.get(name, 0.0) + time.thread_time() - began
            return found

        owner.__dict__[method] = timed
        try:
            yield
        finally:
            del owner.__dict__[method]


def shares(name: str, steps: int) -> None:
    """Print the parts of a step."""
    trainer, clock = trainer_of(name, BATCH), Clock()
    model = trainer.model
    assert isinstance(model, VQVAE)
    take(trainer, 3)
    began = time.thread_time()
    with (
        clock.on(trainer, "_images", "data"),
        clock.on(model.encoder, "forward", "encoder"),
        clock.on(model.quantizer, "forward", "quantizer"),
        clock.on(model.decoder, "forward", "decoder"),
        clock.on(trainer.optimizer, "step", "optimizer"),
    ):
        take(trainer, steps)
    total = time.thread_time() - began
    parts = dict(clock.seconds)
    parts["backward and the rest"] = total - sum(parts.values())
    print("  " + ", ".join(f"{part} {seconds / total:.1%}" for part, seconds in parts.items()))
    print(f"  {1e3 * total / steps:.1f} ms of CPU a step, {BATCH * steps / total:.0f} images per CPU second")


def exchanged(name: str) -> None:
    """Print the bytes that a rank hands to the others in one step."""
    model = trainer_of(name, BATCH).model
    assert isinstance(model, VQVAE)
    gradients = 4 * sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    k, d = model.quantizer.codebook.shape
    print(
        f"  handed over: gradients {gradients / 1e6:.2f} MB, codebook sums and hits {(4 * k * d + 16 * k) / 1e6:.3f} MB"
    )


def pair(name: str, steps: int, rounds: int) -> None:
    """Print what a step costs in a pair of processes over the same share alone, medians over rounds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
    group = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "WORLD_SIZE": str(RANKS)}
    words = [
        sys.executable,
        "-m",
        "benchmarks.scaling",
        "--steps",
        str(steps),
        "--rounds",
        str(rounds),
        "--rank-of",
        name,
    ]
    processes = [subprocess.Popen(words, env=os.environ | group | {"RANK": str(rank)}) for rank in range(RANKS)]
    assert [process.wait() for process in processes] == [0] * RANKS


def be_a_rank(name: str, steps: int, rounds: int) -> None:
    """One of the pair: by turns alone, with a share of the batch, and together."""
    alone = trainer_of(name, BATCH // RANKS)
    take(alone, 2)  # and so make its loss, before there is a group
    together: list[float] = []
    apart: list[float] = []
    walls: list[float] = []
    with process_group("cpu"):
        joined = trainer_of(name, BATCH)
        take(joined, 2)
        for _ in range(rounds):
            began = time.perf_counter()
            together.append(take(joined, steps))
            walls.append((time.perf_counter() - began) / steps)
            apart.append(_alone(alone, steps))
        if int(os.environ["RANK"]) == 0:
            ratio = statistics.median(t / a for t, a in zip(together, apart, strict=True))
            rate = BATCH / statistics.median(walls)
            print(f"  a rank's step in a pair costs {ratio:.2f}× of the same share alone; {rate:.0f} images/s in all")


def _alone(trainer: Trainer, steps: int) -> float:
    """The same steps, none of which waits for another rank."""
    with patch.object(ranks, "number_of_ranks", lambda: 1), patch.object(distributed, "number_of_ranks", lambda: 1):
        return take(trainer, steps)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=20, help="per round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", type=int, nargs="+", default=range(len(MODELS)), help="numbers of the models, from 0")
    parser.add_argument("--rank-of", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    if chosen.rank_of:
        be_a_rank(chosen.rank_of, chosen.steps, chosen.rounds)
        return
    for number in chosen.only:
        name = list(MODELS)[number]
        print(f"{name}, batch {BATCH}", flush=True)
        shares(name, chosen.steps)
        exchanged(name)
        pair(name, chosen.steps, chosen.rounds)


if __name__ == "__main__":
    main()
