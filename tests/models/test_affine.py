"""Affine codes: one scale and one shift move them all."""

from __future__ import annotations

import pytest
import torch

from explorer.models.affine import AffineVQ
from explorer.models.vector_quantizer import VectorQuantizer


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("init", ["normal", "kmeans"])
def test_it_begins_as_its_twin_to_the_bit(init: str) -> None:
    plain = VectorQuantizer(30, 5, update="gradient", init=init, generator=seeded(0))
    affine = AffineVQ(30, 5, init=init, generator=seeded(0))
    vectors = torch.randn(400, 5, generator=seeded(1))
    for quantizer in (plain, affine):
        quantizer.initialize(vectors, seeded(2))
    assert torch.equal(affine.codebook, plain.codebook)
    z_e = torch.randn(50, 5, generator=seeded(3))
    assert torch.equal(affine(z_e).quantized, plain(z_e).quantized)


def test_one_hit_moves_every_code_of_it() -> None:
    quantizer = AffineVQ(20, 3, init="normal", generator=seeded(0))
    optimizer = torch.optim.SGD(quantizer.parameters(), lr=0.1)
    before = quantizer.codebook.detach().clone()
    quantizer(before[4:5] + 0.01).loss.backward()
    optimizer.step()
    moved = quantizer.codebook.detach() - before
    assert (moved != 0).any(1).all()
    stored = quantizer.stored.detach()
    assert [bool((stored[row] != before[row]).any()) for row in (4, 5)] == [True, False]


def test_the_gradient_is_that_of_the_formula() -> None:
    quantizer = AffineVQ(9, 3, init="normal", rate=10.0, generator=seeded(0)).double()
    with torch.no_grad():
        for parameter in (quantizer.affine.scale, quantizer.affine.bias):
            parameter.add_(0.02 * torch.randn(3, generator=seeded(1)))
    z_e = torch.randn(30, 3, dtype=torch.float64, generator=seeded(2))
    quantizer(z_e).loss.backward()
    stored, scale, bias = (
        value.detach().clone().requires_grad_()
        for value in (quantizer.stored, quantizer.affine.scale, quantizer.affine.bias)
    )
    codes = (1 + 10 * scale) * stored + 10 * bias
    chosen = torch.cdist(z_e, codes.detach()).argmin(1)
    (z_e - codes[chosen]).square().mean().backward()
    for mine, theirs in ((quantizer.stored, stored), (quantizer.affine.scale, scale), (quantizer.affine.bias, bias)):
        torch.testing.assert_close(mine.grad, theirs.grad)


def test_codes_that_are_put_somewhere_stand_there() -> None:
    quantizer = AffineVQ(6, 2, init="data", generator=seeded(0))
    with torch.no_grad():
        quantizer.affine.scale.fill_(0.3)
        quantizer.affine.bias.fill_(-0.2)
    vectors = torch.randn(60, 2, generator=seeded(1))
    quantizer.initialize(vectors, seeded(2))
    assert (quantizer.codebook[:, None] == vectors).all(2).any(1).all()
    with torch.no_grad():
        quantizer.affine.bias.fill_(1.0)
    quantizer.load_codebook(vectors[:6])
    assert torch.equal(quantizer.codebook, vectors[:6])


def test_what_is_saved_comes_back() -> None:
    old, new = (AffineVQ(6, 2, init="normal", generator=seeded(seed)) for seed in (0, 1))
    with torch.no_grad():
        old.affine.scale.add_(0.1)
    new.load_state_dict(old.state_dict())
    assert torch.equal(new.codebook, old.codebook)
    assert len(old.state_dict()) == len({value.data_ptr() for value in old.state_dict().values()})
