"""Random orders from hashes: the same on every machine and with every version of every library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def uniforms(seed: str, n: int) -> NDArray[np.float64]:
    """n numbers in [0, 1), a pure function of `seed` and position. (NumPy promises no stable streams, SHA-256 does.)"""
    return (
        np.array([int.from_bytes(hashlib.sha256(f"{seed}:{i}".encode()).digest()[:6], "big") for i in range(n)]) / 2**48
    )


def balanced_order(labels: Sequence[int] | NDArray[np.integer], seed: str) -> NDArray[np.int64]:
    """A random permutation (N,) in which every prefix holds each class in about its share of the whole.

    The r-th of a class of n lands at (r + u)/n with u uniform in [0, 1); with k equal classes every k places in a row,
    counted from the start, hold each class once.
    """
    labels = np.asarray(labels)
    shuffled = np.argsort(uniforms(f"{seed}:shuffle", len(labels)), kind="stable")
    place = uniforms(f"{seed}:place", len(labels))
    for label in np.unique(labels):
        members = shuffled[labels[shuffled] == label]
        place[members] = (np.arange(len(members)) + place[members]) / len(members)
    return np.argsort(place, kind="stable")
