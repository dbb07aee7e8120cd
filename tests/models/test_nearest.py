"""Nearest is nearest: against float64 brute force, with ties, near ties, long codes, and little memory."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models import nearest as module
from explorer.models.nearest import nearest, repeats


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def distances(vectors: Tensor, codebook: Tensor) -> Tensor:
    """(N, K) squared distances in float64, directly from the differences."""
    differences = (block[:, None] - codebook.double() for block in vectors.double().split(64))
    return torch.cat([difference.square().sum(2) for difference in differences])


def assert_nearest(vectors: Tensor, codebook: Tensor, relative: float = 1e-5) -> None:
    """Equal to brute force wherever the two nearest distances differ by more than `relative`."""
    found = nearest(vectors, codebook)
    squared = distances(vectors, codebook)
    two = squared.topk(min(2, len(codebook)), largest=False)
    best, second = two.values[:, 0].sqrt(), two.values[:, -1].sqrt()
    clear = (second > best * (1 + relative)) if len(codebook) > 1 else torch.ones(len(vectors), dtype=torch.bool)
    assert clear.any()
    assert torch.equal(found[clear], two.indices[clear, 0])
    lost = squared.gather(1, found[:, None])[:, 0].sqrt() - best
    assert (lost <= best * relative).all()  # and never far from the nearest


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    "k, d, n", [(1, 1, 5), (2, 1, 40), (5, 2, 300), (33, 3, 300), (256, 2, 700), (512, 64, 300), (1000, 8, 500)]
)
def test_brute_force(k: int, d: int, n: int, dtype: torch.dtype) -> None:
    codebook = torch.randn(k, d, generator=seeded(0), dtype=dtype)
    assert_nearest(torch.randn(n, d, generator=seeded(1), dtype=dtype), codebook)


@pytest.mark.parametrize("d", [2, 8, 64])
@pytest.mark.parametrize(
    "offset, spread", [(0.0, 1e-6), (0.0, 1e6), (10.0, 1.0), (1000.0, 1.0), (1000.0, 0.01), (1e4, 0.1)]
)
def test_clouds_far_from_the_origin(d: int, offset: float, spread: float) -> None:
    # |z|^2 is up to 1e10 times the squared distances here: alone, float32 scores would be noise.
    codebook = offset + spread * torch.randn(200, d, generator=seeded(0))
    assert_nearest(offset + spread * torch.randn(400, d, generator=seeded(1)), codebook)


@pytest.mark.parametrize("d", [2, 16, 64])
def test_near_ties(d: int) -> None:
    codebook = torch.randn(100, d, generator=seeded(0), dtype=torch.float64).float()
    pair = torch.randint(100, (500, 2), generator=seeded(1))
    pair = pair[pair[:, 0] != pair[:, 1]]
    one, other = codebook[pair[:, 0]].double(), codebook[pair[:, 1]].double()
    middle = (one + other) / 2 + 2e-5 * (one - other) * torch.randn(len(pair), 1, generator=seeded(2)).double()
    assert_nearest(middle.float(), codebook)


def test_long_codes_do_not_blur_the_near_ones() -> None:
    codebook = torch.randn(64, 4, generator=seeded(0))
    codebook[1::2] *= 1e5  # what the snippet's start does to codes that are not hit
    vectors = torch.randn(500, 4, generator=seeded(1))
    assert_nearest(vectors, codebook)
    long = nearest(vectors, codebook * 1e15)  # beyond float32's squares
    assert torch.equal(long, distances(vectors, codebook.double() * 1e15).argmin(1))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("d", [1, 2, 3, 7, 64])
def test_of_equal_codes_the_lowest_wins(d: int, dtype: torch.dtype) -> None:
    distinct = torch.randn(40, d, generator=seeded(0), dtype=dtype)
    codebook = distinct[torch.randint(40, (333,), generator=seeded(1))]
    codebook[5:300:17] = 0.0
    codebook[9:300:17] = -0.0
    vectors = torch.cat([codebook, torch.randn(200, d, generator=seeded(2), dtype=dtype)])
    found = nearest(vectors, codebook)
    lowest = (codebook[None] == codebook[found][:, None]).all(2).to(torch.uint8).argmax(1)
    assert torch.equal(found, lowest)
    same = (codebook[:, None] == codebook[None]).all(2)
    assert repeats(codebook, codebook.square().sum(1)).tolist() == [i for i in range(333) if same[i, :i].any()]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_of_codes_at_the_same_distance_the_lowest_wins(dtype: torch.dtype) -> None:
    grid = torch.cartesian_prod(torch.arange(-4.0, 5), torch.arange(-4.0, 5)).to(dtype)
    codebook = grid[torch.randperm(81, generator=seeded(0))]
    centres = torch.cartesian_prod(torch.arange(-3.5, 4), torch.arange(-3.5, 4)).to(dtype)  # four corners each
    vectors = torch.cat([centres, centres + torch.tensor([0.5, 0.0], dtype=dtype)])  # and two each
    # The same rounding-free arithmetic, so that every tie is exact; argmin takes the first.
    assert torch.equal(nearest(vectors, codebook), distances(vectors, codebook).argmin(1))


def test_equal_codes_are_rare_and_cost_nothing_then() -> None:
    codebook = torch.randn(500, 3, generator=seeded(0))
    assert repeats(codebook, codebook.square().sum(1)).numel() == 0
    codebook = torch.tensor([[1.0, 2.0], [2.0, 1.0], [1.0, 2.0], [2.0, 1.0], [1.0, 2.0]])
    assert repeats(codebook, codebook.square().sum(1)).tolist() == [2, 3, 4]


def test_equal_rows_have_equal_norms() -> None:
    for d in range(1, 70):  # that is how equal codes are found: sums over a row must not depend on where the row is
        row = torch.randn(1, d, generator=seeded(d))
        for k in (3, 17, 64, 401):
            assert len(row.repeat(k, 1).square().sum(1).unique()) == 1
            padded = torch.randn(k + 5, d, generator=seeded(0))
            padded[::3] = row
            assert len(padded.square().sum(1)[::3].unique()) == 1


def test_few_vectors_need_the_second_search(monkeypatch: pytest.MonkeyPatch) -> None:
    again: list[int] = []
    search_again = module._search_again

    def counted(vectors: Tensor, codebook: Tensor, bias: Tensor) -> Tensor:
        again.append(len(vectors))
        return search_again(vectors, codebook, bias)

    monkeypatch.setattr(module, "_search_again", counted)
    vectors, codebook = torch.randn(4096, 64, generator=seeded(0)), torch.randn(512, 64, generator=seeded(1))
    codebook[100:] = codebook[100]  # even if most codes are equal
    nearest(vectors, codebook)
    assert sum(again) < 41  # one in a hundred


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, codebook = torch.randn(1000, 8, generator=seeded(0)), torch.randn(70, 8, generator=seeded(1))
    whole = nearest(vectors, codebook)
    assert torch.equal(nearest(vectors.t().contiguous().t(), codebook.t().contiguous().t()), whole)
    monkeypatch.setattr(module, "BLOCK_SCORES", 100)
    assert torch.equal(nearest(vectors, codebook), whole)


def test_half_precision_is_widened() -> None:
    vectors, codebook = torch.randn(50, 4, generator=seeded(0)), torch.randn(9, 4, generator=seeded(1))
    low, codes = vectors.bfloat16(), codebook.bfloat16()
    assert torch.equal(nearest(low, codes), nearest(low.float(), codes.float()))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("d", [1, 2, 64])
def test_a_value_that_is_not_finite_is_always_found(d: int, bad: float, dtype: torch.dtype) -> None:
    codebook = torch.randn(100, d, generator=seeded(0), dtype=dtype)
    for fill in (0.0, 1.0, 1e30):
        for row in (0, 57):
            vectors = torch.full((200, d), fill, dtype=dtype)
            vectors[row, -1] = bad
            with pytest.raises(QuantizerError, match=f"1 of {200 * d} values"):
                nearest(vectors, codebook)
            vectors[-1, 0] = -bad
            with pytest.raises(QuantizerError, match=f"2 of {200 * d} values"):
                nearest(vectors, codebook)
    codebook[3, 0] = bad
    with pytest.raises(QuantizerError, match=f"1 of {100 * d} values"):
        nearest(torch.randn(20, d, dtype=dtype), codebook)


def test_finite_values_that_overflow_are_taken() -> None:
    vectors = torch.tensor([[3e38, 3e38], [-3e38, 3e38], [1.0, 0.0]])
    codebook = torch.tensor([[0.0, 0.0], [2e38, 2e38], [-2e38, 2e38], [1.0, 0.0]])
    assert nearest(vectors, codebook).tolist() == [1, 2, 3]


def test_no_vectors() -> None:
    assert nearest(torch.empty(0, 2), torch.randn(3, 2)).shape == (0,)
    assert nearest(torch.empty(0, 2).double(), torch.randn(3, 2).double()).shape == (0,)


MEMORY = """
import resource, torch
from explorer.models.vector_quantizer import VectorQuantizer
quantizer = VectorQuantizer(65536, 8, init="normal")
z_e = torch.randn(16, 8, 32, 32, requires_grad=True)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
out = quantizer(z_e)
(out.quantized.sum() + out.loss).backward()
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def test_a_training_step_on_a_huge_codebook_takes_little_memory() -> None:
    grown = float(subprocess.check_output([sys.executable, "-c", MEMORY], text=True))  # MB; N x K alone is 4,096
    assert grown < 300
