"""Arithmetic over the processes ("ranks") that train one model together: each holds a share of the joined batch.

Alone, every function here gives back what it was given, the very same bits. In a group they are collective: every rank
has to call them in the same order, so models call them in training mode only, and one rank may evaluate by itself.

Shares are the consecutive rows of the joined batch: rank r of R has rows r B / R up to (r + 1) B / R.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor


def number_of_ranks() -> int:
    """R, 1 when alone."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def this_rank() -> int:
    """r in [0, R), 0 when alone."""
    return dist.get_rank() if number_of_ranks() > 1 else 0


def sum_over_ranks(*tensors: Tensor) -> None:
    """Add each tensor up over all ranks, in place. Counts and sums pass here before the EMA."""
    if number_of_ranks() > 1:
        for tensor in tensors:
            dist.all_reduce(tensor)


def mean_over_ranks(share: Tensor) -> Tensor:
    """The mean of a value that each rank has from an equally large share of the batch.

    For what enters a loss through a function that is not linear (the logarithm of an MSE, the entropy of a usage): the
    mean comes first, then the function. The gradient passes to this rank's share as it is; the average over ranks that
    `DistributedDataParallel` takes of all gradients makes it the joined batch's.
    """
    if number_of_ranks() == 1:
        return share
    mean: Tensor = _Mean.apply(share)
    return mean


class _Mean(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, share: Tensor) -> Tensor:  # noqa: ARG004
        mean = share.clone()
        dist.all_reduce(mean)
        return mean.div_(dist.get_world_size())

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:  # noqa: ARG004
        return grad


def share_of(joined: Tensor) -> Tensor:
    """This rank's rows of `joined` (B, ...); B is a multiple of R."""
    each = len(joined) // number_of_ranks()
    return joined[this_rank() * each : (this_rank() + 1) * each]


def normal_over_ranks(like: Tensor, generator: torch.Generator) -> Tensor:
    """N(0, 1) numbers of the shape of `like` (N, ...): this rank's share of what the joined batch draws.

    Drawn on the CPU. Every rank has as many rows, and draws from a generator in the same state.
    """
    joined = torch.randn(len(like) * number_of_ranks(), *like.shape[1:], generator=generator, dtype=like.dtype)
    return share_of(joined).to(like.device)


def from_first_rank(tensor: Tensor) -> Tensor:
    """`tensor` as the first rank has it, in place. What is drawn is drawn once, or the codebooks would part."""
    if number_of_ranks() > 1:
        dist.broadcast(tensor, 0)
    return tensor


def rows_over_ranks(rows: Tensor) -> Tensor:
    """How many rows each rank has: (R,) int64 on the CPU."""
    if number_of_ranks() == 1:
        return torch.tensor([len(rows)])
    numbers = torch.zeros(number_of_ranks(), dtype=torch.int64, device=rows.device)
    numbers[this_rank()] = len(rows)
    sum_over_ranks(numbers)
    return numbers.cpu()


def pick_over_ranks(rows: Tensor, numbers: Tensor, chosen: Tensor) -> Tensor:
    """Rows `chosen` (M,) of all ranks' rows laid end to end: (M, D), the same on every rank.

    Args:
        rows: this rank's, (N, D).
        numbers: from `rows_over_ranks`.
        chosen: indices below the sum of `numbers`, the same on every rank.
    """
    if number_of_ranks() == 1:
        return rows[chosen]
    place = chosen - int(numbers[: this_rank()].sum())
    mine = (place >= 0) & (place < len(rows))
    picked = rows.new_zeros(len(chosen), rows.shape[1])
    picked[mine] = rows[place[mine]]
    sum_over_ranks(picked)
    return picked


def join_over_ranks(rows: Tensor) -> Tensor:
    """All ranks' rows (N, D) end to end, on every rank."""
    if number_of_ranks() == 1:
        return rows
    numbers = rows_over_ranks(rows)
    every = torch.arange(int(numbers.sum()), device=rows.device)
    return pick_over_ranks(rows, numbers, every)
