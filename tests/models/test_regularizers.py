"""Loss terms on the use of codes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer.models.regularizers import EntropyRegularizer


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
