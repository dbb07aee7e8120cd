"""Priors over code grids: a likelihood, causal, the same with a cache and without, and no leak."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from torch import Tensor

from explorer.errors import ConfigError, ExplorerError
from explorer.models.prior import (
    FREE,
    LEARNED_PRIORS,
    CausalTransformer,
    CodePrior,
    CodeSpace,
    CodeWriter,
    PositionFrequencies,
    UniformPrior,
    build_prior,
    distribution,
    draw,
    position_counts,
)
from explorer.models.prior.embedding import fourier_features
from explorer.streams import stream

SMALL = {
    "pixelcnn": {"channels": 12, "layers": 3, "dropout": 0.0},
    "transformer": {"width": 16, "layers": 2, "heads": 2, "dropout": 0.0},
    "levels": {"width": 16, "layers": 2, "heads": 2, "dropout": 0.0},
}
KINDS = sorted(LEARNED_PRIORS)


def wild(kind: str, space: CodeSpace, seed: int = 0) -> CodePrior:
    """A prior whose weights are far from their start, so that every part of it has a say."""
    prior = build_prior(kind, space, SMALL[kind], generator=stream(seed, "prior"))
    with torch.no_grad():
        for k, parameter in enumerate(prior.parameters()):
            parameter.add_(0.3 * torch.empty_like(parameter).normal_(generator=stream(seed, "wild", k)))
    return prior.eval().requires_grad_(False)


def random_grids(n: int, space: CodeSpace, seed: int = 0) -> Tensor:
    size = (n, space.height, space.width)
    return torch.randint(0, space.num_embeddings, size, generator=stream(seed, "grids"))


@pytest.mark.parametrize("label", [None, 0, 1])
@pytest.mark.parametrize("kind", KINDS)
def test_the_joint_over_all_grids_sums_to_one(kind: str, label: int | None):
    prior = wild(kind, CodeSpace(3, 2, 2, num_classes=2))
    grids = torch.tensor(list(itertools.product(range(3), repeat=4))).view(-1, 2, 2)
    labels = None if label is None else torch.full((81,), label)
    p = prior.log_prob(grids, labels).exp()
    assert float(p.sum()) == pytest.approx(1, abs=1e-6)
    assert float(p.max()) > 2 / 81  # not merely uniform


@pytest.mark.parametrize("kind", KINDS)
def test_the_label_changes_the_distribution(kind: str):
    prior = wild(kind, CodeSpace(3, 2, 2, num_classes=2))
    grids = random_grids(5, prior.space)
    with_0, with_1 = (prior.log_prob(grids, torch.full((5,), label)) for label in (0, 1))
    assert float((with_0 - with_1).abs().min()) > 1e-3
    assert float((with_0 - prior.log_prob(grids)).abs().min()) > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_changes_no_logit_up_to_its_own_position_and_some_after_it(kind: str):
    prior = wild(kind, CodeSpace(5, 4, 3))
    grids = random_grids(2, prior.space)
    before = prior.logits(grids).flatten(1, 2)
    for j in range(12):
        changed = grids.clone().flatten(1)
        changed[:, j] = (changed[:, j] + 1) % 5
        after = prior.logits(changed.view(2, 4, 3)).flatten(1, 2)
        assert torch.equal(after[:, : j + 1], before[:, : j + 1])
        if j < 11:
            assert float((after[:, j + 1] - before[:, j + 1]).abs().max()) > 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_every_earlier_code_is_seen(kind: str):
    """A blind spot above and to the right is what the gated PixelCNN was made to end."""
    space = CodeSpace(4, 4, 4)
    prior = wild(kind, space)
    grids = random_grids(1, space)
    before = prior.logits(grids)[0, 3, 1]
    unseen = []
    for j in range(13):
        changed = grids.clone().flatten()
        changed[j] = (changed[j] + 1) % 4
        after = prior.logits(changed.view(1, 4, 4))[0, 3, 1]
        unseen += [j] if float((after - before).abs().max()) < 1e-7 else []
    assert unseen == []


@pytest.mark.parametrize("label", [None, 1])
@pytest.mark.parametrize("kind", KINDS)
def test_writing_code_by_code_sees_what_the_full_pass_says(kind: str, label: int | None):
    prior = wild(kind, CodeSpace(6, 3, 4, num_classes=2))
    grids = random_grids(5, prior.space)
    labels = None if label is None else torch.full((5,), label)
    full = prior.logits(grids, labels).flatten(1, 2)
    writer = prior.writer(5, labels)
    late = prior.writer(5, labels)
    for j in range(12):
        assert float((writer.logits() - full[:, j]).abs().max()) < 1e-5
        assert float((prior.next_logits(grids, j, labels) - full[:, j]).abs().max()) < 1e-5
        writer.write(grids.flatten(1)[:, j])
        late.write(grids.flatten(1)[:, j])
        if j in (4, 8):  # a beginning at once, then several codes at once
            assert float((late.logits() - full[:, j + 1]).abs().max()) < 1e-5
    assert torch.equal(writer.grids, grids)
    with pytest.raises(ConfigError, match="no next one"):
        writer.logits()


@pytest.mark.parametrize("kind", KINDS)
def test_the_cache_draws_the_same_samples_as_the_full_pass(kind: str):
    prior = wild(kind, CodeSpace(6, 3, 3))
    noise = prior.noise(20, stream(1, "samples"))
    assert torch.equal(CodeWriter(prior, 20).finish(noise), prior.writer(20).finish(noise))


@pytest.mark.parametrize("kind", KINDS)
def test_samples_follow_the_likelihood(kind: str):
    prior = wild(kind, CodeSpace(3, 1, 2))
    grids = torch.tensor(list(itertools.product(range(3), repeat=2))).view(-1, 1, 2)
    p = prior.log_prob(grids).exp()
    samples = prior.sample(4000, stream(0, "samples")).flatten(1)
    shares = torch.bincount(3 * samples[:, 0] + samples[:, 1], minlength=9) / 4000
    assert float((shares - p).abs().max()) < 4 * math.sqrt(0.25 / 4000)


@pytest.mark.parametrize("kind", KINDS)
def test_same_seed_same_samples_whatever_their_number(kind: str):
    prior = wild(kind, CodeSpace(6, 3, 3))
    many = prior.sample(300, stream(7, "samples"))
    assert torch.equal(many, prior.sample(300, stream(7, "samples")))
    assert torch.equal(many[:4], prior.sample(4, stream(7, "samples")))
    assert not torch.equal(many[:4], prior.sample(4, stream(8, "samples")))


@pytest.mark.parametrize("kind", KINDS)
def test_a_given_top_half_stays_and_conditions_the_rest(kind: str):
    prior = wild(kind, CodeSpace(6, 4, 3))
    fixed = torch.full((4, 3), FREE)
    fixed[:2] = random_grids(1, prior.space)[0, :2]
    completed = prior.sample(50, stream(2, "samples"), fixed=fixed)
    assert torch.equal(completed[:, :2], fixed[:2].expand(50, -1, -1))
    fixed[0, 0] = (fixed[0, 0] + 1) % 6
    assert not torch.equal(prior.sample(50, stream(2, "samples"), fixed=fixed)[:, 2:], completed[:, 2:])


def test_a_code_changed_by_hand_leaves_what_was_before():
    prior = wild("transformer", CodeSpace(6, 3, 3))
    noise = prior.noise(1, stream(3, "samples"))
    first = prior.writer(1).finish(noise)
    writer = prior.writer(1)
    for j in range(4):
        writer.write(first[:, j])
    writer.write((first[:, 4] + 1) % 6)
    again = writer.finish(noise)
    assert torch.equal(again[:, :4], first[:, :4])
    assert int(again[0, 4]) == (int(first[0, 4]) + 1) % 6


@pytest.mark.parametrize("kind", KINDS)
def test_trained_on_uniform_codes_it_neither_leaks_nor_overfits(kind: str):
    """Less than log K would mean that it saw the code it predicts; SE of the held-out mean, one-sided at 3."""
    space = CodeSpace(8, 4, 4)
    train, held_out = random_grids(4000, space, seed=1), random_grids(2000, space, seed=2)
    prior = build_prior(kind, space, SMALL[kind], generator=stream(0, "prior"))
    optimizer = torch.optim.Adam(prior.parameters(), lr=3e-3)
    for step in range(120):
        batch = train[torch.randint(0, len(train), (64,), generator=stream(0, "batch", step))]
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - step / 120)
        optimizer.zero_grad()
        (-prior.log_prob_of_codes(batch).mean()).backward()
        optimizer.step()
    nats = -prior.eval().requires_grad_(False).log_prob(held_out) / 16
    error = float(nats.std()) / math.sqrt(len(nats))
    assert math.log(8) - 3 * error < float(nats.mean()) < math.log(8) + 0.02


def test_uniform_and_frequencies_are_likelihoods_too():
    space = CodeSpace(3, 2, 2)
    train = torch.randint(0, 2, (50, 2, 2), generator=stream(0, "grids"))
    grids = torch.tensor(list(itertools.product(range(3), repeat=4))).view(-1, 2, 2)
    frequencies = PositionFrequencies(space, position_counts(train, 3), smoothing=0.5)
    assert float(frequencies.log_prob(grids).exp().sum()) == pytest.approx(1)
    assert UniformPrior(space).log_prob(grids).tolist() == pytest.approx([-4 * math.log(3)] * 81)
    expected = (int((train[:, 1, 0] == 1).sum()) + 0.5) / 51.5
    assert float(frequencies.logits(grids)[0, 1, 0, 1].exp()) == pytest.approx(expected)


def test_frequencies_are_sampled_as_they_were_counted():
    space = CodeSpace(4, 1, 2)
    counts = torch.tensor([[0, 10, 0, 30], [5, 5, 5, 5]])
    prior = PositionFrequencies(space, counts, smoothing=0)
    samples = prior.sample(2000, stream(0, "samples"))[:, 0]
    assert set(samples[:, 0].tolist()) == {1, 3}
    assert float((samples[:, 0] == 3).double().mean()) == pytest.approx(0.75, abs=0.04)


def test_temperature_and_top_k():
    logits = torch.tensor([[0.0, 1.0, 2.0, 3.0]])
    assert torch.allclose(distribution(logits), torch.softmax(logits.double(), -1))
    assert distribution(logits, temperature=0).tolist() == [[0, 0, 0, 1]]
    assert torch.allclose(distribution(logits, temperature=2), torch.softmax(logits.double() / 2, -1))
    best_two = distribution(logits, top_k=2)
    assert best_two[0, :2].tolist() == [0, 0]
    assert float(best_two.sum()) == pytest.approx(1)


def test_a_draw_is_the_inverse_of_the_running_sum():
    p = torch.tensor([[0.0, 0.5, 0.0, 0.5]]).double().expand(4, 4)
    assert draw(p, torch.tensor([0.0, 0.4999, 0.5, 1 - 1e-12])).tolist() == [1, 1, 3, 3]


@pytest.mark.parametrize(
    "ask, sentence",
    [
        (lambda p: p.log_prob(torch.zeros(1, 3, 2, dtype=torch.int64)), "grids of (B, 2, 2)"),
        (lambda p: p.log_prob(torch.full((1, 2, 2), 3)), "index reaches 3"),
        (lambda p: p.log_prob(torch.zeros(1, 2, 2, dtype=torch.int64), torch.tensor([2])), "leave the label out"),
        (lambda p: p.sample(2, stream(0, "x"), labels=torch.tensor([0, -1])), "leave the label out"),
        (lambda p: p.sample(2, stream(0, "x"), temperature=-1.0), "temperature takes"),
        (lambda p: p.sample(2, stream(0, "x"), temperature=math.nan), "temperature takes"),
        (lambda p: p.sample(2, stream(0, "x"), top_k=0), "top_k takes a number from 1 to 3"),
        (lambda p: p.sample(2, stream(0, "x"), fixed=torch.full((2, 2), 9)), "index reaches 9"),
        (lambda p: build_prior("lstm", p.space), "--kind takes one of"),
        (lambda p: build_prior("pixelcnn", p.space, {"depth": 3}), "unknown settings: depth"),
    ],
)
def test_bad_input_is_one_sentence(ask, sentence: str):
    prior = wild("transformer", CodeSpace(3, 2, 2, num_classes=2))
    with pytest.raises(ExplorerError) as error:
        ask(prior)
    assert sentence in str(error.value)


def test_no_grids_are_no_error():
    prior = wild("pixelcnn", CodeSpace(3, 2, 2))
    assert prior.log_prob(torch.empty(0, 2, 2, dtype=torch.int64)).shape == (0,)
    assert prior.sample(0, stream(0, "x")).shape == (0, 2, 2)


def test_embeddings_begin_near_each_other_where_codes_are():
    line = torch.linspace(0, 1, 30)[:, None].expand(-1, 2)
    ratios = []
    for seed in range(20):  # the projection is random: one draw may flatten the line
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            prior = build_prior("transformer", CodeSpace(30, 2, 2), SMALL["transformer"], codebook=line)
        assert isinstance(prior, CausalTransformer)
        table = prior.codes.table.weight.detach()
        near, far = (table[:-5] - table[5:]).norm(dim=1).mean(), (table[:5] - table[-5:]).norm(dim=1).mean()
        ratios.append(float(near / far))
    assert sum(ratios) / len(ratios) < 0.8


def test_features_of_codes_have_a_gaussian_kernel_that_reaches_six_neighbours():
    line = 0.5 * torch.arange(40.0)[:, None]
    features = fourier_features(line, 20_000, stream(0, "features"))
    wanted = torch.exp(-(torch.cdist(line, line) ** 2) / (2 * 3.0**2))
    assert float((features @ features.T / 20_000 - wanted).abs().max()) < 0.05
    assert fourier_features(torch.zeros(5, 2), 64, stream(0, "features")).isfinite().all()
