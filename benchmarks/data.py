"""What share of a training step the data takes, and how many images a second pass through it.

    python -m benchmarks.data [--steps 40] [--rounds 5]

A batch is an index into one uint8 tensor, and for emoji a shift and a flip. Times are CPU seconds of the training
thread, which another process on the same core does not lengthen; images per second of the clock stand beside them.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import dataclass

import torch

from explorer.data import load_image_set
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer

ASKED = 0.03  # of a step
RUNS = {
    "fashion, VAE": RunConfig(model="vae", data="fashion"),
    "fashion, VQ-VAE": RunConfig(model="vqvae", data="fashion"),
    "emoji, VAE, augmented": RunConfig(model="vae", data="emoji", augment=True),
    "emoji, VQ-VAE, augmented": RunConfig(model="vqvae", data="emoji", augment=True),
}


@dataclass
class Shares:
    """CPU seconds of the data and of everything, and wall seconds of everything, per step."""

    data: float
    step: float
    wall: float


class TimedTrainer(Trainer):
    """A trainer that notes what its batches cost."""

    data_seconds = 0.0

    def _images(self, step: int) -> torch.Tensor:
        began = time.thread_time()
        images = super()._images(step)
        self.data_seconds += time.thread_time() - began
        return images


def measure(trainer: TimedTrainer, steps: int) -> Shares:
    """Averages over the next `steps` steps; without frames of the film, which training seldom takes."""
    trainer.data_seconds = 0.0
    cpu, wall = time.thread_time(), time.perf_counter()
    for _ in range(steps):
        trainer.step += 1
        trainer._update(trainer.step)
    return Shares(
        trainer.data_seconds / steps, (time.thread_time() - cpu) / steps, (time.perf_counter() - wall) / steps
    )


def main() -> None:
    """Print medians over rounds in which the runs take turns."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=40, help="per round")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    trainers = {name: TimedTrainer(config, load_image_set(config.data)) for name, config in RUNS.items()}
    rounds: dict[str, list[Shares]] = {name: [] for name in trainers}
    for turn in range(args.rounds + 1):
        for name, trainer in trainers.items():
            shares = measure(trainer, args.steps)
            if turn:  # the first one warms up
                rounds[name].append(shares)
    for name, taken in rounds.items():
        share = statistics.median(each.data / each.step for each in taken)
        step, wall = (statistics.median(getattr(each, part) for each in taken) for part in ("step", "wall"))
        size = RUNS[name].batch_size
        print(
            f"{name:26} data {100 * share:5.2f} % of a step (asked < {100 * ASKED:g} %), "
            f"{size / step:6.0f} images per CPU second, {size / wall:6.0f} per second of the clock"
        )


if __name__ == "__main__":
    main()
