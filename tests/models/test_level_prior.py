"""Priors over codes in levels: one likelihood, level by level or of whole tuples, and one draw."""

from __future__ import annotations

import itertools

import pytest
import torch

from explorer.models.prior import CodeSpace, CodeWriter, LevelFrequencies, LevelTransformer, build_prior
from explorer.models.prior import levels as levels_module
from explorer.streams import stream

SPACE = CodeSpace(9, 1, 2, levels=2)  # 3 codes a level


def wild(space: CodeSpace = SPACE) -> LevelTransformer:
    """Weights far from their start."""
    prior = build_prior("levels", space, {"width": 16, "layers": 2, "heads": 2}, generator=stream(0, "prior"))
    assert isinstance(prior, LevelTransformer)
    with torch.no_grad():
        for k, parameter in enumerate(prior.parameters()):
            parameter.add_(0.3 * torch.empty_like(parameter).normal_(generator=stream(0, "wild", k)))
    return prior.eval().requires_grad_(False)


def counted(space: CodeSpace = SPACE) -> LevelFrequencies:
    counts = torch.randint(0, 9, (space.positions, space.levels, space.per_level), generator=stream(0, "counts"))
    return LevelFrequencies(space, counts, 0.5)


ALL = torch.tensor(list(itertools.product(range(9), repeat=2))).view(-1, 1, 2)


def test_a_tuple_is_one_number_coarsest_first():
    tuples = torch.tensor([[2, 1], [0, 2]])
    assert SPACE.joint(tuples).tolist() == [7, 2]
    assert torch.equal(SPACE.apart(torch.tensor([7, 2])), tuples)
    assert CodeSpace(65536, 1, 1, levels=4).per_level == 16


@pytest.mark.parametrize("make", [wild, counted])
def test_levels_one_by_one_and_whole_tuples_have_one_likelihood_that_sums_to_one(make):
    prior = make()
    assert float(prior.log_prob(ALL).exp().sum()) == pytest.approx(1, abs=1e-5)
    whole = torch.log_softmax(prior.logits(ALL), -1).gather(-1, ALL[..., None])[..., 0]
    assert float((whole - prior.log_prob_of_codes(ALL)).abs().max()) < 1e-5
    assert torch.allclose(prior.next_logits(ALL, 1), prior.logits(ALL)[:, 0, 1], atol=1e-5)


@pytest.mark.parametrize("make", [wild, counted])
def test_a_draw_level_by_level_is_the_draw_of_whole_tuples(make, monkeypatch: pytest.MonkeyPatch):
    prior = make(CodeSpace(27, 2, 2, levels=3))
    noise = prior.noise(60, stream(1, "samples"))
    whole = CodeWriter(prior, 60).finish(noise)
    monkeypatch.setattr(levels_module, "MOST_TUPLES", 1)
    assert torch.equal(prior.writer(60).finish(noise), whole)
    assert len(whole.unique()) > 9


def test_temperature_zero_takes_the_likeliest_code_of_each_level(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(levels_module, "MOST_TUPLES", 1)
    prior = counted()
    drawn = prior.sample(5, stream(0, "samples"), temperature=0.0)
    expected = SPACE.joint(prior.log_p.argmax(-1))
    assert torch.equal(drawn.flatten(1), expected.expand(5, -1))


def test_the_finer_level_is_said_given_the_coarser_one():
    prior = wild()
    first = prior.logits(ALL[:1])[0, 0, 0].view(3, 3)
    rows = torch.log_softmax(first, -1)
    assert float((rows[0] - rows[1]).abs().max()) > 1e-2
    independent = torch.log_softmax(counted().logits(ALL[:1])[0, 0, 0].view(3, 3), -1)
    assert torch.allclose(independent[0], independent[1])


def test_the_loss_is_the_mean_cross_entropy_and_reaches_every_part():
    prior = wild().requires_grad_()
    loss = prior.loss(ALL)
    assert loss.item() == pytest.approx(-prior.log_prob_of_codes(ALL).mean().item(), rel=1e-6)
    loss.backward()
    assert all(p.grad is not None and bool(p.grad.any()) for p in prior.parameters())


def test_65536_tuples_are_scored_and_drawn_without_a_table_of_them():
    space = CodeSpace(65536, 2, 2, levels=4)
    uniform = LevelFrequencies(space, torch.zeros(4, 4, 16), 1.0)
    drawn = uniform.sample(300, stream(0, "samples"))
    assert uniform.log_prob(drawn).tolist() == pytest.approx([-4 * 16 * 0.6931471805599453] * 300)
    assert float(drawn.double().mean()) == pytest.approx(32768, rel=0.1)
    learned = build_prior("levels", space, {"width": 16, "layers": 1, "heads": 2}, generator=stream(0, "prior")).eval()
    assert learned.log_prob(learned.sample(3, stream(0, "samples"))).shape == (3,)
