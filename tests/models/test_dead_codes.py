"""Restarting dead codes: who is due and when, where they go, and that the next update does not undo it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.errors import QuantizerError
from explorer.models.codebook_updates import CODEBOOK_UPDATES, EMA_STARTS, CodebookUpdate, EMAUpdate, GradientUpdate
from explorer.models.dead_codes import (
    DEAD_CODE_POLICIES,
    DeadCodePolicy,
    ExpireRare,
    KeepDead,
    OnlineAnchors,
    ReplaceRare,
    RestartDead,
    closest_anchors,
    probable_anchors,
)
from explorer.models.vector_quantizer import VectorQuantizer

RULES = [GradientUpdate(), *(EMAUpdate(start=start) for start in EMA_STARTS), CODEBOOK_UPDATES["snippet"]]
WINDOW = 3
POLICY = RestartDead(vectors_per_code=1, steps=WINDOW)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def quantizer_with_dead_codes(rule: CodebookUpdate, policy: DeadCodePolicy = POLICY) -> VectorQuantizer:
    """Codes 0-3 among the data of `data`, codes 4-7 far beyond any of it. In float64."""
    quantizer = VectorQuantizer(8, 2, update=rule, dead_codes=policy, init="normal", generator=seeded(0)).double()
    with torch.no_grad():
        quantizer.codebook[:4] = data(-1, 4)
        quantizer.codebook[4:] = torch.tensor([500.0, 500.0])
        quantizer.codebook[4:] += torch.arange(4)[:, None]
        if "ema_sum" in quantizer.state_dict() and quantizer.get_buffer("ema_count").any():
            quantizer.get_buffer("ema_sum").copy_(quantizer.codebook)
        elif quantizer.update.forced_init:
            quantizer.get_buffer("ema_sum")[4:] = 500
    return quantizer


def data(step: int, number: int = 40) -> Tensor:
    return 5 + torch.randn(number, 2, dtype=torch.float64, generator=seeded(100 + step))


def test_registry() -> None:
    plain = {"keep": KeepDead(), "restart": RestartDead(), "expire": ExpireRare(), "replace": ReplaceRare()}
    plain |= {"anchors": OnlineAnchors()}
    more = {"anchors-closest": OnlineAnchors(anchors=closest_anchors)}
    more |= {"anchors-probable": OnlineAnchors(anchors=probable_anchors)}
    assert plain | more == DEAD_CODE_POLICIES
    assert (RestartDead().vectors_per_code, RestartDead().steps) == (100, 20)  # the live gauge's window


@pytest.mark.parametrize("rule", [GradientUpdate(), EMAUpdate(), EMAUpdate(start="ones")], ids=str)
def test_codes_without_hits_restart_after_one_window_and_then_get_one_window_of_grace(rule: CodebookUpdate) -> None:
    quantizer = quantizer_with_dead_codes(rule)
    due = {}
    for step in range(4 * WINDOW):
        out = quantizer(
            data(step) if step < WINDOW else torch.full((40, 2), 5.0).double()
        )  # then all vectors are equal
        due[step] = out.restarted.tolist()
    assert [due[step] for step in range(WINDOW - 1)] == [[]] * (WINDOW - 1)
    assert due[WINDOW - 1] == [4, 5, 6, 7]
    # One equal vector restarts one code at a time; a code just restarted is left alone for a window.
    rows = [(step, row) for step, rows in due.items() for row in rows]
    for row in range(8):
        steps = [step for step, restarted in rows if restarted == row]
        assert all(later - earlier >= WINDOW for earlier, later in itertools.pairwise(steps))


def test_keep_never_restarts() -> None:
    quantizer = quantizer_with_dead_codes(EMAUpdate(), KeepDead())
    for step in range(10):
        assert quantizer(data(step)).restarted.numel() == 0
    assert quantizer.restart_count == 0
    assert (quantizer.codebook[4:] > 400).all()


@pytest.mark.parametrize("vectors_per_code, steps, expected", [(100, 1, 20), (1, 7, 7), (100, 25, 25)])
def test_the_window_holds_enough_vectors_and_enough_steps(vectors_per_code: int, steps: int, expected: int) -> None:
    quantizer = quantizer_with_dead_codes(EMAUpdate(), RestartDead(vectors_per_code, steps))
    for step in range(1, 40):
        if len(quantizer(data(step)).restarted):  # 40 vectors a step, 8 codes: 100 K vectors take 20 steps
            assert step == expected
            return
    pytest.fail("no code was restarted")


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_restarted_codes_sit_on_different_vectors_of_the_batch(rule: CodebookUpdate) -> None:
    quantizer = quantizer_with_dead_codes(rule)
    for step in range(WINDOW):
        batch = data(step)
        out = quantizer(batch)
    assert out.restarted.tolist() == [4, 5, 6, 7]
    placed = quantizer.codebook.detach()[out.restarted]
    matches = (placed[:, None] == batch[None]).all(2)
    assert (matches.sum(1) == 1).all()
    assert matches.any(0).sum() == 4  # without replacement
    assert quantizer.restart_count == 4
    assert quantizer.get_buffer("restarts").tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    if isinstance(rule, EMAUpdate):
        weight = 1 - 0.99**WINDOW if rule.start == "sonnet" else 1.0
        count, total = quantizer.get_buffer("ema_count")[4:], quantizer.get_buffer("ema_sum")[4:]
        torch.testing.assert_close(count, torch.full_like(count, weight), rtol=1e-12, atol=0)
        torch.testing.assert_close(total, placed * weight, rtol=1e-12, atol=0)


@pytest.mark.parametrize("rule", RULES[1:], ids=str)
def test_the_next_ema_step_does_not_undo_a_restart(rule: EMAUpdate) -> None:
    quantizer = quantizer_with_dead_codes(rule)
    for step in range(WINDOW):
        out = quantizer(data(step))
    placed = quantizer.codebook[out.restarted].clone()
    quantizer(quantizer.codebook[:1].expand(40, 2))  # hits code 0 only
    torch.testing.assert_close(quantizer.codebook[out.restarted], placed, rtol=1e-4, atol=0)


@pytest.mark.parametrize(
    "name, settings",
    [
        ("Adam", {"foreach": False}),
        ("Adam", {"foreach": True, "amsgrad": True}),
        ("Adam", {"fused": True}),
        ("AdamW", {"weight_decay": 0.0}),
        ("SGD", {"momentum": 0.9}),
        ("SGD", {"momentum": 0.9, "fused": True}),
        ("RMSprop", {"momentum": 0.9, "centered": True}),
    ],
)
def test_zeroed_moments_leave_a_restarted_code_in_place(name: str, settings: dict[str, object]) -> None:
    for reset in (True, False):
        quantizer = quantizer_with_dead_codes(GradientUpdate(), RestartDead(vectors_per_code=1, steps=30))
        optimizer: torch.optim.Optimizer = getattr(torch.optim, name)([quantizer.codebook], lr=1e-2, **settings)
        for step in range(60):
            batch = data(step)
            if step < 10:  # give every code a momentum before codes 4-7 die
                batch = torch.cat([batch, quantizer.codebook.detach() + 0.3])
            optimizer.zero_grad()
            out = quantizer(batch)
            out.loss.backward()
            placed = quantizer.codebook.detach()[out.restarted].clone()
            if reset:
                quantizer.reset_optimizer_rows(optimizer, out.restarted)
            optimizer.step()
            if len(out.restarted):
                break
        assert out.restarted.tolist() == [4, 5, 6, 7]
        assert torch.equal(quantizer.codebook.detach()[out.restarted], placed) == reset


def test_resetting_rows_leaves_the_other_moments_and_other_optimizers_alone() -> None:
    quantizer = quantizer_with_dead_codes(GradientUpdate())
    optimizer = torch.optim.Adam([quantizer.codebook])
    quantizer.reset_optimizer_rows(optimizer, torch.tensor([1]))  # before any step: nothing to reset
    quantizer(data(0)).loss.backward()
    optimizer.step()
    state = optimizer.state[quantizer.codebook]
    before = {name: value.clone() for name, value in state.items()}
    quantizer.reset_optimizer_rows(optimizer, torch.tensor([1]))
    for name in ("exp_avg", "exp_avg_sq"):
        assert (state[name][1] == 0).all()
        rest = torch.arange(8) != 1
        assert torch.equal(state[name][rest], before[name][rest])
    assert torch.equal(state["step"], before["step"])
    ema = quantizer_with_dead_codes(EMAUpdate())
    ema.reset_optimizer_rows(optimizer, torch.tensor([1]))  # an EMA codebook is in no optimizer


def test_restarts_are_a_function_of_their_own_generator() -> None:
    def place(seed: int) -> Tensor:
        quantizer = quantizer_with_dead_codes(EMAUpdate())
        for step in range(WINDOW):
            quantizer.restart_generator.manual_seed(seed)
            quantizer(data(step))
        return quantizer.codebook[4:]

    torch.manual_seed(0)
    before = torch.get_rng_state()
    assert torch.equal(place(5), place(5))
    assert not torch.equal(place(5), place(6))
    assert torch.equal(torch.get_rng_state(), before)  # the global generator is not touched


def test_equal_vectors_do_not_waste_a_restart() -> None:
    quantizer = quantizer_with_dead_codes(EMAUpdate())
    batch = torch.zeros(40, 2, dtype=torch.float64)
    batch[::13] = data(0, 4)
    for _ in range(WINDOW):
        out = quantizer(batch)
    placed = quantizer.codebook[out.restarted]
    assert len(torch.unique(placed, dim=0)) == len(placed)


def test_fewer_vectors_than_due_codes() -> None:
    quantizer = quantizer_with_dead_codes(EMAUpdate())
    for step in range(WINDOW + 2):
        out = quantizer(data(step, 2 if step >= WINDOW - 1 else 40))
        if step >= WINDOW - 1:
            assert len(out.restarted) <= 2
    assert quantizer.restart_count >= 4  # the others follow in the next steps


def test_a_window_that_cannot_work() -> None:
    for settings in ((0, 5), (5, 0)):
        with pytest.raises(QuantizerError, match="at least one vector per code and one step"):
            RestartDead(*settings)


def test_anchors_pull_by_the_papers_rule() -> None:
    policy = OnlineAnchors(decay=0.9)
    state = policy.begin(4)
    counts = torch.tensor([0, 1, 50, 49])
    due = policy.due(state, counts, 100)
    share = 0.1 * counts.numpy() / 100
    pull = np.exp(-10 * 4 * share / 0.1 - 1e-3)
    np.testing.assert_allclose(state["pull"].numpy(), pull, rtol=1e-5)
    assert due.tolist() == [0, 1]
    codebook = torch.randn(4, 2, generator=seeded(0))
    vectors = torch.randn(20, 2, generator=seeded(1))
    placed = policy.draw(state, due, vectors, codebook, seeded(2))
    weights = torch.tensor(pull[:2, None], dtype=torch.float32)
    anchors = (placed - (1 - weights) * codebook[due]) / weights
    nearest = torch.cdist(anchors, vectors).amin(1)
    torch.testing.assert_close(nearest, torch.zeros(2), atol=1e-5, rtol=0)
    policy.note(state, due)
    assert state["restarts"].tolist() == [1, 1, 0, 0]


def test_anchors_bring_a_dead_codebook_to_life() -> None:
    used = {}
    for policy in ("keep", "anchors"):
        quantizer = VectorQuantizer(32, 2, dead_codes=policy, init="normal", generator=seeded(0))
        for step in range(60):
            quantizer.restart_generator.manual_seed(step)
            out = quantizer(10 + torch.randn(400, 2, generator=seeded(step)))
        used[policy] = int((out.counts > 0).sum())
    assert used["keep"] < 8
    assert used["anchors"] >= 30


def test_only_a_pull_of_more_than_half_the_way_makes_a_new_code() -> None:
    policy = OnlineAnchors()
    assert policy.decay == 0.99  # the authors' class
    state = policy.begin(3)
    state["pull"].copy_(torch.tensor([0.4, 0.6, 0.5]))
    policy.note(state, torch.arange(3))
    assert state["restarts"].tolist() == [0, 1, 0]


def test_keeping_dead_codes_moves_none() -> None:
    policy = KeepDead()
    due = policy.due({}, torch.zeros(4, dtype=torch.int64), 50)
    assert len(due) == 0
    assert len(policy.draw({}, due, data(0), torch.zeros(4, 2), seeded(0))) == 0


def test_a_code_expires_when_its_average_falls_below_the_threshold() -> None:
    policy = ExpireRare(threshold=2.0, decay=0.5)
    state = policy.begin(3)
    assert policy.due(state, torch.tensor([9, 3, 0]), 12).tolist() == [2]  # averages 5, 2, .5
    policy.note(state, torch.tensor([2]))
    assert state["expiry"].tolist() == [5, 2, 2]
    assert state["restarts"].tolist() == [0, 0, 1]
    assert policy.due(state, torch.tensor([0, 1, 2]), 3).tolist() == [1]  # 2.5, 1.5, 2
    drawn = policy.draw(state, torch.tensor([1]), data(0), torch.zeros(3, 2), seeded(0))
    assert (data(0) == drawn).all(1).any()


def test_anchors_lie_closest_or_are_drawn_by_their_cosine() -> None:
    angles = torch.linspace(0, 2 * torch.pi, 13)[:-1]
    vectors = torch.stack([angles.cos(), angles.sin()], 1)
    codes = 3 * vectors[[2, 7]] + 0.01
    assert torch.equal(closest_anchors(codes, vectors, seeded(0)), vectors[[2, 7]])
    many = probable_anchors(codes[:1].repeat(20_000, 1), vectors, seeded(0))
    found = torch.tensor([float((many == vector).all(1).float().mean()) for vector in vectors])
    wanted = (torch.nn.functional.normalize(codes[0], dim=0) @ vectors.t()).softmax(0)
    torch.testing.assert_close(found, wanted, atol=0.012, rtol=0)


def test_rare_codes_go_onto_used_ones_when_the_window_is_over() -> None:
    policy = ReplaceRare(window=4, share=0.5, nudge=1e-3)
    state = policy.begin(5)
    codebook = torch.arange(5.0)[:, None] * 10
    hits = torch.tensor([[9, 1, 0, 0, 0], [9, 0, 0, 0, 1], [9, 0, 0, 0, 1], [9, 0, 0, 0, 1]])
    due = [policy.due(state, row, 10).tolist() for row in hits]
    assert due == [[], [], [], [1, 2, 3]]  # 1 of 4 steps is below a half, 3 are not, however many hits each had
    placed = policy.draw(state, torch.tensor([1, 2, 3]), torch.empty(0, 1), codebook, seeded(0))
    apart = (placed[:, None] - codebook[[0, 4]]).abs().amin(1)
    assert float(apart.max()) < 0.01
    assert float(apart.min()) > 0
    policy.note(state, torch.tensor([1, 2, 3]))
    assert state["restarts"].tolist() == [0, 1, 1, 1, 0]
    assert [policy.due(state, row, 10).tolist() for row in hits[:3]] == [[], [], []]  # a window of its own


def test_used_codes_are_drawn_as_they_are_used_and_nothing_moves_where_none_is_or_all_are() -> None:
    policy = ReplaceRare(window=1, share=0.5, nudge=0.0)
    state = policy.begin(4)
    state["used_steps"].copy_(torch.tensor([30, 10, 0, 0]))
    codebook = torch.eye(4)
    drawn = policy.draw(state, torch.tensor([2, 3]), codebook, codebook, seeded(1))
    assert drawn.shape == (2, 4)
    many = torch.cat([policy.draw(state, torch.tensor([2, 3]), codebook, codebook, seeded(n)) for n in range(400)])
    assert many.mean(0).tolist() == pytest.approx([0.75, 0.25, 0, 0], abs=0.06)
    for counts in (torch.zeros(4, dtype=torch.int64), torch.ones(4, dtype=torch.int64)):
        assert len(policy.due(policy.begin(4), counts, 4)) == 0
