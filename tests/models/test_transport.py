"""Codes given out by Sinkhorn's plan: its sums, its limit, and what is the nearest code after all."""

from __future__ import annotations

import numpy as np
import torch
from scipy.optimize import linear_sum_assignment

from explorer.models.transport import TransportVQ, transported
from explorer.models.vector_quantizer import VectorQuantizer


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def lopsided(seed: int = 0, n: int = 240, k: int = 8, d: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    """Vectors, and codes of which most are nearest to nothing."""
    vectors = torch.randn(n, d, dtype=torch.float64, generator=seeded(seed))
    codes = torch.randn(k, d, dtype=torch.float64, generator=seeded(seed + 1)) * 0.3
    codes[k // 2 :] += 3
    return vectors, codes


def test_it_is_the_argmax_of_the_plan_of_the_authors_loop() -> None:
    vectors, codes = lopsided()
    for sharpness, rounds in ((10.0, 5), (2.0, 3), (10.0, 50)):
        cost = np.linalg.norm(vectors.numpy()[:, None] - codes.numpy(), axis=2)
        cost = (cost - cost.mean()) / cost.std()
        plan = np.exp(-sharpness * (cost - cost.min())).T
        for _ in range(rounds):  # codes, then vectors, as their function goes on
            plan /= plan.sum(1, keepdims=True) * len(codes)
            plan /= plan.sum(0, keepdims=True) * len(vectors)
        found = transported(vectors, codes, sharpness, rounds)
        np.testing.assert_array_equal(found.numpy(), plan.argmax(0))


def test_every_code_gets_an_even_share_where_the_nearest_leave_most_with_none() -> None:
    vectors, codes = lopsided()
    nearest = torch.cdist(vectors, codes).argmin(1)
    assert int((torch.bincount(nearest, minlength=8) == 0).sum()) >= 3
    counts = torch.bincount(transported(vectors, codes, sharpness=200, rounds=3000), minlength=8)
    assert counts.min() >= 24  # 240 / 8 = 30, up to whole vectors
    assert counts.max() <= 36


def test_a_sharp_plan_costs_as_much_as_the_best_even_assignment() -> None:
    vectors, codes = lopsided(seed=3, n=64, k=8)
    cost = torch.cdist(vectors, codes)
    rows, columns = linear_sum_assignment(cost.repeat_interleave(8, dim=1).numpy())  # each code 8 times
    best = float(cost[rows, columns // 8].sum())
    found = transported(vectors, codes, sharpness=400, rounds=5000)
    assert float(cost[torch.arange(64), found].sum()) <= best * 1.01
    assert float(cost.amin(1).sum()) < best * 0.9  # the nearest cost less and are not even


def test_it_is_the_nearest_code_without_rounds_and_where_the_nearest_are_even_already() -> None:
    vectors, codes = lopsided()
    assert torch.equal(transported(vectors, codes, rounds=0), torch.cdist(vectors, codes).argmin(1))
    spread = torch.eye(6, dtype=torch.float64) * 5
    even = spread.repeat(20, 1) + 0.1 * torch.randn(120, 6, dtype=torch.float64, generator=seeded(5))
    assert torch.equal(transported(even, spread), torch.arange(6).repeat(20))


def test_a_code_far_from_everything_and_equal_codes_are_no_trouble() -> None:
    vectors = torch.randn(50, 2, generator=seeded(0))
    codes = torch.randn(6, 2, generator=seeded(1))
    codes[5] += 1e4
    codes[4] = codes[3]
    found = transported(vectors, codes)
    assert torch.equal(found.unique(), found.unique().clamp(0, 5))
    assert (found == 5).any()
    assert torch.equal(transported(vectors[:1], codes[:1]), torch.zeros(1, dtype=torch.int64))


def test_training_shares_out_and_evaluation_takes_the_nearest() -> None:
    vectors, codes = lopsided(n=800)
    quantizer, plain = (
        kind(8, 3, update="gradient", init="normal", generator=seeded(0)).double()
        for kind in (TransportVQ, VectorQuantizer)
    )
    for each in (quantizer, plain):
        each.load_codebook(codes)
    assert quantizer(vectors).counts.min() > 0
    assert plain(vectors).counts.min() == 0
    quantizer.eval()
    assert torch.equal(quantizer(vectors).indices, plain.eval()(vectors).indices)
