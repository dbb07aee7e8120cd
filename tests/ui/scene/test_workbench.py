"""The workbench's part of the scene, and its atlas."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.errors import ViewError
from explorer.latent.atlas import commonest_neighbours, mean_patches
from explorer.ui.computed import catalog, encoded
from explorer.ui.media import media
from explorer.ui.scene import scene, workbench
from explorer.ui.text.workbench import WORKBENCH
from explorer.ui.view import View
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, GRADIENT, SPATIAL, VAE, VAE16, VQ64, fashion_view

EMOJI = View(data="emoji", left=EMOJI_VAE, right=EMOJI_VQ)
VIEWS = [
    fashion_view(),
    fashion_view(image=4999, image_b=3, left=AE, right=GRADIENT, lang="zh"),
    fashion_view(left=SPATIAL, right=VQ64),
    fashion_view(left=VAE16, image_b=0),
    replace(EMOJI, image=64, image_b=158),
]


def bench(view: View) -> Any:
    return scene(view).workbench


@pytest.mark.parametrize("view", VIEWS)
def test_equal_views_give_equal_plain_json(view):
    first = scene(view).to_json()["workbench"]
    assert json.loads(json.dumps(first, allow_nan=False)) == json.loads(json.dumps(scene(view).to_json()["workbench"]))
    assert first["words"].keys() == WORKBENCH.keys()


def test_it_travels_only_while_its_tab_is_open(tmp_path, monkeypatch):
    assert bench(fashion_view(tab="reconstruct")) is None
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    assert bench(fashion_view()) is None


@pytest.mark.parametrize("left, units, numbers", [(VAE, 2, 2), (AE, 2, 2), (VAE16, 2, 2), (SPATIAL, 2, 98)])
def test_the_left_latent_decodes_to_the_left_reconstruction(left, units, numbers):
    if left == VAE16:
        units = numbers = 16
    shown = bench(fashion_view(left=left, image=7))
    assert (len(shown.units), len(shown.latent)) == (units, numbers)
    run = catalog.run(left)
    z = torch.tensor(shown.latent)[None]
    if run.config.spatial:
        z = z.view(1, 7, 7, 2).permute(0, 3, 1, 2)
    with torch.no_grad():
        decoded = run.model.decode(z)[0]
    assert torch.allclose(decoded, encoded.single(run, 7).reconstruction, atol=1e-4)
    assert (shown.left_field is None) == (left != SPATIAL)


def test_a_code_reaches_eleven_pixels_back_and_fourteen_on():
    assert bench(fashion_view()).field == {"step": 4, "before": 11, "after": 14}


def test_the_second_image_brings_its_codes():
    other = bench(fashion_view(image_b=5)).other
    assert other.id == 5
    expected = encoded.encoded_test(EMA).indices
    assert expected is not None
    assert list(other.indices) == expected[5].flatten().tolist()
    _, kind, key, name = other.picture.rsplit("/", 3)
    assert media.content(kind, key, name)[1] == "image/png"
    assert bench(fashion_view()).other is None


def test_the_swap_is_a_cat_and_a_dog():
    found = workbench.swap("fashion")
    assert found is not None
    assert (found["word"], found["rect"][3]) == ("workbench.swap", 3 / 8)
    images = load_image_set("emoji")
    names = [images.captions[int(images.split("test")[found[key]])] for key in ("image", "image_b")]
    assert names == ["cat face", "dog face"]


def test_the_swap_of_faces_puts_glasses_on():
    found = workbench.swap("faces")
    assert found is not None
    faces = load_image_set("faces")
    glasses = faces.factors["glasses"]
    ids = faces.split("test")[[found["image"], found["image_b"]]]
    assert [glasses.names[value] for value in glasses.values[ids].tolist()] == ["none", "glasses"]
    x, y, wide, high = (8 * share for share in found["rect"])
    assert (x, y, x + wide, y + high) == (1, 2, 7, 5)


@pytest.mark.parametrize("run_id", [EMA, VQ64, EMOJI_VQ])
def test_the_atlas_is_what_the_whole_test_set_says(run_id):
    run = catalog.run(run_id)
    _, kind, key, name = media.address("atlas", run_id).rsplit("/", 3)
    body, _ = media.content(kind, key, name)
    indices = encoded.encoded_test(run_id).indices
    assert indices is not None
    count, grid = run.config.num_embeddings, indices.shape[1]
    grids = np.frombuffer(body, "<u2", count * grid**2).reshape(count, grid, grid)
    assert np.array_equal(grids, commonest_neighbours(indices, count).numpy())
    patches = np.frombuffer(body, np.uint8, offset=2 * count * grid**2)
    expected = mean_patches(encoded.test_images(run.config.data), indices, count).permute(0, 2, 3, 1).numpy()
    used = ~np.isnan(expected)
    assert patches.size == expected.size
    assert np.abs(patches.reshape(expected.shape)[used] - 255 * expected[used]).max() <= 0.501


def test_a_codebook_too_large_has_no_atlas_and_no_vae_has_one(monkeypatch):
    monkeypatch.setattr("explorer.ui.computed.atlas.MOST_CODES", 300)
    monkeypatch.setattr("explorer.ui.scene.workbench.MOST_CODES", 300)
    assert bench(fashion_view(right=VQ64)).atlas == ""
    assert bench(fashion_view()).atlas != ""
    for run_id in (VQ64, VAE):
        with pytest.raises(ViewError):
            media.address("atlas", run_id)
