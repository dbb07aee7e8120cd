"""The lines of the update, against the shipped rules and against autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from explorer.metrics.ema_step import COUNT_FLOOR, ema_step, laplace, state_behind
from explorer.models import codebook_updates
from explorer.models.codebook_updates import EMA_STARTS, EMAUpdate
from explorer.models.nearest import nearest
from explorer.training.trace import compact
from tests.oracles import codebook_gradient

K, D, N = 9, 3, 40


def batch(codebook: torch.Tensor, seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Vectors near the first codes only, with their hits and sums."""
    generator = torch.Generator().manual_seed(seed)
    vectors = codebook[torch.randint(0, 5, (N,), generator=generator)] * 1.02
    vectors = vectors + 0.01 * torch.randn(N, D, generator=generator, dtype=torch.float64)
    chosen = nearest(vectors, codebook)
    hits = torch.bincount(chosen, minlength=K)
    return vectors, hits, torch.zeros(K, D, dtype=torch.float64).index_add_(0, chosen, vectors)


@pytest.mark.parametrize("start", EMA_STARTS)
@pytest.mark.parametrize("store_smoothed", [False, True])
@pytest.mark.parametrize("decay, epsilon", [(0.99, 1e-5), (0.5, 0.1), (0.0, 1e-3)])
def test_it_is_the_shipped_rule_step_after_step(start, store_smoothed, decay, epsilon):
    rule = EMAUpdate(decay=decay, epsilon=epsilon, start=start, store_smoothed=store_smoothed)
    generator = torch.Generator().manual_seed(4)
    codebook = torch.randn(K, D, generator=generator, dtype=torch.float64)
    state = rule.begin(codebook, generator)
    for step in range(1, 6):
        _, hits, sums = batch(codebook.nan_to_num(), step)
        before = {name: value.numpy().copy() for name, value in state.items()}
        mine = ema_step(
            before["ema_count"], before["ema_sum"], hits.numpy(), sums.numpy(),
            decay=decay, epsilon=epsilon, start=start, step=step,
        )  # fmt: skip
        rule.step(codebook, state, hits, sums)
        np.testing.assert_allclose(mine.codebook, codebook.numpy(), rtol=1e-12, atol=1e-300)
        np.testing.assert_allclose(mine.total, state["ema_sum"].numpy(), rtol=1e-12, atol=1e-300)
        stored = mine.smoothed if store_smoothed else mine.count
        np.testing.assert_allclose(stored, state["ema_count"].numpy(), rtol=1e-12, atol=1e-300)


def test_a_code_goes_its_rate_of_the_way_to_the_mean_of_its_vectors():
    codebook = torch.randn(K, D, generator=torch.Generator().manual_seed(5), dtype=torch.float64)
    _, hits, sums = batch(codebook, 1)
    count, old = np.full(K, 3.0), codebook.numpy()
    after = ema_step(count, old * 3.0, hits.numpy(), sums.numpy(), decay=0.9, epsilon=1e-12)
    hit = hits.numpy() > 0
    mean = sums.numpy()[hit] / hits.numpy()[hit, None]
    np.testing.assert_allclose(after.codebook[hit], old[hit] + after.rate[hit, None] * (mean - old[hit]), rtol=1e-9)
    assert (after.rate[~hit] == 0).all()
    np.testing.assert_allclose(after.rate, 0.1 * hits.numpy() / (0.9 * count + 0.1 * hits.numpy()))


def test_it_is_gradient_descent_on_the_codebook_term_with_a_rate_for_each_code():
    codebook = torch.randn(K, D, generator=torch.Generator().manual_seed(6), dtype=torch.float64)
    vectors, hits, sums = batch(codebook, 2)
    after = ema_step(np.full(K, 3.0), codebook.numpy() * 3.0, hits.numpy(), sums.numpy(), decay=0.9, epsilon=1e-12)
    gradient = codebook_gradient(codebook.numpy(), hits.numpy(), sums.numpy())
    hit = hits.numpy() > 0
    step = after.rate[hit] * vectors.numel() / (2 * hits.numpy()[hit])
    np.testing.assert_allclose(after.codebook[hit], codebook.numpy()[hit] - step[:, None] * gradient[hit], rtol=1e-9)


