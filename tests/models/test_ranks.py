"""Arithmetic over ranks, which are threads here: what they have together is what one has of the joined batch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from explorer.models import ranks

#: As many rows as each rank has, of two and of three.
LENGTHS = {2: (2, 3), 3: (2, 0, 3)}


class World:
    """Stands in for `torch.distributed`: R threads that wait for each other."""

    def __init__(self, number: int) -> None:
        self.barrier = threading.Barrier(number, timeout=5)
        self.own = threading.local()
        self.given = [torch.empty(0)] * number

    def is_available(self) -> bool:
        return True

    def is_initialized(self) -> bool:
        return True

    def get_world_size(self) -> int:
        return len(self.given)

    def get_rank(self) -> int:
        return int(self.own.rank)

    def _together(self, tensor: Tensor) -> list[Tensor]:
        self.given[self.get_rank()] = tensor.clone()
        self.barrier.wait()
        every = list(self.given)
        self.barrier.wait()
        return every

    def all_reduce(self, tensor: Tensor) -> None:
        tensor.copy_(torch.stack(self._together(tensor)).sum(0))

    def broadcast(self, tensor: Tensor, source: int) -> None:
        tensor.copy_(self._together(tensor)[source])


class Together:
    """What a function of the rank gives on each of R ranks, and rows that they have."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.world = World(number)
        self.rows = torch.arange(10.0).view(5, 2).split(LENGTHS[number])

    def __call__(self, call: Callable[[int], Tensor]) -> list[Tensor]:
        def on(rank: int) -> Tensor:
            self.world.own.rank = rank
            return call(rank)

        with ThreadPoolExecutor(self.number) as pool:
            return list(pool.map(on, range(self.number)))


@pytest.fixture(params=LENGTHS)
def together(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Together:
    made = Together(request.param)
    monkeypatch.setattr(ranks, "dist", made.world)
    return made


def test_alone_everything_is_as_it_was():
    rows = torch.arange(6.0).view(3, 2)
    assert (ranks.number_of_ranks(), ranks.this_rank()) == (1, 0)
    ranks.sum_over_ranks(rows)
    assert torch.equal(rows, torch.arange(6.0).view(3, 2))
    for same in (ranks.mean_over_ranks, ranks.share_of, ranks.from_first_rank, ranks.join_over_ranks):
        assert torch.equal(same(rows), rows)
    assert ranks.rows_over_ranks(rows).tolist() == [3]
    assert ranks.pick_over_ranks(rows, torch.tensor([3]), torch.tensor([2, 0])).tolist() == [[4, 5], [0, 1]]
    noise = ranks.normal_over_ranks(rows, torch.Generator().manual_seed(1))
    assert torch.equal(noise, torch.randn(3, 2, generator=torch.Generator().manual_seed(1)))


def test_rows_of_all_ranks_are_counted_picked_and_joined(together: Together):
    rows, lengths = together.rows, list(LENGTHS[together.number])
    counted = together(lambda rank: ranks.rows_over_ranks(rows[rank]))
    assert [found.tolist() for found in counted] == [lengths] * together.number
    chosen, joined = torch.tensor([4, 0, 2, 1]), torch.cat(rows)
    for found in together(lambda rank: ranks.pick_over_ranks(rows[rank], torch.tensor(lengths), chosen)):
        assert torch.equal(found, joined[chosen])
    for found in together(lambda rank: ranks.join_over_ranks(rows[rank])):
        assert torch.equal(found, joined)


def test_sums_means_and_what_the_first_has(together: Together):
    number = together.number
    middle = (number - 1) / 2

    def summed(rank: int) -> Tensor:
        value = torch.tensor([rank, 1])
        ranks.sum_over_ranks(value)
        return value

    def gradient(rank: int) -> Tensor:
        share = torch.tensor(float(rank), requires_grad=True)
        mean = ranks.mean_over_ranks(share)
        assert float(mean.detach()) == middle
        mean.square().backward()
        assert share.grad is not None
        return share.grad

    assert [found.tolist() for found in together(summed)] == [[number * middle, number]] * number
    assert [float(found) for found in together(gradient)] == [2 * middle] * number  # d m²/dm, as it is
    assert [int(found) for found in together(lambda rank: ranks.from_first_rank(torch.tensor(rank + 7)))] == [
        7
    ] * number


def test_noise_is_that_of_the_joined_batch(together: Together):
    noise = together(lambda _: ranks.normal_over_ranks(torch.empty(2, 4), torch.Generator().manual_seed(3)))
    joined = torch.randn(2 * together.number, 4, generator=torch.Generator().manual_seed(3))
    assert torch.equal(torch.cat(noise), joined)
