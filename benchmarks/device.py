"""What an accelerator makes of this project, beside the ways one would write it otherwise: three minutes, no download.

A quantizer's step and the search alone (against the tutorial's form and vector-quantize-pytorch), a whole training step
(against the tutorial's loop around that package: float batches, losses read at every step), and the final report on the
device against the same on the CPU. All take turns, and every turn waits until the device is done.

    python -m benchmarks.device [--device cuda] [--rounds 5]

Whoever has a GPU may paste the table into docs/scaling.md, with the card's name, which is printed first.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import torch

from benchmarks.quantizer import contestants
from benchmarks.throughput import LR, around_package
from benchmarks.timing import interleaved
from explorer.data import ImageSet, load_image_set
from explorer.models.nearest import nearest
from explorer.reports.evaluation import measure
from explorer.training.config import RunConfig
from explorer.training.loop import Trainer

SIZES = ((512, 64, 8192), (1024, 8, 65536), (8192, 64, 4096))  # (K, D, N)
STEPS = 20  # per turn


def waited(run: Callable[[], object], device: torch.device) -> Callable[[], None]:
    """`run`, and then nothing is left in the device's queue."""

    def both() -> None:
        run()
        if device.type == "cuda":
            torch.cuda.synchronize(device)

    return both


def race(title: str, runs: dict[str, Callable[[], object]], device: torch.device, rounds: int) -> None:
    """Print milliseconds and how many times longer the others take than the first."""
    timing = interleaved({name: waited(run, device) for name, run in runs.items()}, rounds)
    told = "  ".join(f"{name} {1e3 * timing.seconds[name]:.2f} ms ({timing.ratios[name]:.2f}x)" for name in runs)
    print(f"{title}: {told}", flush=True)


def quantizers(device: torch.device, rounds: int) -> None:
    """The step, and the search alone."""
    for k, d, n in SIZES:
        torch.manual_seed(0)
        runs = contestants(k, d, n, torch.channels_last, device)
        race(f"quantizer, K {k}, D {d}, N {n}", runs, device, rounds)
        vectors, codes = torch.randn(n, d, device=device), torch.randn(k, d, device=device)
        searches: dict[str, Callable[[], object]] = {
            "ours": lambda v=vectors, c=codes: nearest(v, c),
            "cdist": lambda v=vectors, c=codes: torch.cdist(v, c).argmin(1),
        }
        race(f"search, K {k}, D {d}, N {n}", searches, device, rounds)


def steps(image_set: ImageSet, device: torch.device, rounds: int) -> Trainer:
    """A whole step at batch 256; the trainer, for its report."""
    config = RunConfig(
        model="vqvae", num_embeddings=512, embedding_dim=64, lr=LR, batch_size=256, steps=10**6, trace="scalars"
    )
    trainer = Trainer(config, image_set, device)
    package = around_package(config, image_set, tuned=True, device=device)

    def ours() -> None:
        for _ in range(STEPS):
            trainer.step += 1
            trainer._update(trainer.step)

    def tutorial() -> None:
        for _ in range(STEPS):
            package.step()

    race(f"{STEPS} steps of 256 images, K 512, D 64", {"ours": ours, "package, tuned": tutorial}, device, rounds)
    return trainer


def report(trainer: Trainer, device: torch.device) -> None:
    """The final report where the model was trained, and on the CPU."""
    model, seconds, found = trainer.model.eval(), [], []
    for place in (device, torch.device("cpu")):
        began = time.perf_counter()
        found.append(measure(model.to(place), trainer.image_set, 0.02).report)
        seconds.append(time.perf_counter() - began)
    apart = abs(found[0]["mse"] / found[1]["mse"] - 1)
    there, here = seconds
    print(f"report: {there:.1f} s there, {here:.1f} s on the CPU ({here / there:.1f}x); MSE {apart:.1e} apart")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--rounds", type=int, default=5, help="medians over this many rounds")
    parser.add_argument("--only", choices=("quantizer", "step"), help="one part")
    chosen = parser.parse_args()
    device = torch.device(chosen.device)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    print(f"{name}, torch {torch.__version__}", flush=True)
    if chosen.only != "step":
        quantizers(device, chosen.rounds)
    if chosen.only != "quantizer":
        report(steps(load_image_set("fashion"), device, chosen.rounds), device)


if __name__ == "__main__":
    main()
