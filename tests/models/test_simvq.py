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
            else VectorQuantizer(20, 3, update="gradient", init="linear", generator=seeded(0))
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
    quantizer = SimVQ(9, 3, init="normal", generator=seeded(0)).double()
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


@pytest.mark.parametrize("init", ["linear", "normal"])
def test_simvq_begins_as_its_twin(init: str) -> None:
    plain = VectorQuantizer(30, 5, update="gradient", init=init, generator=seeded(0))
    assert torch.equal(SimVQ(30, 5, init=init, generator=seeded(0)).codebook, plain.codebook)


def test_simvq_begins_as_its_authors_code_does() -> None:
    quantizer = SimVQ(400, 64, generator=seeded(0))
    assert float(quantizer.stored.std()) == pytest.approx(1 / 8, rel=0.02)
    layer = {name: quantizer.get_parameter(f"parametrizations.codebook.0.{name}") for name in ("weight", "bias")}
    torch_s = torch.nn.Linear(64, 64)
    for name, drawn in layer.items():
        assert drawn.shape == getattr(torch_s, name).shape
        assert drawn.abs().max() <= 1 / 8
    assert float(layer["weight"].detach().std()) == pytest.approx(float(torch_s.weight.detach().std()), rel=0.05)
    assert not quantizer.stored.requires_grad
    assert {name for name, value in quantizer.named_parameters() if value.requires_grad} == {
        f"parametrizations.codebook.0.{name}" for name in layer
    }


def test_weights_of_the_old_start_are_read_as_what_they_are() -> None:
    old = SimVQ(6, 2, init="normal", generator=seeded(0))
    assert "parametrizations.codebook.0.bias" not in old.state_dict()
    new = SimVQ(6, 2, init="normal", generator=seeded(1))
    new.load_state_dict(old.state_dict())
    assert torch.equal(new.codebook, old.codebook)
