"""Encoder outputs of anyone's quantizer as rows, of which a few are taken without copying all."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from explorer.errors import RecordError


def channel_axis(shape: tuple[int, ...], dim: int, places: tuple[int, ...], given: int | None) -> int:
    """The axis of `shape` that is D.

    Args:
        shape: of z_e: (B, D, *spatial), (B, T, D) or (N, D).
        dim: D of the codebook.
        places: shape of the indices, without an axis of levels.
        given: the axis as the user says, or None.

    Raises:
        RecordError: no axis fits, or several do and nobody said which.
    """
    if given is not None:
        axis = given % len(shape)
        if shape[axis] != dim:
            raise RecordError("record_channel", shape=shape, dim=dim)
        return axis
    axes = [axis for axis in range(1, len(shape)) if shape[axis] == dim]
    whole = [axis for axis in axes if shape[:axis] + shape[axis + 1 :] == places]
    count = math.prod(places)
    fits = whole or [axis for axis in axes if math.prod(shape) // dim == count and axis in (1, len(shape) - 1)]
    if len(fits) > 1:
        raise RecordError("record_channel_unclear", shape=shape, dim=dim)
    if not fits:
        raise RecordError("record_channel", shape=shape, dim=dim)
    return fits[0]


def drawn_rows(z_e: Tensor, axis: int, rows: np.ndarray) -> Tensor:
    """Rows `rows` of z_e as (N, D), float32, on the CPU; nothing else is copied."""
    moved = z_e.detach().movedim(axis, -1)
    at = np.unravel_index(rows, tuple(moved.shape[:-1]))
    return moved[tuple(torch.as_tensor(index, device=z_e.device) for index in at)].float().cpu()


def drawn(count: int, most: int, step: int) -> np.ndarray:
    """At most `most` of `count` rows, without replacement, by a stream of their own that no training draws from."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng([step, count]).choice(count, most, replace=False, shuffle=False))
