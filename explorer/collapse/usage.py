"""How codes are used: from hits that were counted, or from the running counts that an EMA codebook keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.errors import FileError
from explorer.metrics.codebook import STARVED_SHARE, perplexity

#: Running counts are hits a step: a code below one hit in so many steps may be unused.
RARE = 0.1
#: Steps whose hits a running count holds at the least: those of a decay of .8. Most are 20 times slower.
STEPS_AVERAGED = 5


@dataclass(frozen=True)
class Usage:
    """Use of codes.

    Attributes:
        num_vectors: indices counted, without those ignored; the vectors of one step where counts are running averages.
        codes: K, or the largest index + 1 if K is unknown.
        known: whether K is known.
        used, dead, usage, perplexity: as in `explorer.metrics.codebook`; a running count below `least` is none.
        sorted: hits in falling order, at most 512 of them, evenly by rank.
        ignored: entries that were left out.
        padding: the index that marks them.
        averaged: whether hits are running averages.
        least: below which such an average counts as none, else 0.
    """

    num_vectors: int
    codes: int
    known: bool
    used: int
    dead: int
    usage: float
    perplexity: float
    sorted: tuple[float, ...]
    ignored: int = 0
    padding: int | None = None
    averaged: bool = False
    least: float = 0.0

    @property
    def vectors_behind(self) -> int:
        """At least so many vectors were counted."""
        return self.num_vectors * (STEPS_AVERAGED if self.averaged else 1)


def counted_usage(hits: NDArray[Any], known: bool, ignored: int = 0, padding: int | None = None) -> Usage:
    """Of hits (K,) int64.

    Raises:
        FileError: there are none.
    """
    if not hits.sum():
        raise FileError("indices_all_ignored")
    return Usage(ignored=ignored, padding=padding, **_numbers(hits, hits > 0, known))


def averaged_usage(counts: NDArray[Any]) -> Usage | None:
    """Of running counts (K,), not negative; None where all are equal, as before the first update.

    A code that dies fades from such a count and never reaches 0. It counts as unused below a tenth of an even share
    *and* below one hit in ten steps: where vectors are few for K, the first alone would call rare codes dead, and where
    they are many, the second alone would call fading ones alive.
    """
    if counts.min() == counts.max():
        return None
    if (counts % 1 == 0).all():  # hits that were summed up
        return Usage(**_numbers(counts, counts > 0, True))
    least = min(RARE, STARVED_SHARE * float(counts.mean()))
    return Usage(averaged=True, least=least, **_numbers(counts, counts >= least, True))


def _numbers(hits: NDArray[Any], used: NDArray[np.bool_], known: bool) -> dict[str, Any]:
    ordered = np.sort(hits)[::-1]
    shown = ordered[np.linspace(0, len(ordered) - 1, min(512, len(ordered))).round().astype(int)]
    living = int(used.sum())
    return {
        "num_vectors": round(float(hits.sum())),
        "codes": len(hits),
        "known": known,
        "used": living,
        "dead": len(hits) - living,
        "usage": living / len(hits),
        "perplexity": perplexity(torch.from_numpy(hits)),
        "sorted": tuple(value.item() for value in shown),
    }
