"""What the tab ELBO says: parts that add up, units by what they carry, and sentences where there is nothing to show."""

from __future__ import annotations

import json
import math

import pytest
import torch

from explorer.latent import encode_images
from explorer.ui.computed import bounds, catalog, encoded
from explorer.ui.scene import scene
from tests.ui.conftest import AE, EMA, SPATIAL, VAE, VAE16, VQ64, fashion_view

REPORT = {
    "nll_nats": -315.0,
    "kl_nats": 8.75,
    "kl_nats_per_unit": [3.75, 5.0],
    "active_units": 2,
    "mse": 0.025,
}


def shown(**view):
    return scene(fashion_view(tab="elbo", **view)).elbo


@pytest.fixture
def measured(monkeypatch):
    for name, value in REPORT.items():
        monkeypatch.setitem(catalog.run(VAE).report, name, value)


def test_it_is_there_only_while_its_tab_is_open():
    assert scene(fashion_view()).elbo is None
    json.dumps(scene(fashion_view(tab="elbo")).to_json(), allow_nan=False)


def test_the_parts_and_the_constant_are_the_elbo(measured):
    loss = shown(image=3).vae
    constant = 392 * math.log(2 * math.pi * loss.s2)
    for bar in loss.bars:
        written = float(bar.texts["elbo"].split(" ± ")[0].replace("−", "-"))
        assert written == pytest.approx(-(bar.error + bar.kl + constant), abs=0.06)
    image, of_set = loss.bars
    assert (of_set.error + constant, of_set.kl) == (pytest.approx(-315.0), 8.75)
    run = catalog.run(VAE)
    likelihoods = bounds.few_draws(run, 3).log_likelihoods
    assert image.error == pytest.approx(-float(likelihoods.mean()) - constant)
    error = float(likelihoods.std()) / math.sqrt(len(likelihoods))
    assert float(image.texts["elbo"].split(" ± ")[1]) == pytest.approx(error, abs=0.06)
    assert "±" not in of_set.texts["elbo"]


def test_the_image_term_is_the_error_of_draws_and_not_of_the_mean():
    run = catalog.run(VAE)
    image = encoded.test_images("fashion")[3:4]
    latent = encode_images(run.model, image)
    assert latent.mean is not None
    assert latent.logvar is not None
    generator = torch.Generator().manual_seed(1)
    z = latent.mean + (0.5 * latent.logvar).exp() * torch.randn(4000, 2, generator=generator)
    errors = (run.model.decode(z) - image / 255).square().sum((1, 2, 3)) / (2 * bounds.s2(run))
    drawn = -bounds.few_draws(run, 3).log_likelihoods - 392 * math.log(2 * math.pi * bounds.s2(run))
    assert float(drawn.mean()) == pytest.approx(
        float(errors.mean()), abs=4 * float(drawn.std()) / math.sqrt(len(drawn))
    )


def test_units_stand_by_what_they_carry(measured):
    loss = shown().vae
    assert [(unit.place, unit.set_kl) for unit in loss.units] == [(1, 5.0), (0, 3.75)]
    for unit in loss.units:
        kl = 0.5 * (unit.mean**2 + unit.sigma**2 - 1) - math.log(unit.sigma)
        assert unit.kl == pytest.approx(kl, abs=1e-4)
    assert "2 of 2 units are active" in loss.active
    assert "too lax" in loss.active


def test_a_report_without_units_names_the_command():
    loss = shown(left=VAE16).vae
    assert len(loss.units) == 16
    assert len(loss.bars) == 1
    assert f"python -m explorer evaluate {VAE16}" in loss.active
    assert loss.shape == (16,)


def test_a_spatial_latent_has_a_unit_for_each_place():
    loss = shown(left=SPATIAL).vae
    assert loss.shape == (2, 7, 7)
    names = {unit.place: unit.name for unit in loss.units}
    assert (names[0], names[97]) == ("1 · row 1, column 1", "2 · row 7, column 7")
    assert not loss.integrable
    assert "98 numbers" in loss.no_integral


def test_only_two_numbers_can_be_integrated():
    assert shown().vae.integrable
    assert "16 numbers" in shown(left=VAE16).vae.no_integral


def test_sentences_where_a_side_has_nothing_to_show():
    no_vae = shown(left=AE)
    assert no_vae.vae is None
    assert "An AE has no posterior" in no_vae.no_vae
    assert no_vae.codes.run == EMA
    both_codes = shown(left=VQ64, right=EMA)
    assert both_codes.vae is None
    assert both_codes.codes.run == EMA
    both_vaes = shown(left=VAE16, right=VAE)
    assert both_vaes.vae.run == VAE16
    assert "choose one on the right" in both_vaes.no_codes
    assert shown(left=EMA, right=VAE).vae.side == "right"


def test_codes_pay_for_their_prior():
    codes = shown(image=2).codes
    (row,) = codes.rows  # no other prior was trained
    assert float(row.cost) == pytest.approx(49 * math.log(256), abs=0.06)
    numbers = [float(text.replace("−", "-")) for text in (codes.likelihood, row.cost, row.image)]
    assert numbers[2] == pytest.approx(numbers[0] - numbers[1], abs=0.15)
    assert row.set == "–"
    assert f"python -m explorer evidence {EMA} --write" in codes.note
    assert f"python -m explorer train-prior {EMA}" in codes.note


def test_what_was_measured_of_the_set_stands_in_the_table(monkeypatch):
    section = {"n": 256, "bounds": {"uniform": {"nats": -12.345, "image_error": 6.78, "prior_nats": 271.7}}}
    monkeypatch.setitem(catalog.run(EMA).report, "evidence", section)
    codes = shown().codes
    assert codes.rows[0].set == "−12.3 ± 6.8"
    assert "256 fixed test images" in codes.note


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_bound_is_a_lower_one_and_not_the_lowest(lang):
    words = shown(lang=lang).words
    sentence = words["elbo.evidence.what"]
    assert ("a lower bound" in sentence and "not the tightest" in sentence) or "并不是最紧的" in sentence
    assert "raises the bound" in sentence or "把下界抬高" in sentence
