"""The nearest-code search against the one product that any search by matrix must do at least once.

`product` is `z @ codebook.T`, materialised, with no search at all; `cdist` is `torch.cdist(...).argmin(1)`. A ratio
below 1 means that the whole search is faster than that.

    python -m benchmarks.nearest [--rounds 7] [--threads 1 2] [--only 0 1] [--cpu]
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from benchmarks.timing import interleaved, options, sizes, use_threads
from explorer.models.nearest import nearest

SIZES = ((8192, 64, 4096), (512, 64, 8192), (256, 2, 6272), (1024, 8, 65536))  # (K, D, N)
ASKED = {(8192, 64, 4096): ("product", 0.7), (512, 64, 8192): ("product", 1.5), (256, 2, 6272): ("cdist", 1.0)}


def contestants(k: int, d: int, n: int) -> dict[str, Callable[[], object]]:
    """The search, and what it is compared with, on equal normal vectors."""
    z, codebook = torch.randn(n, d), torch.randn(k, d)
    return {
        "ours": lambda: nearest(z, codebook),
        "product": lambda: z @ codebook.t(),
        "cdist": lambda: torch.cdist(z, codebook).argmin(1),
    }


def main() -> None:
    """Print milliseconds per search and ours over each rival's."""
    chosen = options(main.__doc__ or "")
    for threads in chosen.threads:
        use_threads(threads)
        for k, d, n in sizes(SIZES, chosen.only):
            torch.manual_seed(0)
            timing = interleaved(contestants(k, d, n), chosen.rounds, clock=chosen.clock)
            times = "  ".join(f"{name} {1e3 * seconds:8.2f} ms" for name, seconds in timing.seconds.items())
            rival, asked = ASKED.get((k, d, n), ("", 0.0))
            ratios = "  ".join(
                f"ours / {name} {1 / timing.ratios[name]:5.2f}" + (f" (asked {asked:g})" if name == rival else "")
                for name in ("product", "cdist")
            )
            print(f"K {k:5} D {d:3} N {n:6}:  {times}   |  {ratios}", flush=True)


if __name__ == "__main__":
    main()
