"""Loss terms on the use of codes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.models.regularizers import EntropyRegularizer, WassersteinRegularizer


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def entropy_of(z_e: Tensor, codebook: Tensor) -> float:
    term = EntropyRegularizer().term(z_e, codebook)
    assert term is not None
    return float(term)


def test_the_entropy_term_at_its_extremes() -> None:
    codes = torch.eye(5) * 10
    assert entropy_of(codes.repeat(4, 1), codes) == pytest.approx(-math.log(5), abs=1e-6)  # sure and diverse
    assert entropy_of(codes[:1].repeat(9, 1), codes) == pytest.approx(0, abs=1e-6)  # sure, all the same
    assert entropy_of(torch.zeros(9, 5), codes) == pytest.approx(0, abs=1e-6)  # none can be told from another


def test_the_entropy_term_against_numpy_and_it_reaches_unused_codes() -> None:
    z = torch.randn(30, 2, generator=seeded(0)) * 0.2
    codes = (torch.randn(6, 2, generator=seeded(1)) * 0.2).requires_grad_()
    term = EntropyRegularizer(temperature=0.05).term(z, codes)
    assert term is not None
    squared = ((z.numpy()[:, None] - codes.detach().numpy()[None]) ** 2).sum(2)
    q = np.exp(-squared / 0.05)
    q /= q.sum(1, keepdims=True)
    mean = q.mean(0)
    expected = -(q * np.log(q)).sum(1).mean() + (mean * np.log(mean)).sum()
    assert float(term.detach()) == pytest.approx(expected, rel=1e-4)
    term.backward()
    unused = torch.bincount(torch.cdist(z, codes.detach()).argmin(1), minlength=6) == 0
    assert codes.grad is not None
    assert (codes.grad != 0).any(1).all() or not unused.any()


def test_a_large_batch_is_thinned_out() -> None:
    z = torch.randn(20_000, 2, generator=seeded(0))
    codes = torch.randn(1000, 2, generator=seeded(1))
    assert entropy_of(z, codes) == pytest.approx(entropy_of(z[::4], codes), rel=1e-5)


def distance_of(z_e: Tensor, codebook: Tensor) -> Tensor:
    """The term in the units of `z_e`."""
    term = WassersteinRegularizer().term(z_e, codebook)
    assert term is not None
    return term * z_e.detach().std(0, correction=0).max()


def cloud(mean: list[float], spread: list[float], turned: float = 0.0) -> Tensor:
    """Rows with exactly this mean and these standard deviations along two axes, turned by an angle."""
    rows = torch.tensor([[1.0, 1], [1, -1], [-1, 1], [-1, -1]], dtype=torch.float64) * torch.tensor(spread)
    c, s = math.cos(turned), math.sin(turned)
    return rows @ torch.tensor([[c, s], [-s, c]], dtype=torch.float64) + torch.tensor(mean)


def test_the_wasserstein_term_of_gaussians_in_closed_form() -> None:
    one = cloud([1.0, 2.0], [3.0, 0.5])
    assert float(distance_of(one, one)) == pytest.approx(0, abs=2e-3)
    term = WassersteinRegularizer().term
    torch.testing.assert_close(term(one * 7, one), term(one, one / 7))  # in standard deviations of the outputs
    assert float(distance_of(one, one + torch.tensor([3.0, 4.0]))) == pytest.approx(5, rel=1e-5)  # means alone
    other = cloud([1.0, 2.0], [1.0, 2.5])
    assert float(distance_of(one, other)) == pytest.approx(math.hypot(3 - 1, 0.5 - 2.5), rel=1e-5)  # one set of axes
    # a quarter turn swaps the axes; so far it is Bures' formula in numpy
    turned = cloud([0.0, 0.0], [3.0, 0.5], turned=0.7)
    covariances = [np.cov(rows.numpy().T, bias=True) for rows in (one, turned)]
    values, axes = np.linalg.eigh(covariances[0])
    root = axes * np.sqrt(values) @ axes.T
    shared = np.sqrt(np.linalg.eigvalsh(root @ covariances[1] @ root)).sum()
    expected = math.sqrt(5 + np.trace(covariances[0]) + np.trace(covariances[1]) - 2 * shared)
    assert float(distance_of(one, turned)) == pytest.approx(expected, rel=1e-5)
    assert float(distance_of(turned, one)) == pytest.approx(expected, rel=1e-5)


def test_the_wasserstein_term_moves_every_code_and_no_output() -> None:
    z = (torch.randn(500, 3, generator=seeded(0)) * 2 + 1).requires_grad_()
    codes = (torch.randn(20, 3, generator=seeded(1)) * 0.01).requires_grad_()
    optimizer = torch.optim.Adam([codes], lr=0.2)
    distance_of(z, codes).backward()
    assert z.grad is None
    assert codes.grad is not None
    assert (codes.grad != 0).any(1).all()
    begun = float(distance_of(z, codes).detach())
    for _ in range(60):
        optimizer.zero_grad()
        distance_of(z, codes).backward()
        optimizer.step()
    assert float(distance_of(z, codes).detach()) < begun / 10
    torch.testing.assert_close(codes.detach().mean(0), z.detach().mean(0), atol=0.3, rtol=0)
    covariances = [torch.cov(rows.detach().t(), correction=0) for rows in (codes, z)]
    torch.testing.assert_close(*covariances, atol=1.0, rtol=0)


@pytest.mark.parametrize("codes", [torch.zeros(5, 3), torch.ones(1, 3), torch.eye(3)[:2]])
def test_codes_in_one_point_or_too_few_have_a_finite_gradient(codes: Tensor) -> None:
    codebook = codes.clone().requires_grad_()
    distance_of(torch.randn(40, 3, generator=seeded(0)), codebook).backward()
    assert codebook.grad is not None
    assert codebook.grad.isfinite().all()
