"""What L residual levels cost: a training step against L steps of one level, and against vector-quantize-pytorch.

`ResidualVQ` of that package with the same decay and commitment cost, without its rotation trick, on the same vectors.
The levels hold their cost if `levels` over `L times one` is at most 1.1.

    python -m benchmarks.levels [--rounds 7] [--threads 1 2] [--only 0 1] [--cpu]
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from vector_quantize_pytorch import ResidualVQ

from benchmarks.timing import interleaved, parser_of, sizes, use_threads
from explorer.models import ResidualQuantizer, VectorQuantizer

DECAY, COST = 0.99, 0.25
SIZES = ((4, 4, 2, 6272), (4, 256, 2, 6272), (4, 512, 64, 8192), (8, 1024, 64, 4096))  # (L, K, D, N)
GRIDS = {6272: (128, 7, 7), 8192: (128, 8, 8), 4096: (64, 8, 8)}  # N as (B, H, W)
ASKED = 1.1


def contestants(levels: int, k: int, d: int, n: int) -> dict[str, Callable[[], object]]:
    """One training step of each, on equal inputs; `one` is a single level."""
    batch, height, width = GRIDS[n]
    z_e = torch.randn(batch, d, height, width).to(memory_format=torch.channels_last).requires_grad_()
    gradient = torch.randn_like(z_e)
    ours, one = ResidualQuantizer(k, d, levels, init="normal"), VectorQuantizer(k, d, COST, init="normal")
    package = ResidualVQ(
        dim=d,
        num_quantizers=levels,
        codebook_size=k,
        decay=DECAY,
        commitment_weight=COST,
        rotation_trick=False,
    )

    def back(quantized: Tensor, loss: Tensor) -> None:
        z_e.grad = None
        torch.autograd.backward([quantized, loss], [gradient, torch.ones_like(loss)])

    def step_levels() -> None:
        out = ours(z_e)
        back(out.quantized, out.loss)

    def step_one() -> None:
        out = one(z_e)
        back(out.quantized, out.loss)

    def step_package() -> None:
        quantized, _, losses = package(z_e.flatten(2).transpose(1, 2))  # its image layout fails with levels
        back(quantized.transpose(1, 2).unflatten(2, (height, width)), losses.sum())

    return {"levels": step_levels, "one": step_one, "package": step_package}


def main() -> None:
    """Print milliseconds per step, what a level costs beside one alone, and how many times slower the package is."""
    chosen = parser_of(main.__doc__ or "").parse_args()
    for threads in chosen.threads:
        use_threads(threads)
        for levels, k, d, n in sizes(SIZES, chosen.only):
            torch.manual_seed(0)
            timing = interleaved(contestants(levels, k, d, n), chosen.rounds, clock=chosen.clock)
            times = "  ".join(f"{name} {1e3 * seconds:8.2f} ms" for name, seconds in timing.seconds.items())
            cost = 1 / (levels * timing.ratios["one"])
            print(
                f"L {levels} K {k:5} D {d:3} N {n:6}:  {times}   |  levels over {levels} x one {cost:.2f} "
                f"(asked {ASKED:g})  package {timing.ratios['package']:.1f}x",
                flush=True,
            )


if __name__ == "__main__":
    main()
