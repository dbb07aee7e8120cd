"""Rows between two pictures: the ends are reconstructions, the way is straight, codes are the nearest ones."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.latent import encode_images
from explorer.latent.interpolate import cross_fade, half_way, interpolate
from explorer.training.loop import Trainer
from tests.tiny import tiny_config, tiny_set


def trained(**settings: object):
    trainer = Trainer(tiny_config(**settings), tiny_set())
    list(trainer.run())
    return trainer.model.eval()


def pair() -> torch.Tensor:
    return tiny_set().batch(torch.tensor([0, 5]))


@pytest.mark.parametrize("kind", ["ae", "vae"])
def test_a_vector_goes_straight_between_two_reconstructions(kind):
    model = trained(model=kind)
    row = interpolate(model, pair())
    ends = encode_images(model, tiny_set().images[[0, 5]]).mean
    assert ends is not None
    expected = np.linspace(ends[0].numpy(), ends[1].numpy(), 9)
    assert np.allclose(row.latents.numpy(), expected, atol=1e-6)
    with torch.no_grad():
        assert torch.allclose(row.pictures, model.decode(torch.from_numpy(expected).float()), atol=1e-5)
    assert row.indices is None


def test_a_vq_vae_interpolates_before_it_quantises():
    model = trained()
    row = interpolate(model, pair(), count=5)
    with torch.no_grad():
        z_e = model.encode(pair()).z_e
    codebook = model.quantizer.codebook.detach().numpy()
    assert row.indices is not None
    for k, share in enumerate(np.linspace(0, 1, 5)):
        at = ((1 - share) * z_e[0] + share * z_e[1]).numpy()  # (D, h, w)
        distances = ((codebook[:, :, None, None] - at[None]) ** 2).sum(1)  # (K, h, w)
        chosen = np.take_along_axis(distances, row.indices[k].numpy()[None], 0)[0]
        assert np.allclose(chosen, distances.min(0), atol=1e-6)
        with torch.no_grad():
            assert torch.allclose(row.pictures[k], model.decode(row.indices[k : k + 1])[0], atol=1e-5)


def test_the_ends_of_every_row_are_the_models_own_reconstructions():
    model = trained()
    row = interpolate(model, pair())
    with torch.no_grad():
        ends = model.decode(model.encode(pair()).indices)
    assert torch.allclose(row.pictures[[0, -1]], ends, atol=1e-5)


def test_a_cross_fade_mixes_pixels():
    fade = cross_fade(pair()).numpy()
    assert fade.shape == (9, 1, 8, 8)
    for k in range(9):
        assert np.allclose(fade[k], (1 - k / 8) * pair()[0].numpy() + k / 8 * pair()[1].numpy(), atol=1e-6)


@pytest.mark.parametrize("kind", ["ae", "vae", "vqvae"])
def test_half_way_of_many_pairs_is_that_of_each(kind):
    model = trained(model=kind)
    one, other = (tiny_set().batch(torch.tensor(ids)) for ids in ([0, 1, 2], [5, 4, 3]))
    pictures = half_way(model, one, other)
    for place in range(3):
        row = interpolate(model, torch.stack([one[place], other[place]]), count=3)
        assert torch.allclose(pictures[:, place], row.pictures, atol=1e-5)