def test_the_gradient_is_autograds_and_exactly_zero_without_hits():
    codebook = torch.randn(K, D, generator=torch.Generator().manual_seed(7), dtype=torch.float64).requires_grad_()
    vectors, hits, sums = batch(codebook.detach(), 3)
    (vectors - codebook[nearest(vectors, codebook.detach())]).square().mean().backward()
    assert codebook.grad is not None
    mine = codebook_gradient(codebook.detach().numpy(), hits.numpy(), sums.numpy())
    np.testing.assert_allclose(mine, codebook.grad.numpy(), rtol=1e-10, atol=1e-16)
    assert (mine[hits.numpy() == 0] == 0).all()
    assert (hits == 0).any()


def test_smoothing_keeps_the_sum_and_leaves_no_zero():
    smoothed = laplace(np.array([0.0, 1.0, 9.0]), 0.5)
    assert smoothed.sum() == pytest.approx(10)
    np.testing.assert_allclose(smoothed, np.array([0.5, 1.5, 9.5]) / 11.5 * 10)


@pytest.mark.parametrize("start", EMA_STARTS)
@pytest.mark.parametrize("store_smoothed", [False, True])
def test_a_state_rounded_to_float16_is_made_to_agree_with_its_codebook(start, store_smoothed):
    """Far codes that are hit by few: rounding alone would move them farther than the update does."""
    rule = EMAUpdate(start=start, store_smoothed=store_smoothed)
    settings: Any = {"decay": rule.decay, "epsilon": rule.epsilon, "start": start}
    codebook = 10 * torch.randn(K, D, generator=torch.Generator().manual_seed(8), dtype=torch.float64)
    state = rule.begin(codebook, torch.Generator().manual_seed(9))
    for step in range(1, 30):
        _, hits, sums = batch(codebook, step)
        rule.step(codebook, state, hits, sums)
    rounded = [compact(t.numpy()).astype(float) for t in (codebook, state["ema_count"], state["ema_sum"])]
    count, total = state_behind(*rounded, **settings, store_smoothed=store_smoothed, step=29)
    np.testing.assert_allclose(total, state["ema_sum"].numpy(), rtol=3e-3, atol=1e-9)
    _, hits, sums = batch(codebook, 30)
    mine = ema_step(count, total, hits.numpy(), sums.numpy(), **settings, step=30)
    moved, before = mine.codebook - rounded[0], codebook.clone().numpy()
    rule.step(codebook, state, hits, sums)
    hit = hits.numpy() > 0
    np.testing.assert_allclose(moved[hit], (codebook.numpy() - before)[hit], rtol=0.05, atol=1.5e-3)


def test_before_the_first_update_the_state_is_left_alone():
    settings: Any = {"decay": 0.9, "epsilon": 1e-5, "start": "snippet", "step": 0}
    count, total = state_behind(np.ones((2, 1)), np.zeros(2), np.full((2, 1), 7.0), **settings)
    assert count.tolist() == [0, 0]
    assert total.tolist() == [[7], [7]]


def test_a_count_that_float16_lost_is_put_at_the_rules_floor():
    codebook = np.array([[0.25, -0.5], [1.0, 2.0]])
    settings: Any = {"decay": 0.99, "epsilon": 1e-5, "start": "hold"}
    count, total = state_behind(codebook, np.array([0.0, 2.0]), np.array([[0.0, 0.0], [2.0, 4.0]]), **settings)
    after = ema_step(count, total, np.zeros(2), np.zeros((2, 2)), **settings)
    np.testing.assert_allclose(after.codebook, codebook)
    assert count.tolist() == [COUNT_FLOOR, 2.0]
    assert codebook_updates.COUNT_FLOOR == COUNT_FLOOR
