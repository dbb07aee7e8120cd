"""What the tab Generate says: priors that are there, their bits, and figures taken from the reports as they stand."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from explorer.data import load_image_set
from explorer.latent import encode_images
from explorer.metrics.holes import EXTENT, hole_map
from explorer.runs import load_run
from explorer.streams import stream
from explorer.ui.computed import catalog, generated
from explorer.ui.media import media
from explorer.ui.scene import scene
from explorer.ui.scene.generate import DISC, SIDES
from explorer.ui.scene.quality import quality_of
from tests.ui.conftest import AE, EMA, EMOJI_VQ, SPATIAL, VAE, VAE16, fashion_view


def shown(**view):
    return scene(fashion_view(tab="generate", **view))


def estimate(value):
    return {"value": value, "low": value - 0.02, "high": value + 0.02}


def quality(kid):
    return {
        "kid_clf": {"value": kid, "sd": 0.0042, "subsets": 20, "size": 1000},
        "manifold": {name: estimate(0.5) for name in ("precision", "recall", "density", "coverage")},
        "two_sample": estimate(0.91),
        "copies": estimate(0.49),
        "classes": [estimate(0.1)] * 10,
    }


SECTION = {
    "n": 2500,
    "reference": 2500,
    "classifier": {"accuracy": 0.91, "n": 5000},
    "rows": {"normal": quality(0.1234), "mixture": quality(-0.001)},
    "calibration": {name: quality(0.0) for name in ("real_half", "train_copies", "blurred_real")},
    "holes": {"value": 0.1234, "low": 0.11, "high": 0.13, "images": 18000},
}


@pytest.fixture
def measured(monkeypatch):
    monkeypatch.setitem(catalog.run(VAE).report, "generation", SECTION)


def test_it_is_there_only_while_its_tab_is_open():
    assert scene(fashion_view()).generate is None
    assert shown().generate is not None
    json.dumps(shown().to_json(), allow_nan=False)


def test_each_side_draws_its_own_kind():
    sides = shown(left=AE, right=EMA).sides
    assert {name: side.kind for name, side in sides.items()} == {name: kinds[0] for name, kinds in SIDES.items()} | {
        "ae": "ae"
    }
    assert (sides["left"].run, sides["ae"].run) == (VAE, AE)
    assert AE in sides["left"].chips[0]


def test_the_disc_holds_95_percent():
    disc = shown().generate.vectors.disc
    assert disc.radii == (DISC, DISC)
    assert pytest.approx(2.448, abs=5e-4) == DISC
    z = torch.randn(200_000, 2, generator=stream(0, "disc"))
    assert (z.norm(dim=1) < DISC).double().mean() == pytest.approx(0.95, abs=0.002)


@pytest.mark.parametrize("run, numbers", [(VAE16, 16), (SPATIAL, 2 * 49)])
def test_a_latent_without_a_plane_says_so(run, numbers):
    vectors = shown(left=run).generate.vectors
    assert (vectors.disc, vectors.holes) == (None, None)
    assert f"{numbers} numbers" in vectors.no_plane


def test_the_map_of_holes_counts_the_posteriors_of_training_images(monkeypatch):
    images = load_image_set("fashion")
    few = images.images[images.split("train")[:500]]
    monkeypatch.setattr(generated, "training_images", lambda data: few)
    holes = shown().generate.vectors.holes
    kind, key, name = holes.address.removeprefix(media.PREFIX + "/").split("/")
    ratio = np.frombuffer(media.content(kind, key, name)[0], "<f4").reshape(holes.rows, holes.columns)
    assert holes.left + holes.columns * holes.cell == pytest.approx(EXTENT)
    run = catalog.run(VAE)
    latents = encode_images(run.model, few)
    assert latents.mean is not None
    assert latents.logvar is not None
    found = hole_map(latents.mean, latents.logvar, stream(0, "hole map"))
    kept = ratio >= 0
    assert np.allclose(ratio[kept], found.ratio.numpy()[kept], rtol=1e-5)
    # the cells that are drawn hold nearly all of the prior
    assert float(found.prior_mass[torch.from_numpy(kept)].sum()) > 0.995


@pytest.mark.parametrize("run", [AE, EMA, VAE16])
def test_there_is_no_map_of_holes_of_other_latents(run):
    with pytest.raises(Exception, match="nothing at"):
        media.address("holes", run)


def test_a_run_without_a_prior_says_which_command_trains_one():
    shown_now = shown()
    uniform, frequencies, learned = shown_now.generate.ladder.rungs
    assert uniform.missing == ""
    for sentence in (frequencies.missing, learned.missing, shown_now.generate.walk.missing):
        assert f"python -m explorer train-prior {EMA}" in sentence
    assert "train-prior" in shown_now.generate.ae.missing


def test_the_bits_are_the_reports():
    uniform, frequencies, learned = shown().generate.ladder.rungs
    assert (uniform.bits, frequencies.bits, learned.bits) == ("392", "174", "")


def test_the_top_half_is_half_of_the_rows():
    assert (shown().generate.walk.rows, shown().generate.walk.grid) == (4, 7)
    walk = shown(data="emoji", left="", right=EMOJI_VQ).generate.walk
    assert (walk.rows, walk.grid) == (4, 8)


def test_figures_stand_in_the_table_as_they_were_measured(measured):
    shown_now = shown().generate
    vae, calibration = shown_now.quality.groups
    assert [row.label for row in vae.rows] == ["N(0, I)", "Gaussian mixture"]
    assert (vae.rows[0].figures[0].value, vae.rows[0].figures[0].interval) == ("0.1234", "± 0.0042")
    assert vae.rows[1].figures[0].value == "−0.0010"
    assert (vae.rows[0].figures[5].value, vae.rows[0].figures[5].interval) == ("0.91", "0.89–0.93")
    assert len(calibration.rows) == 3
    assert "2,500 samples" in shown_now.quality.caption
    assert [EMA in s or AE in s for s in shown_now.quality.missing] == [True, True]
    assert shown_now.vectors.holes.mass == "12.3 %"
    assert "18,000" in shown_now.vectors.holes.tip


def test_a_run_that_was_not_measured_names_the_command():
    found = shown().generate
    assert found.quality.groups == ()
    assert all("python -m explorer generation" in sentence for sentence in found.quality.missing)
    assert found.vectors.holes.mass == ""


@pytest.mark.parametrize(
    "broken", [[], "x", {"rows": {}}, {"rows": {"normal": {}}}, {"rows": {"normal": {"classes": []}}}]
)
def test_a_report_with_holes_of_its_own_breaks_nothing(monkeypatch, broken):
    monkeypatch.setitem(catalog.run(VAE).report, "generation", broken)
    assert quality_of({"left": catalog.run(VAE)}, "en").columns
    assert shown().generate is not None


def test_the_words_of_both_languages_have_the_same_holes():
    english, chinese = (shown(lang=lang).generate.words for lang in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert english["walk.so_far"].count("{") == chinese["walk.so_far"].count("{") == 2


def test_the_stamp_follows_weights_and_prior():
    run = load_run(EMA)
    assert generated.stamp(run).strip() == run.weights_sha256
