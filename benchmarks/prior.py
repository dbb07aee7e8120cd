"""Writing 64 code grids with what was computed remembered, against a full pass for each code; and one code's time.

"full" asks the same prior for each next code with all that comes before it (the transformer: the codes so far; the
PixelCNN: the rows so far), as one would without a cache. Both draw the same grids from the same noise.

    python -m benchmarks.prior [--rounds 5] [--threads 1]
"""

from __future__ import annotations

import statistics
import time

import torch

from benchmarks.timing import interleaved, options, use_threads
from explorer.models.prior import LEARNED_PRIORS, CodePrior, CodeSpace, CodeWriter, build_prior
from explorer.streams import stream

SPACE = CodeSpace(256, 7, 7, num_classes=10)
GRIDS = 64
ASKED = 5.0


def seconds_per_code(prior: CodePrior) -> float:
    """Median over the codes of one grid: its distribution and the writing of it."""
    writer, times = prior.writer(1), []
    for _ in range(prior.space.positions):
        begin = time.perf_counter()
        writer.write(writer.logits().argmax(1))
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


@torch.no_grad()
def main() -> None:
    """Print seconds for 64 grids both ways, their ratio, and milliseconds for one code."""
    chosen = options(main.__doc__ or "")
    for threads in chosen.threads:
        use_threads(threads)
        for kind in LEARNED_PRIORS:
            prior = build_prior(kind, SPACE, generator=stream(0, "prior")).eval()
            noise = prior.noise(GRIDS, stream(0, "samples"))
            writers = {
                "remembered": lambda p=prior, u=noise: p.writer(GRIDS).finish(u),
                "full": lambda p=prior, u=noise: CodeWriter(p, GRIDS).finish(u),
            }
            assert torch.equal(writers["remembered"](), writers["full"]())
            timing = interleaved(writers, chosen.rounds)
            step = statistics.median(seconds_per_code(prior) for _ in range(chosen.rounds))
            parameters = sum(p.numel() for p in prior.parameters())
            times = "  ".join(f"{name} {seconds:.3f} s" for name, seconds in timing.seconds.items())
            print(
                f"{kind:12} {parameters:,} parameters, {GRIDS} grids:  {times}  |  {timing.ratios['full']:.1f}× faster"
                f" (asked {ASKED:g}×)  |  one code {1e3 * step:.2f} ms",
                flush=True,
            )


if __name__ == "__main__":
    main()
