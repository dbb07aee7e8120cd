"""Random streams: one per purpose, each a pure function of a seed.

Twins differ in one thing only if drawing more numbers for one purpose never shifts another. So nothing here shares a
generator: the encoder's weights, the codebook, the batches of epoch 3 and the noise of step 17 each have a stream of
their own, found again from their names. A resumed run needs no stored generator state.
"""

from __future__ import annotations

import hashlib

import torch


def stream(seed: int, purpose: str, *counters: int) -> torch.Generator:
    """A CPU generator that depends on `(seed, purpose, *counters)` and on nothing else.

    Args:
        seed: the run's seed, any integer.
        purpose: what the numbers are for ("encoder", "codebook", "batches", "noise", "restarts", ...).
        counters: epoch or step, for purposes that draw afresh each time.
    """
    return torch.Generator().manual_seed(stream_seed(seed, purpose, *counters))


def stream_seed(seed: int, purpose: str, *counters: int) -> int:
    """The 63-bit seed behind `stream`, for re-seeding a generator that someone else holds."""
    name = ":".join([str(seed), purpose, *map(str, counters)])
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1
