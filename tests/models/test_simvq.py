"""SimVQ: one layer moves all codes."""

from __future__ import annotations

import pytest
import torch

from explorer.errors import ConfigError
from explorer.models.simvq import SimVQ
from explorer.models.vector_quantizer import VectorQuantizer


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_one_hit_moves_every_code_of_simvq_and_of_no_plain_codebook() -> None:
    for simvq, moves in ((True, True), (False, False)):
        quantizer = (
            SimVQ(20, 3, generator=seeded(0))
            if simvq
            else VectorQuantizer(20, 3, update="gradient", init="normal", generator=seeded(0))
        )
        learned = [parameter for parameter in quantizer.parameters() if parameter.requires_grad]
        optimizer = torch.optim.SGD(learned, lr=0.5)
        before = quantizer.codebook.detach().clone()
        out = quantizer(before[4:5] + 0.01)
        out.loss.backward()
        optimizer.step()
        changed = (quantizer.codebook.detach() != before).any(1)
        assert bool(changed.all()) == moves
        assert changed[4]


def test_simvq_against_autograd() -> None:
    quantizer = SimVQ(9, 3, generator=seeded(0)).double()
    weight = quantizer.get_parameter("parametrizations.codebook.0.weight")
    with torch.no_grad():
        weight.add_(0.1 * torch.randn(3, 3, generator=seeded(1)))
    z_e = torch.randn(30, 3, dtype=torch.float64, generator=seeded(2))
    quantizer(z_e).loss.backward()
    w = weight.detach().clone().requires_grad_()
    codes = quantizer.stored @ w
    chosen = torch.cdist(z_e, codes.detach()).argmin(1)
    (z_e - codes[chosen]).square().mean().backward()
    torch.testing.assert_close(weight.grad, w.grad)


def test_simvq_cannot_begin_from_data() -> None:
    with pytest.raises(ConfigError, match="never moves them"):
        SimVQ(4, 2, init="kmeans")


def test_simvq_begins_as_its_twin() -> None:
    plain = VectorQuantizer(30, 5, update="gradient", init="normal", generator=seeded(0))
    assert torch.equal(SimVQ(30, 5, generator=seeded(0)).codebook, plain.codebook)
