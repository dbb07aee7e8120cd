"""The integral, the bounds and the gap between them against a model whose evidence is known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import integrate as scipy_integrate

from explorer.metrics.elbo import elbo_terms, likelihood_constant, log_likelihood
from explorer.metrics.evidence import MOVED, coarse_grid, integrate, posterior_grid
from explorer.metrics.iwae import iwae, log_importance_weights, over_images, posterior_draws
from explorer.metrics.kl_split import kl_split
from tests.metrics.linear_gaussian import LinearGaussian, linear_gaussian

K = (1, 2, 5, 10, 100)
DRAWS = 40_000


def integrated(model):
    grid = coarse_grid(model.decode, model.mean[None], model.logvar[None])
    return next(iter(integrate(model.image[None], grid, model.decode, model.mean[None], model.logvar[None], model.s2)))


def weights(model, seed, draws=DRAWS):
    epsilon = torch.randn(draws, 2, generator=torch.Generator().manual_seed(seed))
    z = posterior_draws(model.mean, model.logvar, epsilon)
    errors = (model.decode(z.float()) - model.image).square().sum(1)
    likelihoods = log_likelihood(errors, len(model.image), model.s2)
    return likelihoods, log_importance_weights(likelihoods, model.mean, model.logvar, epsilon)


@pytest.mark.parametrize("scale", [1.0, 0.3, 0.01])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_integral_is_the_evidence(seed, scale):
    model = linear_gaussian(seed, scale=scale)
    found = integrated(model)
    assert found.accepted
    assert found.moved < MOVED
    area = math.sqrt(np.linalg.det(model.covariance))
    assert found.finest.step <= math.sqrt(area) / 1.9  # half of σ, had the posterior been round
    assert found.log_px == pytest.approx(model.log_px, abs=0.002)


@pytest.mark.parametrize("ratio", [1, 3, 10, 30, 50])
@pytest.mark.parametrize("angle", [0.0, 0.3, 0.8])
def test_a_posterior_of_any_shape_is_resolved_across(ratio, angle):
    """Long and narrow, and turned against the squares: .15 nat were missing where squares were only counted."""
    model = ellipse(ratio, angle, narrow=0.005)
    assert np.sqrt(np.linalg.eigvalsh(model.covariance)) == pytest.approx([0.005, 0.005 * ratio], rel=1e-4)
    found = integrated(model)
    assert found.accepted
    assert found.finest.step <= 0.005
    assert found.log_px == pytest.approx(model.log_px, abs=0.001)


def ellipse(ratio, angle, narrow, s2=0.05, seed=1):
    """A linear model whose true posterior has σ `narrow` and `ratio` times that, turned by `angle`."""
    random = torch.Generator().manual_seed(seed)
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    scales = torch.tensor([s2 * (1 / (narrow * each) ** 2 - 1) for each in (1, ratio)]).sqrt()
    a = torch.cat([scales.diag() @ turn.T, torch.zeros(2, 2)])
    image = a @ torch.randn(2, generator=random) + math.sqrt(s2) * torch.randn(4, generator=random)
    covariance = torch.linalg.inv(torch.eye(2) + a.T @ a / s2)
    mean = covariance @ a.T @ image / s2
    return LinearGaussian(a, torch.zeros(4), s2, image, mean, covariance.diagonal().log())


def test_a_plain_grid_is_wrong_by_nats():
    """Why squares are split: the coarse grid alone misses a narrow posterior."""
    model = linear_gaussian(1, scale=3.0)
    grid = coarse_grid(model.decode, model.mean[None], model.logvar[None])
    errors = (grid.decoded.float() - model.image).square().sum(1)
    joint = log_likelihood(errors, len(model.image), model.s2) - 0.5 * grid.centres.square().sum(1)
    plain = float(torch.logsumexp(joint, 0)) + 2 * math.log(grid.step) - math.log(2 * math.pi)
    assert abs(plain - model.log_px) > 1
    assert integrated(model).log_px == pytest.approx(model.log_px, abs=0.002)


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_and_the_gap_are_the_evidence(seed):
    model = linear_gaussian(seed)
    gap = integrated(model).gap
    assert gap > 0
    assert model.elbo + gap == pytest.approx(model.log_px, abs=0.002)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("width", [0.02, 5.0])
def test_a_q_of_another_width_changes_nothing(seed, width):
    """Trained with a small β, q is far narrower than p(z|x) and many of its own σ away."""
    model = linear_gaussian(seed)
    model = replace(model, logvar=model.logvar + 2 * math.log(width))
    found = integrated(model)
    assert found.accepted
    assert found.log_px == pytest.approx(model.log_px, abs=0.002)
    assert model.elbo + found.gap == pytest.approx(model.log_px, abs=0.002 * max(1, width**2))
    assert found.decoded < 6000


def test_a_peak_that_only_q_knows_of_is_found():
    """A plateau that coarse squares resolve at once, and on it a peak of σ .002 with most of the mass."""
    place, width, nats, s2 = torch.tensor([1.03, -0.41]), 0.002, 18.0, 0.5

    def decode(z):
        return (
            math.sqrt(2 * s2 * nats) * (1 - ((z - place).square().sum(1, keepdim=True) / (-2 * width**2)).exp()).sqrt()
        )

    def radial(r):
        return 2 * math.pi * r * (math.exp(nats * math.exp(-(r**2) / (2 * width**2))) - 1)

    peak, _ = scipy_integrate.quad(radial, 0, 8 * width, epsabs=0, limit=500)
    prior_density = math.exp(-0.5 * float(place.square().sum())) / (2 * math.pi)
    log_px = math.log(1 + peak * prior_density) - nats - likelihood_constant(1, s2)
    logvar = torch.full((1, 2), 2 * math.log(0.0008))
    found = next(
        iter(integrate(torch.zeros(1, 1), coarse_grid(decode, place[None], logvar), decode, place[None], logvar, s2))
    )
    assert peak * prior_density > 1
    assert found.accepted
    assert found.log_px == pytest.approx(log_px, abs=MOVED)


@pytest.mark.parametrize("seed", range(3))
def test_the_elbo_of_draws(seed):
    model = linear_gaussian(seed)
    likelihoods, _ = weights(model, seed)
    found = elbo_terms(likelihoods[None], model.mean[None], model.logvar[None])
    assert float(found.kl[0]) == pytest.approx(model.kl, rel=1e-6)
    assert abs(float(found.elbo[0]) - model.elbo) < 4 * float(found.standard_error[0])
    assert float(found.log_likelihood[0]) == pytest.approx(float(found.elbo[0] + found.kl[0]))


@pytest.mark.parametrize("seed", range(4))
def test_iwae_rises_towards_the_evidence_and_not_above(seed):
    """One-sided at 3 standard errors: an estimate may lie above, by its error."""
    model = linear_gaussian(seed)
    found = iwae(weights(model, seed)[1][None], K)
    bound, error = found.bound[0], found.standard_error[0]
    assert bound[0] == pytest.approx(model.elbo, abs=4 * float(error[0]))
    assert bool((bound <= model.log_px + 3 * error).all())
    rises, together = bound.diff(), (error[1:].square() + error[:-1].square()).sqrt()
    assert bool((rises >= -3 * together).all())
    assert float(bound[-1]) == pytest.approx(model.log_px, abs=0.05)
    assert float(bound[0]) < model.log_px - 0.1


def test_iwae_by_another_way():
    log_weights = torch.randn(3, 12, generator=torch.Generator().manual_seed(2)).double()
    found = iwae(log_weights, (1, 4))
    w = np.exp(log_weights.numpy())
    assert found.bound[:, 0].numpy() == pytest.approx(np.log(w).mean(1))
    assert found.bound[:, 1].numpy() == pytest.approx(np.log(w.reshape(3, 3, 4).mean(2)).mean(1))
    assert found.standard_error[:, 0].numpy() == pytest.approx(np.log(w).std(1, ddof=1) / math.sqrt(12))
    with pytest.raises(ValueError, match="group of 13"):
        iwae(log_weights, (13,))


def test_the_error_of_one_group_is_the_spread_of_many():
    """The delta method within one group, against the bounds of many groups; q is wide, so that no weight is rare."""
    model = linear_gaussian(0)
    _, w = weights(replace(model, logvar=model.logvar + 1.5), 5)
    k = 400
    many = torch.logsumexp(w.view(-1, k), 1)
    alone = iwae(w[:k][None], (k,)).standard_error[0, 0]
    assert float(alone) == pytest.approx(float(many.std()), rel=0.35)


def test_two_errors_are_kept_apart():
    """More draws shrink the Monte-Carlo error alone."""
    models = [linear_gaussian(seed) for seed in range(12)]
    few, many = (over_images(iwae(torch.stack([weights(m, 9, n)[1] for m in models]), (1, 10))) for n in (200, 20_000))
    assert bool((many.monte_carlo_error < few.monte_carlo_error / 5).all())
    assert many.image_error.numpy() == pytest.approx(few.image_error.numpy(), rel=0.2)


def test_weights_that_would_underflow():
    found = iwae(torch.full((1, 100), -5000.0), (1, 100))
    assert found.bound.flatten().tolist() == [-5000.0, -5000.0]


def test_the_true_posterior_as_a_field():
    model = linear_gaussian(2)
    field = posterior_grid(integrated(model))
    cell = float(field.x.diff()[0] * field.y.diff()[0])
    assert float(field.density.sum()) * cell == pytest.approx(1, abs=1e-3)
    covariance = model.covariance
    x, y = (axis.numpy() for axis in (field.x, field.y))
    density = field.density.numpy() * cell
    mean_x, mean_y = (density.sum(0) * x).sum(), (density.sum(1) * y).sum()
    cross = (density * np.outer(y - mean_y, x - mean_x)).sum()
    assert cross == pytest.approx(covariance[0, 1], rel=0.01)
    peak = 1 / (2 * math.pi * math.sqrt(np.linalg.det(covariance)))
    assert field.levels == pytest.approx([peak * math.exp(-r * r / 2) for r in (1, 2, 3)], rel=0.1)


def test_the_constant_is_a_normalised_likelihood():
    total, _ = scipy_integrate.quad(lambda x: math.exp(log_likelihood(torch.tensor(x * x), 1, 0.3).item()), -9, 9)
    assert total == pytest.approx(1)
    assert likelihood_constant(784, 0.0251) < 0  # a small s² makes densities above 1


def test_the_kl_split_of_posteriors_that_are_all_the_prior():
    mean, logvar = torch.zeros(300, 2), torch.zeros(300, 2)
    found = kl_split(mean, logvar, torch.Generator().manual_seed(0))
    assert found.kl == 0
    assert found.information == pytest.approx(0, abs=1e-6)


def test_the_kl_split_of_posteriors_far_apart_saturates_at_ln_n():
    mean = torch.cartesian_prod(torch.linspace(-3, 3, 20), torch.linspace(-3, 3, 20))
    found = kl_split(mean, torch.full((400, 2), math.log(1e-3**2)), torch.Generator().manual_seed(0))
    assert found.information == pytest.approx(math.log(400), abs=0.15)
    assert found.kl == pytest.approx(found.information + found.mismatch)


def test_the_kl_split_of_a_matching_aggregate_has_no_mismatch():
    """Means spread with variance 1 - σ²: the aggregate is the prior, and all of the KL is information."""
    random = torch.Generator().manual_seed(3)
    mean = math.sqrt(0.75) * torch.randn(4000, 2, generator=random)
    found = kl_split(mean, torch.full((4000, 2), math.log(0.25)), random)
    assert found.mismatch == pytest.approx(0, abs=4 * found.standard_error + 0.01)
    assert found.information == pytest.approx(2 * 0.5 * math.log(4), abs=0.1)


@pytest.mark.parametrize("shape", [(4, 3), (4, 2, 3, 3)], ids=["vectors", "grids"])
def test_the_kl_is_each_image_s_own(shape):
    """Of several images: unit by unit, a grid's channels and positions all units, as torch has it."""
    mean, logvar = (torch.randn(shape, generator=torch.Generator().manual_seed(k)) for k in range(2))
    found = elbo_terms(torch.zeros(4, 2), mean, logvar)
    normal = torch.distributions.Normal(mean.double(), (0.5 * logvar.double()).exp())
    expected = torch.distributions.kl_divergence(normal, torch.distributions.Normal(0.0, 1.0)).flatten(1)
    torch.testing.assert_close(found.kl_per_unit, expected)
    torch.testing.assert_close(found.elbo, -expected.sum(1))


@pytest.mark.parametrize("k, draws", [(1, 4), (1, 40), (3, 30), (3, 31)])
def test_the_error_is_the_spread_of_groups_where_they_are_enough(k, draws):
    """And of single draws always, few as they are: one weight alone has no spread within."""
    log_weights = torch.randn(2, draws, generator=torch.Generator().manual_seed(4)).double()
    whole = log_weights[:, : draws // k * k].reshape(2, -1, k)
    bounds = np.log(np.exp(whole.numpy()).mean(2))
    expected = bounds.std(1, ddof=1) / math.sqrt(bounds.shape[1])
    assert iwae(log_weights, (k,)).standard_error[:, 0].numpy() == pytest.approx(expected)
