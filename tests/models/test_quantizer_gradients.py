"""Where gradients go: straight through to the encoder, beta on the encoder's side, exactly nothing to unused codes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from explorer.models.codebook_updates import CODEBOOK_UPDATES
from explorer.models.quantizer_base import QuantizerOutput
from explorer.models.vector_quantizer import VectorQuantizer

LR = 1e-3


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def quantize(update: str = "gradient", beta: float = 0.25) -> tuple[VectorQuantizer, Tensor, Tensor, QuantizerOutput]:
    """A quantizer, its codebook before the pass, the input (leaf) and the output of one pass, in float64."""
    quantizer = VectorQuantizer(6, 3, beta, update=update, init="normal", generator=seeded(0)).double()
    before = quantizer.codebook.detach().clone()
    z_e = torch.randn(4, 3, 2, 5, dtype=torch.float64, generator=seeded(1)).requires_grad_()
    return quantizer, before, z_e, quantizer(z_e)


def chosen_codes(before: Tensor, out: QuantizerOutput) -> Tensor:
    return before[out.indices].movedim(-1, 1)


def value(scalar: Tensor) -> float:
    return float(scalar.detach())


@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
def test_straight_through_is_the_identity_for_the_encoder(update: str) -> None:
    quantizer, before, z_e, out = quantize(update)
    assert torch.equal(out.quantized, chosen_codes(before, out))
    passed = torch.randn(z_e.shape, dtype=torch.float64, generator=seeded(2))
    out.quantized.backward(passed)
    assert z_e.grad is not None
    assert torch.equal(z_e.grad, passed)
    assert quantizer.codebook.grad is None or not quantizer.codebook.grad.any()  # nothing from the decoder


@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
def test_losses_are_means_over_elements_by_the_codebook_before_the_step(update: str) -> None:
    _, before, z_e, out = quantize(update)
    expected = value((z_e - chosen_codes(before, out)).square().mean())
    assert value(out.codebook_loss) == pytest.approx(expected, rel=1e-12)
    assert value(out.commitment_loss) == pytest.approx(expected, rel=1e-12)
    both = 1.25 if update == "gradient" else 0.25
    assert value(out.loss) == pytest.approx(both * expected, rel=1e-12)
    assert out.codebook_loss.requires_grad == (update == "gradient")


@pytest.mark.parametrize("beta", [0.0, 0.25, 3.0])
def test_beta_weighs_the_encoders_side_only(beta: float) -> None:
    quantizer, before, z_e, out = quantize(beta=beta)
    out.loss.backward()
    assert z_e.grad is not None
    assert quantizer.codebook.grad is not None
    difference = z_e.detach() - chosen_codes(before, out)
    torch.testing.assert_close(z_e.grad, beta * 2 * difference / z_e.numel())
    expected = torch.zeros_like(before)
    expected.index_add_(0, out.indices.flatten(), -2 * difference.movedim(1, -1).reshape(-1, 3) / z_e.numel())
    torch.testing.assert_close(quantizer.codebook.grad, expected)  # no beta here


@pytest.mark.parametrize("term", ["codebook_loss", "commitment_loss"])
def test_each_term_moves_its_own_side(term: str) -> None:
    quantizer, _, z_e, out = quantize()
    getattr(out, term).backward()
    assert z_e.grad is not None
    assert quantizer.codebook.grad is not None
    assert bool(z_e.grad.any()) == (term == "commitment_loss")
    assert bool(quantizer.codebook.grad.any()) == (term == "codebook_loss")


@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
def test_gradients_agree_with_autograd_of_the_formulas(update: str) -> None:
    quantizer, before, z_e, out = quantize(update)
    weights = torch.randn(z_e.shape, dtype=torch.float64, generator=seeded(3))
    ((out.quantized * weights).square().sum() + 7 * out.loss).backward()

    z, codebook = z_e.detach().clone().requires_grad_(), before.clone().requires_grad_()
    z_q = codebook[out.indices].movedim(-1, 1)
    loss = 0.25 * (z - z_q.detach()).square().mean()
    if update == "gradient":
        loss = loss + (z.detach() - z_q).square().mean()
    through = z + (z_q - z).detach()
    ((through * weights).square().sum() + 7 * loss).backward()
    torch.testing.assert_close(z_e.grad, z.grad)
    if update == "gradient":
        torch.testing.assert_close(quantizer.codebook.grad, codebook.grad)


def test_an_unused_code_has_exactly_zero_gradient() -> None:
    quantizer = VectorQuantizer(50, 3, update="gradient", init="normal", generator=seeded(0))
    out = quantizer(torch.randn(20, 3, generator=seeded(1)).requires_grad_())
    (out.loss + out.quantized.square().sum()).backward()
    assert quantizer.codebook.grad is not None
    unused = out.counts == 0
    assert unused.any()
    assert (quantizer.codebook.grad[unused] == 0).all()
    assert (quantizer.codebook.grad[~unused] != 0).all()


def coast(vectors: list[float], idle: int = 0) -> float:
    """How far Adam carries code 0, in units of lr, after `vectors` have chosen it, one per step, and no more come.

    Code 1 sits far away and is hit at every step. `idle` steps without a hit of code 0 come before it all.
    """
    quantizer = VectorQuantizer(2, 1, update="gradient").double()
    with torch.no_grad():
        quantizer.codebook.copy_(torch.tensor([[0.0], [1000.0]]))
    optimizer = torch.optim.Adam([quantizer.codebook], lr=LR)
    far = torch.tensor([[1000.0]], dtype=torch.float64)

    def step(z_e: Tensor) -> float:
        optimizer.zero_grad()
        quantizer(z_e).loss.backward()
        optimizer.step()
        return value(quantizer.codebook[0])

    if idle:
        step(far)
        optimizer.state[quantizer.codebook]["step"].fill_(idle)  # moments of an idle row stay 0: only time passes
    for vector in vectors:
        last = step(torch.cat([torch.tensor([[vector]], dtype=torch.float64), far]))
    for _ in range(120):
        end = step(far)
    return abs(end - last) / LR


def test_adam_coasts_about_nine_rates_after_constant_gradients() -> None:
    assert coast([100.0] * 600) == pytest.approx(9, abs=0.2)


def test_adam_coasts_two_to_five_rates_after_noisy_gradients() -> None:
    noisy = torch.randn(8, 200, generator=seeded(0)) * 10 + 4  # a code that still moves toward its vectors
    moved = torch.tensor([coast(vectors.tolist()) for vectors in noisy])
    assert 2 <= float(moved.median()) <= 5


def test_adam_coasts_twenty_eight_rates_after_one_late_hit() -> None:
    assert coast([100.0], idle=20_000) == pytest.approx(28, abs=1)


def test_coupled_weight_decay_drags_an_unused_code() -> None:
    quantizer = VectorQuantizer(2, 1, update="gradient")
    with torch.no_grad():
        quantizer.codebook.copy_(torch.tensor([[5.0], [1000.0]]))
    for weight_decay, moves in ((0.0, False), (1e-2, True)):
        descent = torch.optim.Adam([quantizer.codebook], lr=LR, weight_decay=weight_decay)
        for _ in range(20):
            descent.zero_grad()
            quantizer(torch.tensor([[1000.0]])).loss.backward()
            descent.step()
        assert (float(quantizer.codebook[0].detach()) != 5.0) == moves
