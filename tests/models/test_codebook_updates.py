"""The EMA's mathematics, step by step, against NumPy and against the closed forms of its known starts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.distributed as dist
from numpy.typing import NDArray
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.codebook_updates import CODEBOOK_UPDATES, COUNT_FLOOR, EMA_STARTS, EMAUpdate
from explorer.models.vector_quantizer import VectorQuantizer

Array = NDArray[np.float64]
DECAY, EPSILON = 0.99, 1e-5
K, D, VECTORS = 32, 3, 4096  # K epsilon is far below (1 - decay) * vectors per step, as the closed forms assume
DEAD, FADING = 0, 1  # a code that is never hit; a code that is hit at first and then never again


def make(rule: EMAUpdate, seed: int = 0) -> tuple[Tensor, dict[str, Tensor]]:
    """A float64 codebook and the rule's state for it."""
    codebook = torch.randn(K, D, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return codebook, rule.begin(codebook, torch.Generator().manual_seed(seed + 1))


def batch(fading_hits: int = 8) -> tuple[Tensor, Tensor]:
    """Hits and sums of one step of a fixed stream: no hit for DEAD, `fading_hits` for FADING."""
    counts = torch.full((K,), VECTORS // K)
    counts[DEAD], counts[FADING] = 0, fading_hits
    means = torch.arange(1.0, K * D + 1, dtype=torch.float64).view(K, D) / K
    return counts, counts[:, None] * means


def norms(rule: EMAUpdate, steps: int, row: int, alive_steps: int = 0) -> Array:
    """The row's length after each of `steps` steps; FADING is alive for `alive_steps` steps before those."""
    codebook, state = make(rule)
    for _ in range(alive_steps):
        rule.step(codebook, state, *batch())
    lengths = []
    for _ in range(steps):
        rule.step(codebook, state, *batch(fading_hits=0))
        lengths.append(float(codebook[row].norm()))
    return np.array(lengths)


def first_below(lengths: Array, bound: float) -> int:
    """The first step, counted from 1, after which the length is at most `bound`."""
    return int(np.argmax(lengths <= bound)) + 1


def test_snippet_is_the_notes_lines() -> None:
    quantizer = VectorQuantizer(
        K,
        D,
        update="snippet",
        generator=torch.Generator().manual_seed(1),
        ema_generator=torch.Generator().manual_seed(2),
    ).double()
    codebook: Array = quantizer.codebook.numpy().copy()
    sums: Array = quantizer.get_buffer("ema_sum").numpy().copy()
    size = np.zeros(K)
    rng = np.random.default_rng(3)
    for step in range(60):
        flat = rng.normal(size=(VECTORS // 4, D)) * 0.5 + 0.2
        chosen = ((flat[:, None, :] - codebook[None]) ** 2).sum(2).argmin(1)
        one_hot = np.eye(K)[chosen]
        before = codebook
        size = size * DECAY + (1 - DECAY) * one_hot.sum(0)
        n = size.sum()
        size = (size + EPSILON) / (n + K * EPSILON) * n
        sums = sums * DECAY + (1 - DECAY) * one_hot.T @ flat
        codebook = sums / size[:, None]

        out = quantizer(torch.from_numpy(flat))
        np.testing.assert_array_equal(out.indices, chosen)
        loss = ((before[chosen] - flat) ** 2).mean()  # the note's loss looks codes up before it moves them
        assert float(out.commitment_loss) == pytest.approx(loss, rel=1e-12)
        for ours, theirs in ((quantizer.codebook.numpy(), codebook), (quantizer.get_buffer("ema_sum").numpy(), sums)):
            apart = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)
            assert apart.max() < 1e-6, f"step {step}, row {apart.argmax()}"
        np.testing.assert_allclose(quantizer.get_buffer("ema_count"), size, rtol=1e-6)


def test_snippet_draws_codebook_and_sums_independently_whatever_init_is_asked() -> None:
    def fresh(seed: int, ema_seed: int, init: str = "uniform") -> VectorQuantizer:
        drawn = torch.Generator().manual_seed(seed), torch.Generator().manual_seed(ema_seed)
        return VectorQuantizer(400, 4, update="snippet", init=init, generator=drawn[0], ema_generator=drawn[1])

    quantizer = fresh(1, 2)
    sums = quantizer.get_buffer("ema_sum")
    assert quantizer.get_buffer("ema_count").abs().max() == 0
    for drawn in (quantizer.codebook, sums):
        assert float(drawn.mean()) == pytest.approx(0, abs=0.1)
        assert float(drawn.std()) == pytest.approx(1, abs=0.1)
    assert abs(float((quantizer.codebook * sums).mean())) < 0.1  # uncorrelated; equal draws would give 1
    assert torch.equal(quantizer.codebook, fresh(1, 3).codebook)  # the sums' stream does not touch the codebook
    assert torch.equal(sums, fresh(3, 2).get_buffer("ema_sum"))
    kmeans = fresh(1, 2, init="kmeans")
    assert torch.equal(quantizer.codebook, kmeans.codebook)
    assert not kmeans.needs_data
    twin = VectorQuantizer(400, 4, update="gradient", init="normal", generator=torch.Generator().manual_seed(1))
    assert torch.equal(quantizer.codebook, twin.codebook)


def test_registry_name_snippet() -> None:
    assert CODEBOOK_UPDATES["snippet"] == EMAUpdate(0.99, 1e-5, start="snippet", store_smoothed=True)
    assert CODEBOOK_UPDATES["ema"] == EMAUpdate(0.99, 1e-5, start="hold", store_smoothed=False)


def test_snippet_throws_codes_that_are_not_hit_far_out_and_sweeps_them_in() -> None:
    rule = EMAUpdate(start="snippet", store_smoothed=True)
    w_0 = float(make(rule)[1]["ema_sum"][DEAD].norm())
    ratio = norms(rule, 3000, DEAD) / w_0
    t = np.arange(1, 3001)
    assert ratio[0] == pytest.approx(DECAY / EPSILON, rel=1e-3)  # "about 1e5"
    np.testing.assert_allclose(ratio, DECAY**t * (1 - DECAY) / (EPSILON * (1 - DECAY**t)), rtol=1e-3)
    crossing = math.log(1 + (1 - DECAY) / EPSILON) / -math.log(DECAY)
    assert first_below(ratio, 1) == math.ceil(crossing) == 688
    assert ratio[-1] < 1e-9


def test_snippet_sweep_stays_on_one_ray() -> None:
    rule = EMAUpdate(start="snippet", store_smoothed=True)
    codebook, state = make(rule)
    w_0 = state["ema_sum"][DEAD] / state["ema_sum"][DEAD].norm()
    for _ in range(700):
        rule.step(codebook, state, *batch())
        assert float(codebook[DEAD] @ w_0 / codebook[DEAD].norm()) == pytest.approx(1, abs=1e-12)


def test_snippet_without_stored_smoothing_takes_longer() -> None:
    rule = EMAUpdate(start="snippet", store_smoothed=False)
    ratio = norms(rule, 1500, DEAD) / float(make(rule)[1]["ema_sum"][DEAD].norm())
    t = np.arange(1, 1501)
    np.testing.assert_allclose(ratio, DECAY**t / EPSILON, rtol=1e-3)
    assert first_below(ratio, 1) == math.ceil(math.log(1 / EPSILON) / -math.log(DECAY)) == 1146


def test_stored_smoothing_leaves_a_phantom_count() -> None:
    rule = EMAUpdate(start="ones", store_smoothed=True)
    codebook, state = make(rule)
    for _ in range(4000):
        rule.step(codebook, state, *batch())
    assert float(state["ema_count"][DEAD]) == pytest.approx(EPSILON / (1 - DECAY), rel=1e-3)
    bare = replace(rule, store_smoothed=False)
    codebook, state = make(bare)
    for _ in range(4000):
        bare.step(codebook, state, *batch())
    assert float(state["ema_count"][DEAD]) == pytest.approx(DECAY**4000, rel=1e-6)


@pytest.mark.parametrize("store, expected", [(True, 895), (False, 1353)])
@pytest.mark.parametrize("start", ["ones", "snippet"])
def test_a_code_that_starves_halves_its_norm(start: str, store: bool, expected: int) -> None:
    alive = 3000  # steps at 8 hits per step: N_0 = 8
    lengths = norms(EMAUpdate(start=start, store_smoothed=store), 1400, FADING, alive_steps=alive)
    count = 8.0
    if store:
        closed = math.log(1 + count * (1 - DECAY) / EPSILON) / -math.log(DECAY)
    else:
        closed = math.log(count / EPSILON) / -math.log(DECAY)
    full = float((batch()[1][FADING] / 8).norm())
    assert first_below(lengths, full / 2) == math.ceil(closed) == expected


def test_ones_holds_about_700_steps_and_ends_at_zero() -> None:
    rule = EMAUpdate(start="ones")
    ratio = norms(rule, 3000, DEAD) / float(make(rule)[0][DEAD].norm())
    assert ratio[699] > 0.98
    assert first_below(ratio, 0.5) == math.ceil(math.log(1 / EPSILON) / -math.log(DECAY)) == 1146
    assert ratio[-1] < 1e-4


def test_hold_keeps_a_dead_code_where_it_died() -> None:
    rule = EMAUpdate(start="hold")
    codebook, state = make(rule)
    origin = codebook[DEAD].clone()
    for _ in range(3000):
        rule.step(codebook, state, *batch())
    for _ in range(3500):
        rule.step(codebook, state, *batch(fading_hits=0))
    died = batch()[1][FADING] / 8
    torch.testing.assert_close(codebook[DEAD], origin, rtol=1e-9, atol=0)
    torch.testing.assert_close(codebook[FADING], died, rtol=1e-9, atol=0)
    torch.testing.assert_close(codebook[DEAD], state["ema_sum"][DEAD] / state["ema_count"][DEAD])
    assert float(state["ema_count"].min()) == COUNT_FLOOR


def test_hold_in_single_precision() -> None:
    quantizer = VectorQuantizer(2, 2, update=EMAUpdate(decay=0.9, start="hold"))
    with torch.no_grad():
        quantizer.codebook.copy_(torch.tensor([[1.0, 1.0], [50.0, -30.0]]))
        quantizer.get_buffer("ema_sum").copy_(quantizer.codebook)
    near = torch.ones(8, 2)
    for _ in range(1500):  # far beyond the step at which a bare count underflows
        quantizer(near)
    torch.testing.assert_close(quantizer.codebook[1], torch.tensor([50.0, -30.0]), rtol=1e-4, atol=0)


def test_hold_is_ones_as_long_as_every_code_is_hit() -> None:
    hold, ones = EMAUpdate(start="hold"), EMAUpdate(start="ones")
    (codebook, state), (other, other_state) = make(hold), make(ones)
    counts = torch.full((K,), 7)
    for step in range(50):
        sums = torch.full((K, D), 1.0 + step, dtype=torch.float64)
        hold.step(codebook, state, counts, sums)
        ones.step(other, other_state, counts, sums)
    torch.testing.assert_close(codebook, other, rtol=1e-14, atol=0)


def test_hold_code_comes_back_on_its_first_hit() -> None:
    rule = EMAUpdate(start="hold")
    codebook, state = make(rule)
    for _ in range(4000):
        rule.step(codebook, state, *batch())
    counts, sums = batch()
    counts[DEAD], sums[DEAD] = 1, torch.tensor([4.0, 5.0, 6.0])
    rule.step(codebook, state, counts, sums)
    torch.testing.assert_close(codebook[DEAD], sums[DEAD], rtol=2e-3, atol=0)


@pytest.mark.parametrize("store", [False, True])
def test_sonnet_is_zero_debiased(store: bool) -> None:
    rule = EMAUpdate(start="sonnet", store_smoothed=store)
    codebook, state = make(rule)
    hidden_count, hidden_sum = np.zeros(K), np.zeros((K, D))
    rng = np.random.default_rng(0)
    for t in range(1, 40):
        counts, sums = rng.integers(1, 40, K), rng.normal(size=(K, D))
        counts[DEAD], sums[DEAD] = 0, 0
        hidden_count -= (hidden_count - counts) * (1 - DECAY)
        hidden_sum -= (hidden_sum - sums) * (1 - DECAY)
        average, dw = hidden_count / (1 - DECAY**t), hidden_sum / (1 - DECAY**t)
        smoothed = (average + EPSILON) / (average.sum() + K * EPSILON) * average.sum()
        if store:
            hidden_count = smoothed * (1 - DECAY**t)
        rule.step(codebook, state, torch.from_numpy(counts), torch.from_numpy(sums))
        np.testing.assert_allclose(codebook.numpy(), dw / smoothed[:, None], rtol=1e-10)
        assert (codebook[DEAD] == 0).all()  # exactly, from the first step on


@pytest.mark.parametrize("start", EMA_STARTS)
def test_one_step_of_the_formulas(start: str) -> None:
    rule = EMAUpdate(decay=0.9, epsilon=1e-3, start=start)
    codebook, state = make(rule)
    count, total = state["ema_count"].numpy().copy(), state["ema_sum"].numpy().copy()
    counts, sums = batch()
    counts[DEAD], sums[DEAD] = 3, torch.tensor([1.0, -2.0, 3.0])
    rule.step(codebook, state, counts, sums)
    n = 0.9 * count + 0.1 * counts.numpy()
    m = 0.9 * total + 0.1 * sums.numpy()
    np.testing.assert_allclose(state["ema_count"], n, rtol=1e-12)  # unsmoothed: smoothing is a local value
    np.testing.assert_allclose(state["ema_sum"], m, rtol=1e-12)
    if start == "sonnet":
        n, m = n / 0.1, m / 0.1
    smoothed = (n + 1e-3) / (n.sum() + K * 1e-3) * n.sum()
    np.testing.assert_allclose(codebook, m / smoothed[:, None], rtol=1e-12)


def test_ema_is_gradient_descent_with_a_rate_per_code() -> None:
    rule = EMAUpdate(epsilon=1e-15)
    codebook, state = make(rule)
    rule.step(codebook, state, *batch())
    before, (counts, sums) = codebook.clone(), batch(fading_hits=31)
    rule.step(codebook, state, counts, sums)
    hit = counts > 0
    rate = (1 - DECAY) * counts.double() / state["ema_count"]
    toward = sums[hit] / counts[hit, None] - before[hit]
    torch.testing.assert_close(codebook[hit], before[hit] + rate[hit, None] * toward, rtol=1e-9, atol=1e-12)


def test_counts_and_sums_are_summed_over_ranks_before_the_average(monkeypatch: pytest.MonkeyPatch) -> None:
    z_e = torch.randn(40, 3, dtype=torch.float64)
    alone, ranked = (VectorQuantizer(8, 3, generator=torch.Generator().manual_seed(0)).double() for _ in range(2))
    alone(torch.cat([z_e, z_e]))
    for name, value in {"is_initialized": True, "get_world_size": 2, "get_rank": 0}.items():
        monkeypatch.setattr(dist, name, lambda value=value: value)
    monkeypatch.setattr(dist, "all_reduce", lambda tensor: tensor.mul_(2))  # a second rank with the same batch
    out = ranked(z_e)
    torch.testing.assert_close(ranked.codebook, alone.codebook)
    torch.testing.assert_close(ranked.get_buffer("ema_count"), alone.get_buffer("ema_count"))
    assert out.counts.sum() == 40  # what is reported stays this rank's


@pytest.mark.parametrize(
    "settings", [{"start": "zeros"}, {"decay": 1.0}, {"decay": -0.1}, {"epsilon": 0.0}, {"decay": float("nan")}]
)
def test_settings_that_cannot_work(settings: dict[str, object]) -> None:
    with pytest.raises(QuantizerError):
        EMAUpdate(**settings)  # type: ignore[arg-type]
