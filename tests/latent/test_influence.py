"""What moves when a latent moves, against decoding by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.latent.influence import decoder_field, exchange_code, move_unit, other_codes
from explorer.models import VAE, VQVAE, ImageShape, VectorQuantizer


def vqvae(size: int = 32) -> VQVAE:
    return VQVAE(ImageShape(1, size, size), VectorQuantizer(8, 2), data_variance=0.1, width=8).eval()


def test_the_field_is_where_the_decoder_answers():
    """Far from the edges, pixels up to the field's border answer to some change, and none beyond it ever does."""
    model = vqvae(64)
    field = decoder_field(model.decoder)
    z = torch.randn(16, 2, 16, 16, generator=torch.Generator().manual_seed(0))
    moved = z.clone()
    moved[:, :, 8, 8] += 3
    with torch.no_grad():
        heard = (model.decode(z) != model.decode(moved)).any(0)[0].nonzero()
    expected = [8 * field.step - field.before, 8 * field.step + field.after]
    assert heard.amin(0).tolist() == [expected[0]] * 2
    assert heard.amax(0).tolist() == [expected[1]] * 2


@pytest.mark.parametrize("spatial", [False, True])
def test_one_unit_moves_and_no_other(spatial):
    model = VAE(ImageShape(1, 8, 8), 3, spatial=spatial, width=8).eval()
    latents = torch.randn(5, *((3, 2, 2) if spatial else (3,)))
    unit = (1, 0, 1) if spatial else (1,)
    moved = latents.clone()
    moved[(slice(None), *unit)] += 0.7
    with torch.no_grad():
        expected = (model.decode(moved).clamp(0, 1) - model.decode(latents).clamp(0, 1)).abs()[:, 0]
    assert torch.allclose(move_unit(model, latents, unit, 0.7), expected, atol=1e-6)


def test_one_cell_is_exchanged_and_no_other():
    model = vqvae(8)
    indices = torch.randint(8, (300, 2, 2))
    cells, codes = torch.randint(4, (300,)), torch.randint(8, (300,))
    changed = indices.clone().view(300, 4)
    for image, (cell, code) in enumerate(zip(cells, codes, strict=True)):
        changed[image, cell] = code
    with torch.no_grad():
        before, after = model.decode(indices).clamp(0, 1), model.decode(changed.view(300, 2, 2)).clamp(0, 1)
    assert torch.allclose(exchange_code(model, indices, cells, codes), (after - before).abs()[:, 0], atol=1e-6)


def test_other_codes_are_others_drawn_by_use():
    hits = torch.tensor([0, 5, 0, 3, 2])
    drawn = other_codes(torch.full((20_000,), 3), hits, torch.Generator().manual_seed(0))
    shares = np.bincount(drawn.numpy(), minlength=5) / 20_000
    assert shares[[0, 2, 3]].tolist() == [0, 0, 0]
    assert shares[1] == pytest.approx(5 / 7, abs=0.015)
    # a dead code that stands there takes nothing from the others
    shares = np.bincount(other_codes(torch.full((20_000,), 2), hits, torch.Generator().manual_seed(0)).numpy()) / 20_000
    assert shares[[1, 3, 4]] == pytest.approx([0.5, 0.3, 0.2], abs=0.015)


def test_other_codes_where_only_one_is_used():
    drawn = other_codes(torch.full((100,), 1), torch.tensor([0, 9, 0]), torch.Generator().manual_seed(0))
    assert set(drawn.tolist()) == {0, 2}
    assert other_codes(torch.zeros(3, dtype=torch.long), torch.tensor([4]), torch.Generator()).tolist() == [0, 0, 0]
