"""Finite scalar quantization: its grid, and its gradient."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explorer.errors import ConfigError
from explorer.models.fsq import FSQ, fsq_levels
from explorer.training.config import RunConfig


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize(
    "k, d, levels",
    [(256, 2, (16, 16)), (512, 3, (8, 8, 8)), (1000, 4, (8, 5, 5, 5)), (512, 8, (4, *[2] * 7)), (240, 3, (8, 6, 5))],
)
def test_levels_multiply_to_k(k: int, d: int, levels: tuple[int, ...]) -> None:
    found = fsq_levels(k, d)
    assert math.prod(found) == k
    assert len(found) == d
    assert found == levels


@pytest.mark.parametrize("k, d", [(257, 2), (512, 64), (4, 3), (1, 1)])
def test_sizes_that_are_no_grid(k: int, d: int) -> None:
    with pytest.raises(ConfigError, match="product of --embedding-dim whole numbers"):
        FSQ(k, d)


@pytest.mark.parametrize("k, d, few", [(512, 3, ""), (625, 4, ""), (512, 4, "8 × 4 × 4 × 4"), (4, 1, "4"), (5, 1, "")])
def test_levels_below_five_are_warned_about(k: int, d: int, few: str) -> None:
    config = RunConfig(model="vqvae", quantizer="fsq", num_embeddings=k, embedding_dim=d)
    assert [few in str(remark) and "keeps 5 or more" in str(remark) for remark in config.remarks()] == [True] * bool(
        few
    )
    assert RunConfig(model="vqvae", num_embeddings=k, embedding_dim=d).remarks() == ()


@pytest.mark.parametrize("k, d", [(256, 2), (15, 2), (512, 8), (7, 1), (1000, 4)])
def test_implicit_codes_are_all_different_and_every_one_can_be_reached(k: int, d: int) -> None:
    quantizer = FSQ(k, d)
    assert len(torch.unique(quantizer.codebook, dim=0)) == k
    assert quantizer.codebook.abs().max() <= 1
    assert torch.equal(quantizer.nearest(quantizer.codebook), torch.arange(k))
    inverse = torch.linspace(-9, 9, 4001)
    for channel in range(d):
        z_e = torch.zeros(4001, d)
        z_e[:, channel] = inverse
        seen = torch.unique(quantizer(z_e).quantized[:, channel])
        assert len(seen) == int(quantizer.levels[channel])


def test_zero_is_a_code_and_large_values_stay_at_the_ends() -> None:
    quantizer = FSQ(15 * 16, 2)
    out = quantizer(torch.tensor([[0.0, 0.0], [1e6, 1e6], [-1e6, -1e6]]))
    assert out.quantized[0].tolist() == [0, 0]
    assert out.quantized[2].tolist() == [-1, -1]
    assert quantizer.levels.tolist() == [16, 15]
    assert out.quantized[1].tolist() == [7 / 8, 1]  # an even number of levels reaches further down than up


def test_finite_scalars_against_numpy_and_their_gradient_is_that_of_tanh() -> None:
    quantizer = FSQ(35, 2).double()  # odd: 7 and 5 levels, no shift
    z_e = torch.randn(50, 2, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    out = quantizer(z_e)
    halves = np.array([3, 2])
    z = z_e.detach().numpy()
    expected = np.round(np.tanh(z) * halves * (1 - 1e-3)) / halves
    np.testing.assert_allclose(out.quantized.detach().numpy(), expected, rtol=1e-6)
    out.quantized.sum().backward()
    assert z_e.grad is not None
    np.testing.assert_allclose(z_e.grad.numpy(), (1 - np.tanh(z) ** 2) * (1 - 1e-3), rtol=1e-12)
