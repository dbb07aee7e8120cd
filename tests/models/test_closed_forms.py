"""Every closed form of a starving EMA code against the shipped rule, at two (K, D, γ, ε) of which no text speaks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.models.codebook_updates import EMAUpdate

DEAD, FADING, HITS = 0, 1, 8  # a code never hit; one of 8 hits a step that then starves


@dataclass(frozen=True)
class Case:
    """A codebook and its rule; K ε is far below (1 - γ) times the vectors of a step, as the forms assume."""

    k: int
    d: int
    decay: float
    epsilon: float
    vectors: int = 8192

    def rule(self, start: str, *, store: bool) -> EMAUpdate:
        return EMAUpdate(self.decay, self.epsilon, start=start, store_smoothed=store)

    def batch(self, *, fading: int) -> tuple[Tensor, Tensor]:
        counts = torch.full((self.k,), self.vectors // self.k)
        counts[DEAD], counts[FADING] = 0, fading
        means = torch.arange(1.0, self.k * self.d + 1, dtype=torch.float64).view(self.k, self.d) / self.k
        return counts, counts[:, None] * means

    def steps_to(self, ratio: float) -> float:
        """Steps in which the decay alone divides by `ratio`."""
        return math.log(ratio) / -math.log(self.decay)


CASES = [Case(24, 5, 0.95, 1e-4), Case(96, 2, 0.985, 3e-6)]
each_case = pytest.mark.parametrize("case", CASES, ids=str)


def lengths(case: Case, rule: EMAUpdate, row: int, steps: int, alive: int = 0) -> np.ndarray:
    """Of the row after each step, over its length where it began: `w_0` of the sums, or the code it was alive as."""
    codebook = torch.randn(case.k, case.d, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    state = rule.begin(codebook, torch.Generator().manual_seed(1))
    first = state["ema_sum"][row].norm()
    for _ in range(alive):
        rule.step(codebook, state, *case.batch(fading=HITS))
        first = codebook[row].norm()
    found = []
    for _ in range(steps):
        rule.step(codebook, state, *case.batch(fading=0))
        found.append(float(codebook[row].norm() / first))
    return np.array(found)


def first_below(ratio: np.ndarray, bound: float) -> int:
    assert (ratio <= bound).any()
    return int(np.argmax(ratio <= bound)) + 1


@each_case
@pytest.mark.parametrize("store", [True, False])
def test_the_snippets_dead_code_sweeps_inward_as_the_form_says(case: Case, store: bool):
    gamma, eps = case.decay, case.epsilon
    back = case.steps_to(1 + (1 - gamma) / eps if store else 1 / eps)
    t = np.arange(1, int(back) + 50)
    ratio = lengths(case, case.rule("snippet", store=store), DEAD, len(t))
    form = gamma**t * (1 - gamma) / (eps * (1 - gamma**t)) if store else gamma**t / eps
    np.testing.assert_allclose(ratio, form, rtol=2e-3)
    assert first_below(ratio, 1) == pytest.approx(math.ceil(back), abs=1)
    assert ratio[0] == pytest.approx(gamma / eps, rel=2e-3)


@each_case
@pytest.mark.parametrize("store", [True, False])
def test_a_code_that_starves_halves_its_length_when_the_form_says(case: Case, store: bool):
    gamma, eps = case.decay, case.epsilon
    closed = case.steps_to(1 + HITS * (1 - gamma) / eps if store else HITS / eps)
    alive = math.ceil(12 / (1 - gamma))
    ratio = lengths(case, case.rule("ones", store=store), FADING, math.ceil(closed) + 20, alive)
    assert first_below(ratio, 0.5) == pytest.approx(closed, abs=1.5)


@each_case
def test_ones_halves_where_its_count_meets_epsilon(case: Case):
    closed = case.steps_to(1 / case.epsilon)
    ratio = lengths(case, case.rule("ones", store=False), DEAD, math.ceil(closed) + 20)
    assert first_below(ratio, 0.5) == pytest.approx(closed, abs=1.5)


@each_case
def test_stored_smoothing_leaves_a_phantom_count_and_sonnet_exact_zeros(case: Case):
    for start, store in (("ones", True), ("sonnet", False)):
        rule = case.rule(start, store=store)
        codebook = torch.randn(case.k, case.d, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        state = rule.begin(codebook, None)
        rule.step(codebook, state, *case.batch(fading=0))
        if start == "sonnet":
            assert (codebook[DEAD] == 0).all()
            continue
        for _ in range(math.ceil(25 / (1 - case.decay))):
            rule.step(codebook, state, *case.batch(fading=0))
        assert float(state["ema_count"][DEAD]) == pytest.approx(case.epsilon / (1 - case.decay), rel=2e-3)


@each_case
def test_ema_is_sgd_on_the_codebook_term_with_the_rate_of_each_code(case: Case):
    rule = EMAUpdate(case.decay, 1e-12, start="ones")
    codebook = torch.randn(case.k, case.d, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    state = rule.begin(codebook, None)
    for _ in range(5):
        counts, sums = case.batch(fading=HITS)
        before, count = codebook.clone(), state["ema_count"].clone()
        rule.step(codebook, state, counts, sums)
        n = counts.double()
        rate = (1 - case.decay) * n / (case.decay * count + (1 - case.decay) * n)  # N_k after the step
        mean = sums / n.clamp(min=1)[:, None]
        torch.testing.assert_close(codebook, before + rate[:, None] * (mean - before), rtol=1e-6, atol=1e-9)
