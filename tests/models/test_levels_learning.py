"""Residual levels and groups: how they begin, learn and are saved."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from explorer.models import (
    COMPOSITIONS,
    ComposedQuantizer,
    EMAUpdate,
    VectorQuantizer,
)
from explorer.models.codebook_inits import CODEBOOK_INITS
from explorer.models.codebook_updates import CODEBOOK_UPDATES
from explorer.models.dead_codes import DEAD_CODE_POLICIES
from tests.levels import EAGER, D, K, L, draw, make, seeded, train


def test_the_decoders_gradient_passes_once_and_every_level_pulls() -> None:
    quantizer = make("residual").eval()
    z_e = draw(6, D, 2, 2).requires_grad_()
    out = quantizer(z_e)
    gradient = draw(*z_e.shape, seed=4)
    (passed,) = torch.autograd.grad(out.quantized, z_e, gradient, retain_graph=True)
    assert torch.equal(passed, gradient)
    (pulled,) = torch.autograd.grad(out.commitment_loss, z_e)
    left = [z_e.detach() - quantizer.lookup(out.indices[..., :level]) for level in range(1, L + 1)]
    torch.testing.assert_close(pulled, sum(2 * rest / z_e.numel() for rest in left))


def test_every_level_learns_from_its_own_term_under_the_gradient_rule() -> None:
    quantizer = make("residual", update="gradient")
    out = quantizer(draw(6, D, 2, 2))
    out.loss.backward()
    rest = draw(6, D, 2, 2)
    for level, part in enumerate(quantizer.distinct()):
        codes = part.codebook.detach().requires_grad_()
        chosen = codes[out.indices[..., level]].movedim(-1, 1)
        (rest - chosen).square().mean().backward()
        torch.testing.assert_close(part.codebook.grad, codes.grad)
        rest = rest - chosen.detach()


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("update", CODEBOOK_UPDATES)
@pytest.mark.parametrize("policy", DEAD_CODE_POLICIES)
@pytest.mark.parametrize("name", COMPOSITIONS)
def test_state_is_exact_and_a_resumed_one_goes_on_to_the_same_bits(
    name: str, policy: str, update: str, shared: bool
) -> None:
    given: dict[str, Any] = {
        "update": update,
        "shared_codebook": shared,
        "dead_codes": EAGER if policy == "restart" else policy,
    }
    if name == "residual":
        given["quantize_dropout"] = 0.7
    whole, resumed = make(name, **given), make(name, **(given | {"generator": seeded(5)}))
    train(whole, 6)
    resumed.load_state_dict(whole.state_dict())
    assert torch.equal(resumed.codebook, whole.codebook)
    left, right = train(whole, 4, start=6), train(resumed, 4, start=6)
    assert torch.equal(left.quantized, right.quantized)
    assert all(torch.equal(value, resumed.state_dict()[key]) for key, value in whole.state_dict().items())


@pytest.mark.parametrize("init", CODEBOOK_INITS)
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("name", COMPOSITIONS)
def test_codebooks_begin_from_data_level_after_level(name: str, shared: bool, init: str) -> None:
    lazy = make(name, init=init, shared_codebook=shared)
    eager = make(name, init=init, shared_codebook=shared)
    rows = 5 + draw(20 * K, D)
    eager.initialize(rows, seeded(3))
    for step in range(9):
        lazy(5 + draw(10 * K // 3, D, seed=step))
    assert not lazy.needs_data and not eager.needs_data  # noqa: PT018
    for quantizer in (lazy, eager):
        out = quantizer.eval()(rows)
        if CODEBOOK_INITS[init].needs_data and not shared:
            assert float((out.quantized - rows).square().mean()) < 0.5 * float(rows.var())
            assert all(level.counts.count_nonzero() > K / 2 for level in out.levels)


def test_dropped_levels_are_left_out_and_every_depth_comes() -> None:
    quantizer = make("residual", quantize_dropout=1.0)
    depths = []
    for seed in range(30):
        quantizer.noise_generator.manual_seed(seed)
        out = quantizer(draw(5, D, 2, 2, seed=seed))
        depth = len(out.levels)
        depths.append(depth)
        assert (out.indices[..., depth:] == -1).all() and (out.indices[..., :depth] >= 0).all()  # noqa: PT018
        assert not out.counts[depth:].any()
        torch.testing.assert_close(out.commitment_loss, sum(level.commitment_loss for level in out.levels))
    assert set(depths) == {1, 2, 3}
    assert len(quantizer.eval()(draw(5, D)).levels) == L


def test_levels_that_a_pass_left_out_have_a_gradient_of_zero() -> None:
    """Where several processes train, a parameter without a gradient would stop them."""
    quantizer = make("residual", update="gradient", quantize_dropout=1.0)
    seed = next(seed for seed in range(50) if depth_of(quantizer, seed) == 1)
    quantizer.noise_generator.manual_seed(seed)
    quantizer(draw(5, D).requires_grad_()).loss.backward()
    gradients = [part.codebook.grad for part in quantizer.distinct()]
    assert [gradient is not None and bool(gradient.any()) for gradient in gradients] == [True, False, False]
    assert all(gradient is not None for gradient in gradients)


def depth_of(quantizer: ComposedQuantizer, seed: int) -> int:
    quantizer.noise_generator.manual_seed(seed)
    return len(quantizer(draw(5, D)).levels)


@pytest.mark.parametrize("name, extra", [
    ("residual", {"quantize_dropout": 0.8}),
    ("residual", {"shared_codebook": True}),
    ("residual", {"gradient_estimator": "noise", "update": "gradient"}),
    ("grouped", {}),
    ("grouped", {"shared_codebook": True}),
])  # fmt: skip
def test_gradient_checkpointing_runs_the_same_pass_again(name: str, extra: dict[str, Any]) -> None:
    plain, again = make(name, **extra), make(name, **(extra | {"generator": seeded(0)}))
    again.load_state_dict(plain.state_dict())
    for seed in range(4):
        gradients = []
        for quantizer, repeated in ((plain, False), (again, True)):
            quantizer.noise_generator.manual_seed(seed)
            z_e = draw(20, D, 2, 2, seed=seed).requires_grad_()

            def block(vectors: Tensor, quantizer: ComposedQuantizer = quantizer) -> tuple[Tensor, Tensor]:
                out = quantizer(vectors)
                return out.quantized * 2, out.loss

            quantized, loss = checkpoint(block, z_e, use_reentrant=False) if repeated else block(z_e)
            (quantized.square().sum() + loss).backward()
            assert z_e.grad is not None
            gradients.append(z_e.grad)
        assert torch.equal(*gradients)
        assert torch.equal(plain.codebook, again.codebook)


def test_a_shared_codebook_moves_once_by_the_hits_of_all_levels() -> None:
    quantizer = make("residual", shared_codebook=True, update=EMAUpdate(decay=0.5, start="ones"))
    before = quantizer.codebook[0].clone()
    rows = draw(60, D, seed=2)
    out = quantizer(rows)
    given = torch.cat([rows - sum(before[out.indices[:, m]] for m in range(level)) for level in range(L)])
    alone = VectorQuantizer(K, D, update=EMAUpdate(decay=0.5, start="ones"))
    alone.load_codebook(before)
    alone(given)
    torch.testing.assert_close(quantizer.codebook, alone.codebook.expand(L, K, D))
    assert len(quantizer.state_dict()) == len(alone.state_dict()) + len(dict(quantizer.part(0).pending.named_buffers()))  # type: ignore[union-attr]
