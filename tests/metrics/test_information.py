"""Information of codes about classes, against NumPy and closed forms."""

from __future__ import annotations

import weakref

import numpy as np
import pytest
import torch

from explorer.metrics import information
from explorer.metrics.information import class_information

N, K, C = 600, 6, 4


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def by_hand(codes: np.ndarray, labels: np.ndarray) -> float:
    """Σ p(k, c) log2 p(k, c) / (p(k) p(c)), term by term."""
    total = 0.0
    for k in set(codes.tolist()):
        for c in set(labels.tolist()):
            joint = np.mean((codes == k) & (labels == c))
            if joint:
                total += joint * np.log2(joint / (np.mean(codes == k) * np.mean(labels == c)))
    return total


@pytest.fixture
def sample():
    labels = torch.randint(C, (N,), generator=generator(1))
    noise = torch.randint(K, (N,), generator=generator(2))
    half = torch.where(torch.rand(N, generator=generator(3)) < 0.5, labels, noise)
    return torch.stack([labels, noise, half], 1), labels


def test_bits_are_the_sum_over_the_joint(sample):
    codes, labels = sample
    found = class_information(codes, labels, K, C, generator())
    for position in range(3):
        assert float(found.bits[position]) == pytest.approx(by_hand(codes[:, position].numpy(), labels.numpy()))
    assert found.anywhere == pytest.approx(by_hand(codes.flatten().numpy(), labels.repeat_interleave(3).numpy()))


def test_a_code_that_is_the_class_says_all_of_it_and_noise_says_its_null(sample):
    codes, labels = sample
    found = class_information(codes, labels, K, C, generator())
    assert float(found.bits[0]) == pytest.approx(found.class_bits)
    assert abs(float(found.bits[1] - found.null[1])) < 4 * float(found.null_spread[1])
    assert float(found.bits[2] - found.null[2]) > 20 * float(found.null_spread[2])
    # the known bias of a plug-in estimate, (K - 1)(C - 1) / 2N nats
    assert float(found.null[1]) == pytest.approx((K - 1) * (C - 1) / (2 * N * np.log(2)), rel=0.2)


def test_a_constant_code_says_nothing():
    found = class_information(torch.zeros(50, 2, 2, dtype=torch.long), torch.arange(50) % C, K, C, generator())
    assert found.bits.shape == (4,)
    assert torch.allclose(found.bits, torch.zeros(4).double(), atol=1e-12)
    assert torch.allclose(found.null, torch.zeros(4).double(), atol=1e-12)


def test_a_grid_is_read_row_by_row_and_the_null_is_repeatable(sample):
    codes, labels = sample
    grid = codes[:, [0, 1, 2, 1]].view(N, 2, 2)
    first, again = (class_information(grid, labels, K, C, generator(7), permutations=20) for _ in range(2))
    assert first.bits.tolist() == class_information(codes[:, [0, 1, 2, 1]], labels, K, C, generator()).bits.tolist()
    assert first.null.tolist() == again.null.tolist()
    assert (first.permutations, first.n) == (20, N)


def test_one_table_is_held_at_a_time(sample, monkeypatch: pytest.MonkeyPatch):
    """A table has P · K · C numbers: fifty at once take gigabytes for a large codebook and many classes."""
    tables: list[weakref.ref[torch.Tensor]] = []
    measure = information.mutual_information

    def watched(counts: torch.Tensor) -> torch.Tensor:
        if counts.ndim == 3:
            tables.append(weakref.ref(counts))
            assert sum(table() is not None for table in tables) <= 2 + 1  # of the sample, this one, the one before
        return measure(counts)

    monkeypatch.setattr(information, "mutual_information", watched)
    codes, labels = sample
    class_information(codes, labels, K, C, generator())
    assert len(tables) == 51
