"""Binary spherical quantization: its corners, its gradient, and its entropy against all of its codes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.errors import ConfigError
from explorer.models.bsq import BSQ, entropy_by_bits
from explorer.models.regularizers import EntropyRegularizer
from explorer.training.config import RunConfig


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_codes_are_all_corners_of_a_cube_on_the_unit_sphere() -> None:
    quantizer = BSQ(32, 5).double()
    codes = quantizer.codebook
    assert len(torch.unique(codes, dim=0)) == 32
    torch.testing.assert_close(codes.norm(dim=1), torch.ones(32, dtype=torch.float64), atol=1e-7, rtol=0)
    torch.testing.assert_close(codes.abs() * 5**0.5, torch.ones(32, 5, dtype=torch.float64), atol=1e-7, rtol=0)
    z_e = torch.randn(200, 5, dtype=torch.float64, generator=seeded(0)) * 7
    out = quantizer(z_e)
    assert torch.equal(out.quantized, codes[torch.cdist(quantizer.project(z_e), codes).argmin(1)])
    np.testing.assert_allclose(out.quantized.numpy(), np.sign(z_e.numpy()) / 5**0.5, rtol=1e-6)
    assert torch.equal(quantizer(z_e * 100).indices, out.indices)  # only the direction counts


def test_the_gradient_is_that_of_the_direction_times_the_codes_scale() -> None:
    z_e = torch.randn(30, 4, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    g = torch.randn(30, 4, dtype=torch.float64, generator=seeded(1))
    BSQ(16, 4).double()(z_e).quantized.backward(g)
    z = z_e.detach().numpy()
    length = np.linalg.norm(z, axis=1, keepdims=True)
    unit = z / length
    across = g.numpy() - unit * (unit * g.numpy()).sum(1, keepdims=True)
    np.testing.assert_allclose(z_e.grad.numpy(), across / length / 2, rtol=1e-9)  # type: ignore[union-attr]


@pytest.mark.parametrize("bits", [1, 2, 5])
@pytest.mark.parametrize("temperature", [0.05, 1.0])
def test_entropies_by_bits_are_those_over_all_codes(bits: int, temperature: float) -> None:
    rows = BSQ(2**bits, bits).project(torch.randn(60, bits, dtype=torch.float64, generator=seeded(bits)) + 0.4)
    codes = np.array(np.meshgrid(*[[-1, 1]] * bits)).reshape(bits, -1).T / bits**0.5  # (2^bits, bits)
    squared = ((rows.numpy()[:, None] - codes) ** 2).sum(2)
    q = np.exp(-squared / temperature)
    q /= q.sum(1, keepdims=True)
    mean = q.mean(0)
    expected = -(q * np.log(q)).sum(1).mean() + (mean * np.log(mean)).sum()
    assert float(entropy_by_bits(rows, temperature)) == pytest.approx(expected, rel=1e-9)


def test_the_term_is_the_plain_entropy_loss_with_its_gradient() -> None:
    quantizer = BSQ(64, 6, regularizer="soft-entropy").double()
    quick = torch.randn(40, 6, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    plain = quick.detach().clone().requires_grad_()
    out = quantizer(quick)
    wanted = EntropyRegularizer(temperature=1.0).term(quantizer.project(plain), quantizer.codebook)
    assert wanted is not None and out.regularization is not None  # noqa: PT018
    torch.testing.assert_close(out.regularization, wanted)
    torch.testing.assert_close(out.loss, 0.1 * wanted)
    out.regularization.backward()
    wanted.backward()
    torch.testing.assert_close(quick.grad, plain.grad)


@pytest.mark.parametrize("k, d", [(512, 8), (12, 2), (2, 2)])
def test_other_sizes_are_refused(k: int, d: int) -> None:
    with pytest.raises(ConfigError, match=r"2\^D codes of D numbers"):
        BSQ(k, d)
    with pytest.raises(ConfigError, match=r"2\^D codes of D numbers"):
        RunConfig(model="vqvae", quantizer="bsq", num_embeddings=k, embedding_dim=d)
