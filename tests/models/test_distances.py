"""Distances by which a code is the nearest."""

from __future__ import annotations

import pytest
import torch

from explorer.models.vector_quantizer import VectorQuantizer


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_cosine_distance_does_not_see_lengths() -> None:
    quantizer = VectorQuantizer(8, 3, update="gradient", init="normal", distance="cosine", generator=seeded(0)).eval()
    z_e = torch.randn(40, 3, generator=seeded(1))
    out = quantizer(z_e)
    scaled = quantizer(z_e * torch.rand(40, 1, generator=seeded(2)).add(0.1) * 50)
    assert torch.equal(out.indices, scaled.indices)
    torch.testing.assert_close(out.commitment_loss, scaled.commitment_loss)
    with torch.no_grad():
        quantizer.stored.mul_(torch.linspace(0.1, 9, 8)[:, None])
    assert torch.equal(quantizer(z_e).indices, out.indices)
    cosines = torch.nn.functional.cosine_similarity(z_e[:, None], quantizer.codebook[None].detach(), dim=2)
    assert torch.equal(cosines.argmax(1), out.indices)
    expected = (2 - 2 * cosines.amax(1)).mean() / 3  # mean over elements
    torch.testing.assert_close(out.commitment_loss, expected)


@pytest.mark.parametrize("update", ["gradient", "ema"])
def test_cosine_codes_are_one_long(update: str) -> None:
    quantizer = VectorQuantizer(8, 3, update=update, init="data", distance="cosine", dead_codes="restart")
    optimizer = torch.optim.Adam([*quantizer.parameters(), torch.zeros(1, requires_grad=True)], lr=0.1)
    for step in range(30):
        optimizer.zero_grad()
        loss = quantizer(5 * torch.randn(90, 3, generator=seeded(step)).requires_grad_()).loss
        loss.backward()
        optimizer.step()
    lengths = quantizer.codebook.detach().norm(dim=1)
    torch.testing.assert_close(lengths, torch.ones(8))
    if update == "gradient":
        assert not torch.allclose(quantizer.stored.detach().norm(dim=1), torch.ones(8))
