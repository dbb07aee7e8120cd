"""How much a run is slowed by being watched: `python -m benchmarks.watching`.

One trainer in this process takes turns of some seconds, watched and unwatched, in the order ABBA so that a machine that
warms up or is busy elsewhere favours neither. What is printed is the ratio of steps per second within this one run, and
how often a watcher saw something new. The page that draws it uses another core and is not part of this.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path
from statistics import median

import torch

from explorer.data import load_image_set
from explorer.jobs import spool as spool
from explorer.jobs.live import Live
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer

PAIRS = {
    "VAE | VQ-VAE": (RunConfig(model="vae"), RunConfig(model="vqvae", num_embeddings=64)),
    "gradient | EMA": (
        RunConfig(model="vqvae", codebook_update="gradient"),
        RunConfig(model="vqvae"),
    ),
    "VQ-VAE, D = 64": (RunConfig(model="vqvae", embedding_dim=64, num_embeddings=512),),
}


def main() -> None:
    """Measure each pair."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="of one turn")
    parser.add_argument("--rounds", type=int, default=4, help="of ABBA")
    args = parser.parse_args()
    torch.set_num_threads(1)
    for name, configs in PAIRS.items():
        slowdowns, rates = measure(configs, args.seconds, args.rounds)
        spread = f"{100 * min(slowdowns):.1f} to {100 * max(slowdowns):.1f}"
        print(f"{name:16} slowed by {100 * median(slowdowns):.1f} % ({spread}), {median(rates):.1f} snapshots/s")


def measure(configs: tuple[RunConfig, ...], seconds: float, rounds: int) -> tuple[list[float], list[float]]:
    """Slow-down of each round, and snapshots a second of each watched turn."""
    place = Path(tempfile.mkdtemp(prefix="explorer-watching-"))
    os.environ["EXPLORER_HOME"] = str(place)
    try:
        image_set = load_image_set(configs[0].data)
        job = spool.create_job(place / "visitors" / "bench", configs, ("a", "b"), 1, image_set.sha256)
        trainers = [Trainer(config, image_set) for config in configs]
        live, steps = Live(job, trainers), zip(*(trainer.run() for trainer in trainers), strict=True)
        for _ in range(20):  # past the film's dense first frames
            next(steps)
        slowdowns, seen = [], []
        for _ in range(rounds):
            speeds: dict[bool, list[float]] = {True: [], False: []}
            for watched in (True, False, False, True):
                count, written, began = 0, 0, time.perf_counter()
                while (spent := time.perf_counter() - began) < seconds:
                    next(steps)
                    count += 1
                    if watched:
                        spool.watch(job)
                        before = live.written
                        live.offer(time.monotonic())
                        written += live.written != before
                speeds[watched].append(count / spent)
                if watched:
                    seen.append(written / spent)
            slowdowns.append(1 - sum(speeds[True]) / sum(speeds[False]))
        return slowdowns, seen
    finally:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
