"""The three models: shapes, objectives, what trains what."""

from __future__ import annotations

import pytest
import torch

from explorer.errors import ConfigError
from explorer.models import AE, VAE, VQVAE, Autoencoder, CodeLatent, GaussianLatent, ImageShape, PointLatent
from explorer.models.trunk import initialize
from explorer.models.vector_quantizer import VectorQuantizer
from explorer.streams import stream

SHAPES = [ImageShape(1, 28, 28), ImageShape(3, 32, 32), ImageShape(3, 64, 64)]


def models(shape: ImageShape) -> list[Autoencoder]:
    quantizer = VectorQuantizer(16, 5, generator=stream(0, "codebook"))
    return [
        AE(shape, 3, width=8),
        AE(shape, 3, spatial=True, width=8),
        VAE(shape, 3, width=8),
        VAE(shape, 3, spatial=True, width=8),
        VQVAE(shape, quantizer, data_variance=0.1, width=8),
    ]


def images(shape: ImageShape, count: int = 4) -> torch.Tensor:
    return torch.rand(count, shape.channels, shape.height, shape.width, generator=stream(1, "images"))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_latents_and_reconstructions_have_the_shapes_they_promise(shape: ImageShape):
    for model in models(shape):
        x = images(shape)
        latent = model.encode(x)
        expected = (4, 5 if model.kind == "vqvae" else 3, shape.grid, shape.grid) if model.spatial else (4, 3)
        if isinstance(latent, CodeLatent):
            assert latent.indices.shape == (4, shape.grid, shape.grid)
            assert latent.z_e.shape == latent.quantized.shape == expected
            codes = latent.indices
        elif isinstance(latent, GaussianLatent):
            assert latent.mean.shape == latent.logvar.shape == expected
            codes = latent.mean
        else:
            assert isinstance(latent, PointLatent)
            codes = latent.z
            assert codes.shape == expected
        assert model.decode(codes).shape == x.shape


def test_codes_and_their_vectors_decode_alike():
    model = models(SHAPES[0])[-1].eval()
    latent = model.encode(images(SHAPES[0]))
    assert isinstance(latent, CodeLatent)
    assert torch.equal(model.decode(latent.indices), model.decode(latent.quantized))


def test_an_autoencoders_loss_is_the_error_of_what_it_gives_back():
    model = models(SHAPES[0])[0]
    assert isinstance(model, AE)
    x = images(SHAPES[0])
    terms = model.loss_terms(x)
    assert torch.equal(terms.mse, (model.decode(model.encode(x).z) - x).square().mean())
    assert torch.equal(model.loss(terms), terms.mse)


def test_vqvae_loss_is_equation_3():
    shape = SHAPES[0]
    model = models(shape)[-1].eval()
    assert isinstance(model, VQVAE)
    x = images(shape)
    terms = model.loss_terms(x)
    latent = model.encode(x)
    mse = (model.decode(latent.indices) - x).square().mean()
    gap = (latent.z_e - latent.quantized).square().mean()
    torch.testing.assert_close(model.loss(terms), mse / 0.1 + 1.25 * gap)
    torch.testing.assert_close(terms.commitment, gap)


def test_vae_loss_sums_the_kl_over_units_and_averages_over_the_batch():
    model = VAE(SHAPES[0], 3, beta=2.0, width=8)
    x = images(SHAPES[0])
    terms = model.loss_terms(x, stream(0, "noise"))
    latent = model.encode(x)
    kl = 0.5 * (latent.mean**2 + latent.logvar.exp() - 1 - latent.logvar)
    torch.testing.assert_close(terms.kl, kl.sum() / 4)
    torch.testing.assert_close(model.loss(terms), terms.nll + 2 * terms.kl)


def test_the_same_noise_gives_the_same_loss_and_other_noise_another():
    model = VAE(SHAPES[0], 3, width=8)
    x = images(SHAPES[0])
    first, again, other = (float(model.loss_terms(x, stream(s, "noise")).mse.detach()) for s in (0, 0, 1))
    assert first == again
    assert first != other


def test_weights_depend_on_the_seed_alone():
    torch.manual_seed(1)
    one = AE(SHAPES[0], 2, width=8, seed=3)
    torch.manual_seed(2)
    torch.rand(10)
    two = AE(SHAPES[0], 2, width=8, seed=3)
    three = AE(SHAPES[0], 2, width=8, seed=4)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert not torch.equal(one.encoder.down1.weight, three.encoder.down1.weight)


def test_models_of_one_seed_share_what_is_not_their_head():
    ae, vae = AE(SHAPES[0], 2, width=8), VAE(SHAPES[0], 2, width=8)
    assert torch.equal(ae.encoder.down2.weight, vae.encoder.down2.weight)
    assert torch.equal(ae.decoder.up2.weight, vae.decoder.up2.weight)


def test_initial_weights_follow_pytorch_s_bounds():
    layer = torch.nn.Conv2d(4, 16, 3)
    initialize(layer, stream(0, "x"))
    bound = (4 * 9) ** -0.5
    assert layer.weight.abs().max() <= bound
    assert layer.weight.abs().max() > 0.9 * bound


@pytest.mark.parametrize("height, width", [(28, 32), (30, 30)])
def test_impossible_image_shapes_are_named(height: int, width: int):
    with pytest.raises(ConfigError, match=f"{height}×{width}"):
        ImageShape(1, height, width)


def test_foreign_batches_and_grids_are_refused():
    model = models(SHAPES[0])[-1]
    with pytest.raises(ConfigError, match="another image set"):
        model.encode(torch.rand(2, 3, 28, 28))
    with pytest.raises(ConfigError, match=r"\(B, 7, 7\)"):
        model.decode(torch.zeros(1, 8, 8, dtype=torch.long))
    with pytest.raises(ConfigError, match=r"\(B, 7, 7\)"):
        model.decode(torch.zeros(1, 6, 7, dtype=torch.long))


def test_an_image_has_as_many_values_as_it_has_numbers():
    assert [shape.values for shape in SHAPES] == [images(shape, 1).numel() for shape in SHAPES]
    with pytest.raises(ConfigError):
        ImageShape(1, 28, 32)
