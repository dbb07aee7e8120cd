"""Which numerics pay for a training step on a CPU: memory format, optimizer, threads, compile, bf16.

    python -m benchmarks.numerics [--rounds 7] [--data fashion]

Prints, for a VAE and a VQ-VAE, the median time of a step of each variant over the plain one's, all in one process and
in interleaved rounds, so that a machine that slows down slows all of them. Above 1 is slower.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from explorer.data import load_image_set
from explorer.models import ImageShape
from explorer.training.build import build_model
from explorer.training.config import RunConfig

STEPS = 6


@dataclass(frozen=True)
class Variant:
    """One way to take the same step."""

    name: str
    channels_last: bool = False
    fused: bool = False
    foreach: bool = False
    threads: int = 1
    compiled: bool = False
    bf16: bool = False


VARIANTS = (
    Variant("plain"),
    Variant("channels last", channels_last=True),
    Variant("channels last, fused Adam", channels_last=True, fused=True),
    Variant("channels last, foreach Adam", channels_last=True, foreach=True),
    Variant("channels last, 2 threads", channels_last=True, threads=2),
    Variant("channels last, compile", channels_last=True, compiled=True),
    Variant("channels last, bf16 autocast", channels_last=True, bf16=True),
)


def stepper(variant: Variant, config: RunConfig) -> Callable[[], None]:
    """A function that takes one training step in that variant."""
    image_set = load_image_set(config.data)
    shape = ImageShape(image_set.channels, image_set.height, image_set.width)
    model = build_model(config, shape, image_set.variance)
    fmt = torch.channels_last if variant.channels_last else torch.contiguous_format
    model.to(memory_format=fmt)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=variant.fused, foreach=variant.foreach or None)
    x = image_set.batch(image_set.split("train")[: config.batch_size]).contiguous(memory_format=fmt)
    terms = torch.compile(model.loss_terms) if variant.compiled else model.loss_terms

    def step() -> None:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=variant.bf16):
            loss = model.loss(terms(x))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--data", default="fashion")
    args = parser.parse_args()
    for model in ("vae", "vqvae"):
        config = RunConfig(model=model, data=args.data)
        steps = {variant: stepper(variant, config) for variant in VARIANTS}
        times: dict[Variant, list[float]] = {variant: [] for variant in VARIANTS}
        for round_ in range(args.rounds + 1):
            for variant, step in steps.items():
                torch.set_num_threads(variant.threads)
                began = time.perf_counter()
                for _ in range(STEPS):
                    step()
                if round_:  # the first round warms up, and compiles
                    times[variant].append((time.perf_counter() - began) / STEPS)
        plain = statistics.median(times[VARIANTS[0]])
        print(f"{model}, {args.data}, batch {config.batch_size}; plain: {1e3 * plain:.1f} ms a step")
        for variant in VARIANTS:
            print(f"  {statistics.median(times[variant]) / plain:5.2f}×  {variant.name}")


if __name__ == "__main__":
    main()
