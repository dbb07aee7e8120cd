"""Densities over latents: they integrate to one, begin at N(0, I), are causal, and draw what they say."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from explorer.errors import ConfigError
from explorer.metrics.rate import latent_nats, rate_of
from explorer.models.prior import (
    LATENT_PRIORS,
    GaussianMixture,
    GaussianTransformer,
    LatentPrior,
    LatentSpace,
    MaskedFlow,
    OwnSpread,
    PositionGaussians,
    StandardNormal,
    TrainedLatentPrior,
    build_latent_prior,
)
from explorer.streams import stream

SIZES = {
    "gaussian_transformer": {"width": 16, "layers": 2, "heads": 2, "components": 3},
    "flow": {"layers": 2, "hidden": 16},
}
#: Two numbers each: two positions of one, or one position of two.
ROW, VECTOR = LatentSpace(1, 1, 2, num_classes=2), LatentSpace(2)
SIDE, CELLS = 9.0, 361
AXIS = torch.linspace(-SIDE, SIDE, CELLS)
PLANE = torch.cartesian_prod(AXIS, AXIS)


def wild(kind: str, space: LatentSpace, seed: int = 0) -> TrainedLatentPrior:
    """A density whose weights are far from their start, so that every part of it has a say."""
    prior = build_latent_prior(kind, space, SIZES[kind], generator=stream(seed, "prior"))
    with torch.no_grad():
        for k, parameter in enumerate(prior.parameters()):
            parameter.add_(0.3 * torch.empty_like(parameter).normal_(generator=stream(seed, "wild", k)))
    return prior.eval().requires_grad_(False)


def mixture() -> GaussianMixture:
    factors = torch.tensor([[[0.6, 0.0], [0.5, 0.3]], [[1.2, 0.0], [-0.4, 0.8]]])
    return GaussianMixture(torch.tensor([0.3, 0.7]), torch.tensor([[1.0, -1.0], [-2.0, 0.5]]), factors)


def gaussians() -> PositionGaussians:
    return PositionGaussians(ROW, torch.tensor([[0.5], [-1.0]]), torch.tensor([[[0.7]], [[1.6]]]))


DENSITIES: dict[str, LatentPrior] = {
    "mixture": mixture(),
    "own spread": OwnSpread(torch.tensor([0.5, -2.0]), torch.tensor([0.7, 1.3])),
    "Gaussians by position": gaussians(),
    "transformer over two positions": wild("gaussian_transformer", ROW),
    "transformer over one": wild("gaussian_transformer", VECTOR),
    "flow": wild("flow", VECTOR),
}


@pytest.mark.parametrize("name", DENSITIES)
def test_a_density_integrates_to_one_and_its_draws_have_its_moments(name: str):
    prior = DENSITIES[name]
    mass = prior.log_prob(PLANE).exp() * (2 * SIDE / (CELLS - 1)) ** 2
    assert float(mass.sum()) == pytest.approx(1, abs=2e-3)
    drawn = prior.sample(8000, stream(1, "samples")).double()
    mean = (mass[:, None] * PLANE).sum(0)
    assert torch.allclose(drawn.mean(0), mean, atol=0.08)
    spread = (mass[:, None] * (PLANE - mean) ** 2).sum(0).sqrt()
    assert torch.allclose(drawn.std(0), spread, rtol=0.05)
    normal = StandardNormal(2).log_prob(PLANE).exp() * (2 * SIDE / (CELLS - 1)) ** 2
    assert float((mass - normal).abs().sum()) > 0.1  # not merely N(0, I)


@pytest.mark.parametrize("name", DENSITIES)
def test_the_first_draws_do_not_depend_on_how_many_follow(name: str):
    drawn = DENSITIES[name].sample(40, stream(1, "samples"))
    assert torch.allclose(drawn[:3], DENSITIES[name].sample(3, stream(1, "samples")), atol=1e-5)


@pytest.mark.parametrize("kind", LATENT_PRIORS)
def test_training_begins_at_the_standard_normal_and_leaves_it_by_different_ways(kind: str):
    space = LatentSpace(2, 2, 2) if kind == "gaussian_transformer" else LatentSpace(8)
    prior = build_latent_prior(kind, space, SIZES[kind], generator=stream(0, "prior"))
    z = torch.randn(50, 8, generator=stream(0, "z"))
    assert torch.allclose(prior.log_prob(z), StandardNormal(8).log_prob(z), atol=1e-4)
    prior.loss(z).backward()
    if isinstance(prior, GaussianTransformer):
        assert prior.head.gain.grad is not None
        by_component = prior.head.gain.grad.view(prior.head.components, -1)
        assert float((by_component - by_component.mean(0)).abs().max()) > 1e-3


def test_a_number_changes_no_density_of_a_position_before_it():
    space = LatentSpace(2, 2, 3)
    prior = wild("gaussian_transformer", space)
    assert isinstance(prior, GaussianTransformer)
    z = torch.randn(4, space.numbers, generator=stream(0, "z"))

    def by_position(latents: Tensor) -> Tensor:
        grids = space.by_position(latents)
        return prior.head.log_density(prior.follow(prior.read(grids[:, :-1]), None), grids)

    before = by_position(z)
    assert torch.allclose(before.sum(1).double(), prior.log_prob(z), atol=1e-4)
    for j in range(6):
        grids = space.by_position(z).clone()
        grids[:, j] += 1
        after = by_position(space.flat(grids))
        assert torch.equal(after[:, :j], before[:, :j])
        assert float((after[:, j + 1 :] - before[:, j + 1 :]).abs().min()) > 0 if j < 5 else True


def test_positions_are_the_grids_rows():
    space = LatentSpace(2, 2, 3)
    z = torch.arange(24.0).view(2, 2, 2, 3)
    by_position = space.by_position(z.flatten(1))
    assert by_position[1, 4].tolist() == z[1, :, 1, 1].tolist()
    assert torch.equal(space.flat(by_position), z.flatten(1))


def test_a_label_changes_the_density_and_the_draws():
    prior = wild("gaussian_transformer", ROW)
    z, ones = torch.randn(5, 2, generator=stream(0, "z")), torch.ones(5, dtype=torch.int64)
    assert float((prior.log_prob(z, ones) - prior.log_prob(z)).abs().min()) > 1e-3
    assert prior.log_prob(z, 0 * ones).isfinite().all()
    for bad in (ones + 1, -ones):
        with pytest.raises(ConfigError, match="label"):
            prior.log_prob(z, bad)
    assert isinstance(prior, GaussianTransformer)
    with_label = prior.sample(5, stream(0, "s"), labels=ones)
    assert not torch.allclose(with_label, prior.sample(5, stream(0, "s")), atol=1e-3)


def test_a_flow_is_undone_by_its_samples():
    prior = wild("flow", LatentSpace(5))
    assert isinstance(prior, MaskedFlow)
    noise = torch.randn(7 + 16, 5, generator=stream(2, "s"))[:7]
    z = prior.sample(7, stream(2, "s"))
    for layer in prior.layers:
        mean, log_scale = layer(z)
        z = ((z - mean) * (-log_scale).exp()).flip(1)
    assert torch.allclose(z, noise, atol=1e-3)


def test_a_linear_gaussian_vae_pays_its_mutual_information_on_the_simple_rung():
    """z = A x + σ·ε of Gaussian x: the aggregate posterior is N(0, A Cov A' + diag σ²), known in closed form."""
    generator = stream(0, "linear")
    a, sigma = torch.randn(3, 5, generator=generator), torch.tensor([0.3, 0.7, 0.1])
    x = torch.randn(40_000, 5, generator=generator) * torch.tensor([1.0, 2.0, 0.5, 1.0, 0.2])
    aggregate = a @ torch.diag(torch.tensor([1.0, 4.0, 0.25, 1.0, 0.04])) @ a.T + torch.diag(sigma**2)
    information = 0.5 * float(torch.logdet(aggregate) - 2 * sigma.log().sum()) / math.log(2)
    mean, logvar = x @ a.T, (2 * sigma.log()).expand(len(x), -1)
    train, test = slice(0, 20_000), slice(20_000, None)
    prior = PositionGaussians.fit(LatentSpace(3), mean[train], logvar[train])
    z = mean[test] + sigma * torch.randn(20_000, 3, generator=generator)
    kl = 0.5 * (mean[test] ** 2 + logvar[test].exp() - 1 - logvar[test]).sum(1)
    rate = rate_of(latent_nats(kl, prior.log_prob(z), z))
    assert abs(rate.bits - information) < 4 * rate.error
    assert rate.error < 0.03
    assert rate_of(kl).bits > information + 1  # N(0, I) is not the aggregate


def test_fitted_gaussians_are_those_of_draws():
    generator = stream(0, "posteriors")
    space = LatentSpace(2, 1, 2)
    mean, logvar = torch.randn(4000, 2, 1, 2, generator=generator), torch.randn(4000, 2, 1, 2, generator=generator)
    mean[:, 1] += 0.8 * mean[:, 0]
    fitted = PositionGaussians.fit(space, mean, logvar)
    z = mean + (0.5 * logvar).exp() * torch.randn(4000, 2, 1, 2, generator=generator)
    for j in range(2):
        assert torch.allclose(fitted.means[j], z[:, :, 0, j].mean(0), atol=0.1)
        assert torch.allclose(fitted.factors[j] @ fitted.factors[j].T, z[:, :, 0, j].T.cov(), atol=0.3)


@pytest.mark.parametrize("kind, sizes, code", [("lstm", {}, "config_choice"), ("flow", {"depth": 1}, "config_unknown")])
def test_unknown_kinds_and_sizes_are_refused(kind: str, sizes: dict[str, int], code: str):
    with pytest.raises(ConfigError) as error:
        build_latent_prior(kind, VECTOR, sizes)
    assert error.value.code == code


@pytest.mark.parametrize("components, dim", [(1, 1), (2, 2), (3, 5)])
def test_a_mixtures_free_numbers(components: int, dim: int):
    """Weights that sum to one, means, and the lower triangles of covariances."""
    factors = torch.eye(dim).expand(components, dim, dim)
    prior = GaussianMixture(torch.full((components,), 1 / components), torch.zeros(components, dim), factors)
    triangles = sum(row + 1 for row in range(dim))
    assert prior.parameters() == components - 1 + components * dim + components * triangles


@pytest.mark.parametrize("kind, space", [("gaussian_transformer", ROW), ("flow", VECTOR)])
def test_the_loss_is_the_negative_log_density_of_a_position(kind: str, space: LatentSpace):
    prior, z = wild(kind, space), torch.randn(20, 2, generator=stream(3, "z"))
    assert float(prior.loss(z)) == pytest.approx(-float(prior.log_prob(z).mean()) / space.positions, rel=1e-5)
