"""Which steps of a training of unknown length are kept: log-spaced to 100, then evenly, thinned as it goes on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

#: Up to here steps are log-spaced: a codebook's fate is mostly settled in them.
EARLY = 100
EARLY_FRAMES = 24


class Schedule:
    """Decides step by step; what is dropped later was kept before.

    Args:
        most: steps that stay, at least 2.
        kept: steps that are kept already, of a record that goes on.
    """

    def __init__(self, most: int, kept: Iterable[int] = ()) -> None:
        self.most = max(2, most)
        self.kept = sorted(kept)
        early = np.geomspace(1, EARLY, min(EARLY_FRAMES, self.most // 2) or 1).round().astype(int)
        self._early = sorted({0, *early.tolist()})
        self._stride = max(10, (self.kept[-1] - EARLY) // max(1, self.most // 2)) if self.kept else 10

    def due(self, step: int) -> bool:
        """Whether `step`, later than all kept ones, is to be kept."""
        last = self.kept[-1] if self.kept else -1
        if step <= EARLY:
            return any(last < mark <= step for mark in self._early)
        return step - last >= self._stride or last < EARLY

    def keep(self, step: int) -> list[int]:
        """Keep `step`, and return those that go to make room."""
        self.kept.append(step)
        if len(self.kept) <= self.most:
            return []
        self._stride *= 2
        late = [mark for mark in self.kept[:-1] if mark > EARLY] or self.kept[1:-1]
        dropped = late[::2]
        self.kept = [mark for mark in self.kept if mark not in set(dropped)]
        return dropped
