"""The pure function behind the page."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.errors import ViewError
from explorer.latent.projection import pca_plane
from explorer.metrics.reconstruction import mse, psnr
from explorer.runs import load_run
from explorer.ui import scene as scenes
from explorer.ui.computed import catalog, encoded
from explorer.ui.media import media
from explorer.ui.text import text
from explorer.ui.view import TABS, View, default_view
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, GRADIENT, SPATIAL, VAE, VAE16, VQ64, fashion_view, store


def scene(view: View, notes: Any = ()) -> Any:
    """Untyped, so that a test reads a part without asking first whether the side has one."""
    return scenes.scene(view, notes)


def model_of(run_id: str) -> Any:
    return load_run(run_id).model


VIEWS = [
    fashion_view(),
    fashion_view(image=17, right=GRADIENT, lang="zh"),
    fashion_view(left=AE, z=(0.5, -1.0), code=3),
    fashion_view(left=VAE16, right=VQ64),
    fashion_view(left=SPATIAL),
    fashion_view(left=GRADIENT, right=VAE),
    View(data="emoji", left=EMOJI_VAE, right=EMOJI_VQ, lang="zh"),
]


@pytest.mark.parametrize("view", VIEWS)
def test_equal_views_give_equal_scenes_that_are_plain_json(view):
    first = scene(view).to_json()
    assert json.loads(json.dumps(first, allow_nan=False)) == json.loads(json.dumps(scene(view).to_json()))
    assert len(json.dumps(first)) < 60_000  # it travels with each selection


@pytest.mark.parametrize("tab", TABS)
def test_plain_values_are_those_of_asdict(tab):
    shown = scene(fashion_view(tab=tab))
    assert json.dumps(shown.to_json()) == json.dumps(asdict(shown))


def pixels(picture):
    array = np.frombuffer(base64.b64decode(picture.pixels), np.uint8)
    return array.reshape(picture.height, picture.width, picture.channels)


@pytest.mark.parametrize(
    "view, name", [(fashion_view(image=17), "left"), (View(data="emoji", left=EMOJI_VAE, right=EMOJI_VQ), "right")]
)
def test_pictures_are_the_test_image_and_what_the_run_makes_of_it(view, name):
    images = load_image_set(view.data)
    original = images.batch(images.split("test")[view.image : view.image + 1])
    model = model_of(getattr(view, name))
    with torch.no_grad():
        latent = model.encode(original)
        decoded = model.decode(latent.mean if name == "left" else latent.indices)
    panel = scene(view).sides[name].panel
    assert np.array_equal(pixels(panel.original), (original[0].permute(1, 2, 0).numpy() * 255).round())
    expected = decoded[0].clamp(0, 1).permute(1, 2, 0).numpy() * 255
    assert np.abs(pixels(panel.reconstruction) - expected).max() < 0.51
    decibel = float(psnr(mse(original, decoded))[0])
    assert panel.facts[0].value == f"{decibel:.1f} dB"


def test_bits_of_a_vae_are_this_images_kl():
    view = fashion_view(image=5)
    images = load_image_set("fashion")
    with torch.no_grad():
        latent = model_of(VAE).encode(images.batch(images.split("test")[5:6]))
    mean, logvar = latent.mean.double(), latent.logvar.double()
    bits = float((0.5 * (mean**2 + logvar.exp() - 1 - logvar)).sum()) / np.log(2)
    side = scene(view).sides["left"]
    assert side.panel.facts[1].value == f"{bits:.1f}"
    assert "12.5 bits (n = 5,000)" in side.panel.facts[1].tip
    assert side.plane.selected.mean == pytest.approx(mean[0].tolist(), rel=1e-5)
    assert side.plane.selected.sigma == pytest.approx((0.5 * logvar).exp()[0].tolist(), rel=1e-5)


def test_bits_of_a_code_grid_and_its_vectors():
    side = scene(fashion_view()).sides["right"]
    assert side.panel.facts[1].value == "392"  # 49 codes of 8 bits
    assert side.panel.facts[2].value == "56 of 256"
    assert (side.plane.grid, side.plane.total, side.plane.count) == (7, 245_000, 10_000)
    codebook = model_of(EMA).quantizer.codebook.numpy()
    nearest = [((codebook - v) ** 2).sum(1).argmin() for v in np.array(side.plane.selected.vectors, np.float32)]
    assert nearest == list(side.plane.selected.indices)


@pytest.mark.parametrize(
    "run, name, mode",
    [
        (VAE, "left", "gaussian"),
        (AE, "left", "point"),
        (EMA, "right", "codes"),
        (VAE16, "left", "gaussian"),
        (VQ64, "right", "codes"),
        (SPATIAL, "left", "none"),
    ],
)
def test_what_is_drawn_follows_from_the_latent(run, name, mode):
    plane = scene(replace(fashion_view(), **{name: run})).sides[name].plane
    assert plane.mode == mode
    assert bool(plane.empty) == (mode == "none")
    assert bool(plane.points) == (mode != "none")


def test_more_than_two_numbers_are_projected_with_their_faithfulness():
    sides = scene(fashion_view(left=VAE16, right=VQ64)).sides
    for side in (sides["left"], sides["right"]):
        assert side.plane.projected
        assert "trustworthiness" in side.plane.caption
        assert "neighbours kept" in side.plane.caption
    assert "2 numbers per grid cell" in scene(fashion_view(left=SPATIAL)).sides["left"].plane.empty


def test_a_projection_places_the_selected_image_with_its_points():
    sides = scene(fashion_view(left=VAE16, right=VQ64)).sides
    latents = encoded.encoded_test(VAE16).mean
    assert latents is not None
    mean = latents.numpy()
    plane = pca_plane(mean)
    np.testing.assert_allclose(sides["left"].plane.selected.mean, plane.place(mean[:1])[0], rtol=1e-4, atol=1e-5)
    assert sides["left"].plane.selected.sigma == ()
    assert np.array(sides["right"].plane.selected.vectors).shape == (49, 2)


def test_places_of_projected_codes_travel_behind_the_hits():
    kind, key, name = (
        scene(fashion_view(right=VQ64)).sides["right"].plane.codebook.removeprefix(media.PREFIX + "/").split("/")
    )
    count, size = scene(fashion_view(right=VQ64)).sides["right"].plane.codes
    places = np.frombuffer(media.content(kind, key, name)[0], "<f4", offset=4 * count * (size + 1)).reshape(count, 2)
    run = catalog.run(VQ64)
    np.testing.assert_allclose(places, encoded.projected(run).plane.place(encoded.codebook(run).numpy()), atol=1e-5)


def test_a_run_of_the_wrong_kind_stands_in_a_chip_and_the_view_stays():
    shown = scene(fashion_view(left=GRADIENT, right=VAE))
    assert shown.view.left == GRADIENT
    assert shown.sides["left"].run == VAE
    assert shown.sides["left"].chips == (f"{GRADIENT} is no VAE or AE: {VAE} stands in on this tab",)
    assert shown.sides["right"].run == EMA
    assert shown.sides["right"].chips == (f"{VAE} is no VQ-VAE: {EMA} stands in on this tab",)


def test_lists_hold_the_runs_of_the_set_only():
    for data in ("fashion", "emoji"):
        bar = scene(default_view(data)).bar
        ids = [option.id for group in bar.runs for option in group.options]
        assert ids
        assert all(run_id.startswith(data) for run_id in ids)
        assert [group.kind for group in bar.runs] == (["vae", "ae", "vqvae"] if data == "fashion" else ["vae", "vqvae"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nobody_is_asked_to_move_over_a_plane_that_is_not_there(lang):
    words = scene(fashion_view(left=SPATIAL, lang=lang)).words
    assert (words.see, words.try_) == (text("latent.see.grid", lang, cells=49), text("latent.try.grid", lang))
    assert scene(fashion_view(lang=lang)).words.try_ == text("latent.try", lang)


def test_without_any_run_the_page_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    shown = scene(default_view())
    assert "python -m explorer train --model vae --data faces" in shown.sides["left"].empty
    assert "python -m explorer train --model vqvae --data faces" in shown.sides["right"].empty
    assert shown.sides["left"].plane is None


def test_a_damaged_run_leaves_a_sentence_in_its_place(tmp_path, monkeypatch):
    store(tmp_path, VAE, model="vae")
    store(tmp_path, EMA, model="vqvae")
    (tmp_path / VAE / "model.safetensors").write_bytes(b"x")
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    shown = scene(fashion_view(lang="zh"))
    assert "已损坏" in shown.sides["left"].empty
    assert shown.sides["right"].run == EMA


def test_notes_are_in_the_readers_language():
    note = ViewError("view_number", key="image", got="x", last=4999)
    assert scene(fashion_view(lang="zh"), [note]).notes == ("链接中 image=x，应为 0 到 4999 的整数：改为显示默认值",)


@pytest.mark.parametrize(
    "view, note",
    [
        (fashion_view(code=256), "this run has codes 0 to 255"),
        (fashion_view(z=(1.0, 2.0, 3.0)), "has 3 numbers, this run's latent has 2"),
    ],
)
def test_a_pin_that_does_not_fit_the_run_is_noted(view, note):
    shown = scene(view)
    assert len(shown.notes) == 1
    assert note in shown.notes[0]
    assert shown.sides["left"].z == ()
    assert shown.sides["right"].code is None


def test_the_strip_is_balanced_and_names_its_pictures():
    strip = scene(fashion_view(image=4999)).strip
    names = [thumb.name for thumb in strip.images]
    assert len(names) == 24
    assert {names.count(name) for name in set(names)} == {2, 3}
    assert 0 in [thumb.id for thumb in strip.images]
    assert strip.selected.id == 4999
    labels = load_image_set("fashion")
    first = strip.images[0]
    assert first.name == labels.class_names[labels.labels[labels.split("test")[first.id]]]


def test_emoji_have_captions_in_english():
    images = load_image_set("emoji")
    view = default_view("emoji")
    assert scene(view).strip.selected.name == images.captions[images.split("test")[view.image]]
    assert scene(replace(view, image=1, lang="zh")).strip.selected.name in {"符号", "旗帜", "物品", "表情与情感"}


def test_a_decoder_too_large_for_the_browser_stays_on_the_server(monkeypatch):
    monkeypatch.setattr("explorer.ui.computed.program.MAX_WORK", 1000)
    side = scene(fashion_view()).sides["left"]
    assert side.decoder is None
    assert "too large" in side.chips[0]


def test_a_place_on_a_pca_plane_can_be_decoded_and_one_on_a_plane_of_codes_cannot():
    sides = scene(fashion_view(left=VAE16, right=VQ64)).sides
    lift = sides["left"].plane.projection.lift
    plane = encoded.projected(catalog.run(VAE16)).plane
    lifted = np.array(lift.mean) + 0.5 * np.array(lift.axes[0]) - 2 * np.array(lift.axes[1])
    np.testing.assert_allclose(lifted, plane.lift(np.array([[0.5, -2]]))[0], atol=1e-4)
    assert "the pointer decodes" in sides["left"].plane.caption
    assert sides["right"].plane.projection.lift is None
    assert "not dragged" in sides["right"].plane.caption
    assert scene(fashion_view()).sides["left"].plane.projection is None


def test_without_a_umap_the_plane_stays_pca_and_says_what_was_wanted():
    projection = scene(fashion_view(left=VAE16, map="umap")).sides["left"].plane.projection
    assert (projection.method, projection.wanted, projection.umap) == ("pca", "umap", False)
    with pytest.raises(ViewError):
        media.address("umap-points", VAE16)
