"""How the codes of a film live: hits in recorded windows, the state of every code at every frame, near-duplicates.

A film keeps, at each of its frames, the hits of a sliding window that ends there; steps between two windows were seen
by none. Everything here is a count of those hits, so another window or threshold needs no training.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.metrics.codebook import STARVED_SHARE, live_gauge

#: States of a code, the liveliest first.
USED, STARVED, STALE, NEVER_HIT = range(4)
#: Which states a rule counts as dead: those from here on.
RULES = {"stale": STALE, "starved": STARVED, "never": NEVER_HIT}
#: Two used codes count as one when they are closer than this share of the used codes' own spread.
NEAR = 0.01
#: Distances between codes that are computed at a time, float64.
BLOCK = 1 << 22


@dataclass(frozen=True)
class Life:
    """The state of every code at every frame.

    states: (T, K) uint8, one of `USED`, `STARVED`, `STALE`, `NEVER_HIT`.
    hits: (T, K) int64, in the window the states were read from.
    vectors: (T,) int64, how many vectors stand behind each count.
    windows: (T,) int64, how many recorded windows that were.
    """

    states: Tensor
    hits: Tensor
    vectors: Tensor
    windows: Tensor


def life(
    steps: Tensor,
    hits: Tensor,
    width: int,
    *,
    windows: int = 1,
    starved_share: float = STARVED_SHARE,
    restarted: Tensor | None = None,
) -> Life:
    """Sort every code at every frame into used, starved, stale and never hit.

    Args:
        steps: (T,) of the frames, rising.
        hits: (T, K) in the recorded window that ends at each frame.
        width: training steps of that window.
        windows: count over the last so many windows that do not overlap; fewer where the film has no more.
        starved_share: a hit code is starved below this multiple of even use, 1 / K.
        restarted: (T, K) bool, codes that were put elsewhere since the frame before: their past no longer counts.
    """
    seen, states = hits.new_zeros(hits.shape[1]), []
    counted, taken = over_windows(steps, hits, width, windows)
    for t in range(len(hits)):
        seen = seen if restarted is None else seen.masked_fill(restarted[t], 0)
        seen = seen + hits[t]
        gauge = live_gauge(counted[t], seen, starved_share)
        state = torch.full_like(seen, USED, dtype=torch.uint8)
        state[gauge.starved], state[gauge.stale], state[gauge.stale & gauge.never_hit] = STARVED, STALE, NEVER_HIT
        states.append(state)
    return Life(torch.stack(states), counted, counted.sum(1), taken)


def over_windows(steps: Tensor, hits: Tensor, width: int, windows: int) -> tuple[Tensor, Tensor]:
    """Hits (T, K) of the last `windows` windows that end at or before each frame and share no step, and how many (T,).

    At the start of a film frames are closer than a window is wide: their windows overlap, and are passed over.
    """
    counted, taken = hits.clone().long(), torch.ones(len(hits), dtype=torch.int64)
    for t in range(len(hits)):
        free_before = int(steps[t]) - width  # the last step that no window taken so far has seen
        for earlier in range(t - 1, -1, -1):
            if taken[t] == windows or free_before <= 0:
                break
            if int(steps[earlier]) <= free_before:
                counted[t] += hits[earlier]
                taken[t] += 1
                free_before = int(steps[earlier]) - width
    return counted, taken


def dead_by(states: Tensor, rule: str) -> Tensor:
    """The codes that a rule of `RULES` counts as dead: a mask like `states`."""
    return states >= RULES[rule]


def distinct(codebook: Tensor, counts: Tensor, near: float = NEAR) -> int:
    """How many used codes are left when near-duplicates are merged.

    From the most used code down, a code is merged with one that was kept if they are closer than `near` times the root
    mean square distance of used codes from their mean. At most the number of used codes.

    Args:
        codebook: (K, D).
        counts: (K,) hits.
        near: threshold, a share of the spread.
    """
    order = counts.argsort(descending=True, stable=True)[: int((counts > 0).sum())]
    codes = codebook[order].double()
    if not len(codes):
        return 0
    spread = (codes - codes.mean(0)).square().sum(1).mean().sqrt()
    merged = np.zeros(len(codes), bool)
    rows = max(1, BLOCK // len(codes))
    for start in range(0, len(codes), rows):  # a table of all pairs may be larger than memory
        later = merged[start:]
        close = (torch.cdist(codes[start : start + rows], codes[start:]) < near * spread).triu(1).numpy()
        for k in np.flatnonzero(close.any(1)):
            if not later[k]:
                later |= close[k]
    return int((~merged).sum())
