"""What latents cost, and how far one draw of z for each image may stray."""

from __future__ import annotations

import pytest
import torch

from explorer.latent import encode_images
from explorer.models import Autoencoder
from explorer.models.base import ImageShape
from explorer.models.objectives import gaussian_nll
from explorer.reports import rates
from explorer.reports.decoded import decode_and_compare
from explorer.reports.rates import rates_report
from explorer.streams import stream
from explorer.training.build import build_model
from tests.tiny import tiny_config, tiny_set

S2 = 0.05


def begun(**settings: object) -> Autoencoder:
    """A model before its first step."""
    torch.manual_seed(0)
    image_set = tiny_set()
    return build_model(tiny_config(**settings), ImageShape(1, 8, 8), image_set.variance).eval()


def test_the_error_of_one_draw_is_how_far_means_of_one_draw_stray():
    """Of 200 means over all test images; the estimate rests on two draws of each of 30 images, a third either way."""
    image_set, vae = tiny_set(), begun(model="vae", latent_dim=2)
    images = image_set.images[image_set.split("test")]
    encoded = encode_images(vae, images)
    report = rates_report(vae, image_set, encoded, {"nll_nats": 0.0, "s2": S2}, None)
    priors = rates._priors(vae, image_set, None)
    means: dict[str, list[float]] = {"fixed": [], "simple": []}
    for at in range(200):
        errors = decode_and_compare(vae, images, encoded, sample=True, first=100 + at).squared_error
        nll = gaussian_nll(errors, vae.shape.values, S2)
        for rung, nats in rates._nats(vae, encoded, priors, f"again {at}").items():
            means[rung].append(float((-nll - nats).mean()))
    for rung, found in means.items():
        assert report["elbo_draw_error"][rung] == pytest.approx(torch.tensor(found).std().item(), rel=0.35), rung
    assert report["elbo_draw_error"]["learned"] is None


def test_codes_are_not_drawn():
    image_set, model = tiny_set(), begun()
    encoded = encode_images(model, image_set.images[image_set.split("test")])
    assert "elbo_draw_error" not in rates_report(model, image_set, encoded, {"nll_nats": 0.0, "s2": S2}, None)


def test_draws_have_streams_of_their_own():
    """Else the two draws that the error rests on would be the one that the bound rests on."""
    assert stream(0, "rate noise").initial_seed() != stream(0, "rate noise 0").initial_seed()
