"""Grids of codes and of vectors: their numbers, their order, and what is refused."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from explorer.errors import ConfigError, ExplorerError, QuantizerError
from explorer.models.prior import CodeSpace, LatentSpace

CODES = CodeSpace(5, 2, 3, num_classes=4)
GOOD = torch.tensor([[[0, 1, 2], [3, 4, 0]]])


def test_codes_of_levels_are_digits_coarsest_first():
    space = CodeSpace(27, 1, 1, levels=3)
    assert space.per_level == 3
    assert space.joint(torch.tensor([[0, 0, 0], [0, 0, 2], [1, 0, 2], [2, 2, 2]])).tolist() == [0, 2, 11, 26]
    every = torch.arange(27)
    assert torch.equal(space.joint(space.apart(every)), every)


def test_what_exists_is_taken():
    CODES.check(GOOD, None)
    CODES.check(GOOD, torch.tensor([3]))
    CODES.check(GOOD[:0], torch.empty(0, dtype=torch.int64))
    assert CODES.positions == 6


@pytest.mark.parametrize(
    "indices, labels, code, said",
    [
        (torch.tensor([[[0, 1, 2], [3, 5, 0]]]), None, "index_out_of_range", "5"),
        (torch.tensor([[[0, 1, 2], [3, -2, 4]]]), None, "index_out_of_range", "-2"),
        (torch.zeros(1, 3, 2, dtype=torch.int64), None, "prior_grid", "3"),
        (GOOD.float(), None, "indices_not_integer", "float32"),
        (GOOD, torch.tensor([4]), "prior_label", "4"),
        (GOOD, torch.tensor([-1]), "prior_label", "-1"),
    ],
)
def test_what_does_not_is_refused_by_its_number(indices: Tensor, labels: Tensor | None, code: str, said: str):
    with pytest.raises((ConfigError, QuantizerError)) as refused:
        CODES.check(indices, labels)
    assert isinstance(refused.value, ExplorerError)
    assert refused.value.code == code
    assert said in str(refused.value)


def test_vectors_by_position_and_back():
    space = LatentSpace(3, 2, 2)
    assert (space.positions, space.numbers) == (4, 12)
    grids = torch.arange(24.0).view(2, 3, 2, 2)
    by_position = space.by_position(grids.flatten(1))
    assert torch.equal(by_position[1, 2], grids[1, :, 1, 0])  # position 2 is row 1, column 0
    assert torch.equal(space.flat(by_position), grids.flatten(1))
    assert LatentSpace(7).numbers == 7
