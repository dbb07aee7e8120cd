"""Factors: features of pictures that are known, because whoever made the pictures says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

#: The value of a picture in which a factor cannot be seen: left out of accuracy, information and keeping.
HIDDEN = -1
#: The name of the value of an absent thing and of its colour.
NONE = "none"


@dataclass(frozen=True, eq=False)
class Factor:
    """One feature of every picture of a set: what is *drawn*, not what was asked for.

    Attributes:
        values: int64 (N,), each `HIDDEN` or in [0, len(names)).
        names: one English name per value.
    """

    values: Tensor
    names: tuple[str, ...]

    @property
    def seen(self) -> Tensor:
        """bool (N,): whether the picture shows the factor."""
        return self.values != HIDDEN

    @property
    def hidden_share(self) -> float:
        """Share in [0, 1] of pictures that do not show the factor."""
        return 1 - float(self.seen.double().mean()) if len(self.values) else 0.0

    def counts(self) -> list[int]:
        """Pictures by value, hidden ones not among them."""
        return torch.bincount(self.values[self.seen], minlength=len(self.names)).tolist()


def pack_factors(factors: Mapping[str, Factor]) -> bytes:
    """One byte a picture and factor, factor after factor; 255 is hidden. `unpack_factors` is the inverse."""
    columns = [factor.values.numpy().astype(np.int16) % 256 for factor in factors.values()]
    return b"".join(column.astype(np.uint8).tobytes() for column in columns)


def unpack_factors(content: bytes, names: Mapping[str, Sequence[str]]) -> dict[str, Factor]:
    """Factors from what `pack_factors` gave, and the names of their values.

    Raises:
        ValueError: the bytes are not of that many factors, or a value has no name.
    """
    columns = np.frombuffer(content, np.uint8).reshape(len(names), -1) if names else np.zeros((0, 0), np.uint8)
    factors = {}
    for column, (name, values) in zip(columns, names.items(), strict=True):
        numbers = np.where(column == 255, HIDDEN, column.astype(np.int64))
        if numbers.max(initial=HIDDEN) >= len(values):
            raise ValueError(f"{name}: value {numbers.max()} of {len(values)}")
        factors[name] = Factor(torch.from_numpy(numbers), tuple(values))
    return factors
