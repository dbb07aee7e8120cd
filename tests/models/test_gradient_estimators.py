"""Gradients past the choice of a code, against their papers' formulas in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.models.gradient_estimators import DirectedNoise, Given, NoiseSubstitution, RotationTrick, quantize
from explorer.models.vector_quantizer import VectorQuantizer

NOTHING = Given(torch.empty(0), torch.empty(0), True, torch.zeros_like)  # the rotation needs nothing


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_rotation_turns_the_vector_onto_its_code_and_the_gradient_back() -> None:
    z_e = torch.randn(3, 4, 5, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    z_q = torch.randn(3, 4, 5, dtype=torch.float64, generator=seeded(1))
    gradient = torch.randn(3, 4, 5, dtype=torch.float64, generator=seeded(2))
    carried = RotationTrick().carry(z_e, z_q, NOTHING)
    assert torch.equal(carried, z_q)
    carried.backward(gradient)
    assert z_e.grad is not None
    for b in range(3):
        for p in range(5):
            z, q, g = (t.detach()[b, :, p].numpy() for t in (z_e, z_q, gradient))
            e_hat, q_hat = z / np.linalg.norm(z), q / np.linalg.norm(q)
            r = (e_hat + q_hat) / np.linalg.norm(e_hat + q_hat)
            rotation = np.eye(4) - 2 * np.outer(r, r) + 2 * np.outer(q_hat, e_hat)
            scaled = np.linalg.norm(q) / np.linalg.norm(z) * rotation
            np.testing.assert_allclose(rotation @ rotation.T, np.eye(4), atol=1e-12)
            np.testing.assert_allclose(scaled @ z, q, atol=1e-12)
            np.testing.assert_allclose(z_e.grad[b, :, p].numpy(), scaled.T @ g, atol=1e-12)


@pytest.mark.parametrize("z, q", [([0.0, 0.0], [1.0, 2.0]), ([1.0, 2.0], [0.0, 0.0]), ([1.0, 2.0], [-2.0, -4.0])])
def test_a_vector_without_direction_or_opposite_to_its_code_has_a_finite_gradient(z: list[float], q: list[float]):
    z_e = torch.tensor([z], requires_grad=True)
    RotationTrick().carry(z_e, torch.tensor([q]), NOTHING).sum().backward()
    assert z_e.grad is not None
    assert z_e.grad.isfinite().all()
    if 0.0 in (*z, *q):
        assert torch.equal(z_e.grad, torch.ones(1, 2))


def test_a_vector_on_its_code_gets_the_gradient_as_it_is() -> None:
    z_e = torch.randn(6, 3, generator=seeded(0)).requires_grad_()
    RotationTrick().carry(z_e, z_e.detach().clone(), NOTHING).backward(
        gradient := torch.randn(6, 3, generator=seeded(1))
    )
    torch.testing.assert_close(z_e.grad, gradient)


def test_under_the_rotation_the_loss_terms_keep_their_gradients() -> None:
    z_e = torch.randn(20, 3, generator=seeded(0)).requires_grad_()
    plain = torch.randn(20, 3, generator=seeded(0)).requires_grad_()
    for vectors, estimator in ((z_e, "rotation"), (plain, "straight-through")):
        quantizer = VectorQuantizer(6, 3, gradient_estimator=estimator, init="normal", generator=seeded(1))
        quantizer(vectors).loss.backward()
    assert torch.equal(z_e.grad, plain.grad)  # type: ignore[arg-type]


def test_noise_of_the_errors_length_reaches_encoder_and_code() -> None:
    z = torch.randn(20, 3, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    codebook = torch.randn(5, 3, dtype=torch.float64, generator=seeded(1)).requires_grad_()
    v = torch.randn(20, 3, dtype=torch.float64, generator=seeded(2))
    g = torch.randn(20, 3, dtype=torch.float64, generator=seeded(3)).numpy()
    chosen = torch.cdist(z, codebook).argmin(1)
    found = NoiseSubstitution().carry(z, codebook[chosen].detach(), Given(codebook, chosen, True, lambda _like: v))
    apart = z.detach().numpy() - codebook.detach().numpy()[chosen]
    length = np.linalg.norm(apart, axis=1, keepdims=True)
    unit = v.numpy() / np.linalg.norm(v, axis=1, keepdims=True)
    np.testing.assert_allclose(found.detach().numpy(), z.detach().numpy() + length * unit, rtol=1e-12)
    found.backward(torch.from_numpy(g))
    along = (g * unit).sum(1, keepdims=True) * apart / length  # through the error's length
    np.testing.assert_allclose(z.grad.numpy(), g + along, rtol=1e-9)  # type: ignore[union-attr]
    expected = np.zeros((5, 3))
    np.add.at(expected, chosen.numpy(), -along)
    np.testing.assert_allclose(codebook.grad.numpy(), expected, rtol=1e-9, atol=1e-12)  # type: ignore[union-attr]


def directed(noise: float, seed: int = 2) -> tuple[np.ndarray, ...]:
    """What goes in and comes out of `DirectedNoise`: z, codes, v, g; output and gradients of z and codebook."""
    z = torch.randn(20, 3, dtype=torch.float64, generator=seeded(0)).requires_grad_()
    codebook = torch.randn(5, 3, dtype=torch.float64, generator=seeded(1)).requires_grad_()
    v = torch.randn(20, 3, dtype=torch.float64, generator=seeded(seed))
    g = torch.randn(20, 3, dtype=torch.float64, generator=seeded(3))
    chosen = torch.cdist(z, codebook).argmin(1)
    given = Given(codebook, chosen, True, lambda _like: v)
    found = DirectedNoise(noise).carry(z, codebook[chosen].detach(), given)
    found.backward(g)
    values = (z, codebook, v, g, found, z.grad, codebook.grad, chosen)
    return tuple(value.detach().numpy() for value in values)  # type: ignore[union-attr]


def test_directed_noise_against_its_formula() -> None:
    z, codebook, v, g, found, to_z, to_codes, chosen = directed(0.5)
    error = codebook[chosen] - z
    length = np.linalg.norm(error, axis=1, keepdims=True)
    along = error + 0.5 * v
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    np.testing.assert_allclose(found, z + length * along, rtol=1e-12)
    pulled = (g * along).sum(1, keepdims=True) * error / length  # through the error's length
    np.testing.assert_allclose(to_z, g - pulled, rtol=1e-9)
    expected = np.zeros((5, 3))
    np.add.at(expected, chosen, pulled)
    np.testing.assert_allclose(to_codes, expected, rtol=1e-9, atol=1e-12)


def test_with_little_noise_the_code_comes_out_and_gradients_are_along_the_error_and_across_it_in_expectation() -> None:
    noise, draws = 0.02, 400
    z, codebook, _, g, found, *_, chosen = directed(1e-9)
    np.testing.assert_allclose(found, codebook[chosen], atol=1e-6)
    error = codebook[chosen] - z
    length = np.linalg.norm(error, axis=1, keepdims=True)
    unit = error / length
    mean = np.mean([directed(noise, seed=100 + draw)[5] for draw in range(draws)], axis=0)
    # E[d̂] = u (1 - (D - 1) noise² / (2 ||e - z||²)) to second order: what is left of g along u is what d̂ lacks of it.
    lack = (3 - 1) * noise**2 / (2 * length**2)
    expected = g - (g * unit).sum(1, keepdims=True) * (1 - lack) * unit
    error_of_mean = noise / length.min() * np.abs(g).max() * 3 / draws**0.5
    np.testing.assert_allclose(mean, expected, atol=3 * error_of_mean)
    assert np.abs((expected * unit).sum(1)).max() < np.abs((g * unit).sum(1)).max() / 50  # nothing along the error


def test_noise_is_drawn_from_its_own_generator_and_not_in_evaluation() -> None:
    quantizer = VectorQuantizer(6, 3, update="gradient", gradient_estimator="noise", init="normal", generator=seeded(1))
    z_e = torch.randn(20, 3, generator=seeded(0))
    outputs = []
    for seed in (5, 5, 6):
        quantizer.noise_generator.manual_seed(seed)
        outputs.append(quantizer(z_e).quantized)
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])
    out = quantizer.eval()(z_e)
    assert torch.equal(out.quantized, quantizer.lookup(out.indices))


def test_under_noise_the_codebook_loss_is_only_reported() -> None:
    quantizer = VectorQuantizer(6, 3, 0.0, update="gradient", gradient_estimator="noise", generator=seeded(1))
    out = quantizer(torch.randn(20, 3, generator=seeded(0)))
    assert not out.codebook_loss.requires_grad
    assert float(out.codebook_loss) > 0
    assert float(out.loss.detach()) == 0


def test_the_codebook_losss_gradient_and_that_of_a_penalty_on_it() -> None:
    """`2/(N·D) Σ (e_k - z)` over the vectors of a code; its square has `2/(N·D)·n_k` times twice that."""
    z = torch.randn(12, 3, generator=seeded(0), dtype=torch.float64)
    codes = torch.randn(4, 3, generator=seeded(1), dtype=torch.float64).requires_grad_()
    chosen = torch.arange(12) % 3  # the last code has no vector
    _, loss, _ = quantize(z, codes, chosen)
    (grad,) = torch.autograd.grad(loss, codes, create_graph=True)
    expected = torch.stack([(codes[k] - z[chosen == k]).sum(0) for k in range(4)]) * 2 / z.numel()
    torch.testing.assert_close(grad, expected)
    (again,) = torch.autograd.grad(grad.square().sum(), codes)
    hits = torch.bincount(chosen, minlength=4)[:, None]
    torch.testing.assert_close(again, 2 * expected.detach() * 2 * hits / z.numel())
