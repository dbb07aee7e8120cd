"""What the recorder costs: CPU time of training steps with it off and on, medians of rounds that take turns.

    python -m benchmarks.recorder [--rounds 5] [--steps 100]

The model is the default VQ-VAE on random pictures; processor time is compared, since it does not count what else runs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import torch

from explorer.models import ImageShape
from explorer.recorder import Recorder
from explorer.training.build import build_model
from explorer.training.config import RunConfig

SIZES = ((512, 64), (8192, 64))


def ratio(codes: int, dim: int, rounds: int, steps: int) -> tuple[float, float, float]:
    """Median seconds a step without and with the recorder, and megabytes of the record."""
    torch.manual_seed(0)
    config = RunConfig(model="vqvae", num_embeddings=codes, embedding_dim=dim)
    model = build_model(config, ImageShape(1, 28, 28), 0.1).train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    x = torch.rand(config.batch_size, 1, 28, 28)

    def step() -> None:
        loss = model.loss(model.loss_terms(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    times: dict[bool, list[float]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder) / "record", codes)
        for number in range(2 * rounds + 1):  # the first one warms up
            on = number % 2 == 0
            if on:
                recorder.attach(model)
            begun = time.process_time()
            for _ in range(steps):
                step()
            taken = (time.process_time() - begun) / steps
            for handle in recorder._handles:
                handle.remove()
            recorder._handles.clear()
            if number:
                times[on].append(taken)
        recorder.close()
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()) / 1e6
    off, with_it = (sorted(times[on])[len(times[on]) // 2] for on in (False, True))
    return off, with_it, size


def main() -> None:
    """Print one line for each size."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=100)
    args = parser.parse_args()
    torch.set_num_threads(1)
    for codes, dim in SIZES:
        off, on, size = ratio(codes, dim, args.rounds, args.steps)
        print(f"K {codes:5} D {dim}: {off * 1e3:.1f} ms off, {on * 1e3:.1f} ms on, {on / off - 1:+.2%}, {size:.1f} MB")


if __name__ == "__main__":
    main()
