"""Heavy things by address, through real routes."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.data import load_image_set
from explorer.errors import ViewError
from explorer.latent.encode import encode_images
from explorer.metrics.codebook import codebook_health
from explorer.runs import load_run
from explorer.ui.computed.encoded import codebook, drawn_vectors
from explorer.ui.computed.strip import strip_images
from explorer.ui.http.routes import asset_address, routes
from explorer.ui.media import media
from explorer.ui.scene import scene
from explorer.ui.view import default_view
from tests.ui.conftest import AE, EMA, GRADIENT, SPATIAL, VAE, fashion_view


def latents_of(run_id: str) -> Any:
    images = load_image_set("fashion")
    return encode_images(load_run(run_id).model, images.images[images.split("test")])


@pytest.fixture
def client():
    with TestClient(Starlette(routes=routes())) as client:
        yield client


def get(client, kind, name):
    response = client.get("/" + media.address(kind, name))
    assert response.status_code == 200
    return response


def test_points_are_the_posterior_means_of_all_test_images(client):
    body = get(client, "points", VAE).content
    xy = np.frombuffer(body, "<f2", 10_000).reshape(5000, 2)
    images = load_image_set("fashion")
    expected = latents_of(VAE).mean.numpy()
    assert np.abs(xy - expected).max() <= np.abs(expected).max() / 1024
    assert np.array_equal(np.frombuffer(body, np.uint8, offset=20_000), images.labels[images.split("test")].numpy())


def test_points_of_a_codebook_are_a_fixed_sample_with_the_class_of_their_image(client):
    body = get(client, "points", EMA).content
    xy = np.frombuffer(body, "<f2", 20_000).reshape(10_000, 2)
    images = load_image_set("fashion")
    z_e = latents_of(EMA).z_e.reshape(-1, 2)
    drawn = drawn_vectors(245_000)
    assert len(set(drawn.tolist())) == 10_000
    assert np.abs(xy - z_e[drawn].numpy()).max() < 0.01
    assert np.array_equal(
        np.frombuffer(body, np.uint8, offset=40_000), images.labels[images.split("test")[drawn // 49]].numpy()
    )


def test_a_small_split_is_drawn_whole():
    assert drawn_vectors(336).tolist() == list(range(336))


def test_a_codebook_comes_with_its_hits_over_the_whole_split(client):
    body = get(client, "codebook", EMA).content
    indices = latents_of(EMA).indices
    assert np.array_equal(np.frombuffer(body, "<f4", 512), codebook(load_run(EMA)).flatten().numpy())
    hits = np.frombuffer(body, "<u4", offset=2048)
    assert np.array_equal(hits, codebook_health(indices, 256).counts.numpy())
    assert hits.sum() == 245_000


def test_weights_are_halves_in_the_number_the_program_names(client):
    for run_id, side in ((VAE, "left"), (EMA, "right")):
        decoder = scene(fashion_view()).sides[side].decoder
        assert decoder is not None
        body = client.get("/" + decoder.weights).content
        assert len(body) == 2 * decoder.program["numbers"]
        total = sum(p.double().sum() for p in load_run(run_id).model.decoder.parameters())
        assert np.frombuffer(body, "<f2").astype(float).sum() == pytest.approx(float(total), abs=0.05)


def test_pictures_are_the_test_images_themselves(client):
    images = load_image_set("emoji")
    picture = Image.open(io.BytesIO(get(client, "image", "emoji-3.png").content))
    expected = images.images[images.split("test")[3]].permute(1, 2, 0).numpy()
    assert np.array_equal(np.asarray(picture), expected)
    sheet = np.asarray(Image.open(io.BytesIO(get(client, "sheet", "fashion.png").content)))
    assert sheet.shape == (28, 24 * 28)
    third = load_image_set("fashion")
    assert np.array_equal(sheet[:, 56:84], third.images[third.split("test")[strip_images("fashion")[2]], 0].numpy())


def test_thumbnails_are_the_first_test_images_row_by_row(client):
    for data, count in (("fashion", 2000), ("emoji", 336)):
        left: Any = scene(default_view(data)).sides["left"]
        thumbs = left.plane.thumbs
        assert (thumbs.count, thumbs.columns) == (count, 50)
        drawn = np.asarray(Image.open(io.BytesIO(client.get("/" + thumbs.address).content)))
        images = load_image_set(data)
        last = images.images[images.split("test")[count - 1]].permute(1, 2, 0).squeeze(2).numpy()
        row, column = divmod(count - 1, thumbs.columns)
        size = thumbs.size
        tile = drawn[row * size : (row + 1) * size, column * size : (column + 1) * size]
        assert np.array_equal(tile, last)


def test_a_browser_may_keep_them_for_ever(client):
    for response in (get(client, "points", VAE), client.get("/" + asset_address("core/store.js"))):
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/" + asset_address("core/store.js")).headers["content-type"].startswith("text/javascript")
    assert get(client, "sheet", "fashion.png").headers["content-type"] == "image/png"


def test_what_was_sent_is_sent_again_unless_it_is_ones_own(client, monkeypatch):
    address = "/" + media.address("points", VAE)
    first = [client.get(address, headers={"accept-encoding": coding}) for coding in ("gzip", "identity")]
    monkeypatch.setattr(media, "known", None)  # nobody is asked any more
    again = [client.get(address, headers={"accept-encoding": coding}) for coding in ("gzip", "identity")]
    assert [(a.content, a.headers) for a in first] == [(a.content, a.headers) for a in again]
    monkeypatch.undo()
    monkeypatch.setattr(media, "known", lambda kind, key, name: (b"secret", "application/octet-stream"))
    own = "/explorer/media/points/key/fashion-vae-0123456789ab"
    assert client.get(own).headers["cache-control"].startswith("private")
    monkeypatch.setattr(media, "known", lambda kind, key, name: (b"tomorrow", "application/octet-stream"))
    assert client.get(own).content == b"tomorrow"


def test_addresses_are_found_wherever_they_stand():
    shown = {"a": [f"{media.PREFIX}/x/1/n"], "b": ({"c": f"{media.PREFIX}/y/2/n"}, "see explorer/media/z", None, 3)}
    assert list(media.addresses_in(shown)) == [f"{media.PREFIX}/x/1/n", f"{media.PREFIX}/y/2/n"]


def test_compressed_only_for_those_who_ask(client):
    address = "/" + media.address("decoder", VAE)
    plain = client.get(address, headers={"accept-encoding": "identity"})
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content


def test_addresses_name_their_content():
    """Other weights, other address; same weights, same address."""
    assert media.address("decoder", EMA) == media.address("decoder", EMA)
    keys = {media.address("decoder", name).split("/")[-2] for name in (VAE, EMA, GRADIENT, AE)}
    assert len(keys) == 4


def test_a_changed_source_is_a_changed_address(monkeypatch):
    before = media.address("points", VAE)
    monkeypatch.setattr(media, "_source_stamp", lambda: "other")
    assert media.address("points", VAE) != before


UNKNOWN = [
    "/explorer/media/points/{key}/nope",
    "/explorer/media/points/0000000000000000/" + VAE,
    "/explorer/media/points/{key}/" + AE,
    "/explorer/media/secrets/{key}/" + VAE,
    "/explorer/media/points/{key}/..%2f..%2fetc%2fpasswd",
    "/explorer/media/points/{key}/%00",
    "/explorer/media/points/{key}/" + "a" * 5000,
    "/explorer/media/image/{key}/fashion-5000.png",
    "/explorer/media/image/{key}/fashion-007.png",
    "/explorer/media/image/{key}/fashion--1.png",
    "/explorer/media/sheet/{key}/none.png",
    "/explorer/assets/0000000000000000/store.js",
    "/explorer/assets/{asset}/../app.py",
    "/explorer/assets/{asset}/%2e%2e/media.py",
    "/explorer/assets/{asset}/store.py",
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_does_not_belong_together_is_not_found(client, path):
    key = media.address("points", VAE).split("/")[-2]
    asset = asset_address("core/store.js").split("/")[-2]
    assert client.get(path.format(key=key, asset=asset)).status_code == 404


@pytest.mark.parametrize("kind, name", [("points", SPATIAL), ("codebook", VAE)])
def test_what_a_run_does_not_have_has_no_address(kind, name):
    with pytest.raises(ViewError):
        media.address(kind, name)


def test_reading_is_all_one_can_do(client):
    address = "/" + media.address("points", VAE)
    for method in ("post", "put", "delete", "patch"):
        assert getattr(client, method)(address).status_code == 405


def test_every_import_between_scripts_names_a_script(client):
    base = asset_address("").rstrip("/")
    for name in (
        "store.js",
        "bar.js",
        "strip.js",
        "words.js",
        "legend.js",
        "side.js",
        "bridge.js",
        "plane/plane.js",
        "panel.js",
    ):
        script = client.get(f"/{base}/{name}").text
        for imported in re.findall(r'from "(\.[^"]+)"', script):
            folder = name.rpartition("/")[0]
            path = imported.removeprefix("./") if not imported.startswith("../") else imported[3:]
            full = f"{folder}/{path}" if folder and imported.startswith("./") else path
            assert client.get(f"/{base}/{full}").status_code == 200, (name, imported)
