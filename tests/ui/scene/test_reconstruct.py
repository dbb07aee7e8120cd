"""What the tab Reconstruct says, against the metrics on pictures decoded here."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.errors import ExplorerError, ViewError
from explorer.metrics.reconstruction import mse, psnr, ssim
from explorer.runs import load_run
from explorer.ui.computed.strip import strip_by_rounds, strip_images
from explorer.ui.media import media
from explorer.ui.scene import reconstruct, scene
from explorer.ui.scene.rates import banner_of
from explorer.ui.view import View, default_view, from_query
from tests.ui.conftest import AE, EMA, EMOJI_VAE, EMOJI_VQ, GRADIENT, SPATIAL, VAE, VAE16, VQ64, fashion_view

OPEN = fashion_view(tab="reconstruct")
VIEWS = [
    OPEN,
    replace(OPEN, image=4999, left=AE, lang="zh"),
    replace(OPEN, left=SPATIAL, right=VQ64),
    replace(OPEN, left=VAE16, right=GRADIENT),
    replace(OPEN, left=EMA, right=VAE),
    replace(OPEN, data="emoji", left=EMOJI_VAE, right=EMOJI_VQ, image=7),
]


def shown(view: View) -> Any:
    return scene(view).reconstruct


def by_hand(run_id: str, data: str, image: int) -> tuple[Any, Any, Any]:
    """Original, reconstruction and latent of one image, through the model alone."""
    model: Any = load_run(run_id).model
    images = load_image_set(data)
    original = images.batch(images.split("test")[image : image + 1])
    with torch.no_grad():
        latent = model.encode(original)
        decoded = model.decode(getattr(latent, "indices", getattr(latent, "mean", getattr(latent, "z", None))))
    return original, decoded, latent


@pytest.mark.parametrize("view", VIEWS)
def test_equal_views_give_equal_plain_json(view):
    first = scene(view).to_json()
    assert json.loads(json.dumps(first, allow_nan=False)) == json.loads(json.dumps(scene(view).to_json()))
    assert len(json.dumps(first)) < 60_000


def test_it_travels_only_while_its_tab_is_open():
    assert scene(fashion_view()).reconstruct is None
    assert shown(OPEN) is not None


@pytest.mark.parametrize("view", VIEWS)
def test_numbers_are_the_metrics_of_the_decoded_pictures(view):
    gallery = shown(view)
    for column, place in ((gallery.columns[0], 0), (gallery.columns[-1], -1)):
        for name in ("left", "right"):
            original, decoded, _ = by_hand(getattr(view, name), view.data, column.thumb.id)
            measured = gallery.rows[name].measured[place]
            assert float(measured.psnr) == pytest.approx(float(psnr(mse(original, decoded))[0]), abs=0.0501)
            assert float(measured.ssim.replace("−", "-")) == pytest.approx(float(ssim(original, decoded)[0]), abs=6e-4)


def test_bits_are_this_images_kl_or_the_grids_uniform_count():
    gallery = shown(OPEN)
    exact = reconstruct.fidelity(load_run(VAE), tuple(column.thumb.id for column in gallery.columns)).bits
    for column, bits, left in zip(gallery.columns, exact, gallery.rows["left"].measured, strict=True):
        _, _, latent = by_hand(VAE, "fashion", column.thumb.id)
        mean, logvar = latent.mean.double(), latent.logvar.double()
        expected = float((0.5 * (mean**2 + logvar.exp() - 1 - logvar)).sum()) / np.log(2)
        assert bits == pytest.approx(expected, rel=1e-3, abs=1e-6)
        assert left.bits == f"{bits:.1f}"
    assert {measured.bits for measured in gallery.rows["right"].measured} == {"392"}  # 49 codes of 8 bits
    assert "174 bits, mean of the test split" in gallery.rows["right"].bits_tip


def test_an_ae_has_no_bits_and_the_page_says_so():
    gallery = shown(replace(OPEN, left=AE))
    assert {measured.bits for measured in gallery.rows["left"].measured} == {""}
    assert gallery.banner.startswith("An AE has no bit count")
    assert not gallery.apart
    assert "no bit count" in gallery.rows["left"].pooled


def test_the_banner_holds_both_counts_and_names_the_side_with_more_room():
    gallery = shown(OPEN)
    assert gallery.banner.startswith(
        "11.5 against 174 bits per image (both under priors fitted position by position; no learned prior yet: "
        f"{VAE}, {EMA}): the right picture was given 15 times the room"
    )
    assert gallery.apart
    swapped = shown(replace(OPEN, left=EMA, right=VAE))
    assert "174 against 11.5 bits" in swapped.banner
    assert "the left picture was given 15 times" in swapped.banner
    twins = shown(replace(OPEN, left=EMA, right=GRADIENT))
    assert "about the same room" in twins.banner
    assert not twins.apart


def test_a_rate_that_no_report_gives_leaves_no_banner():
    bare: Any = [replace(load_run(name), report={}) for name in (VAE, EMA)]
    assert banner_of({"left": bare[0], "right": bare[1]}, "en") == ("", False)


def test_pooled_figures_are_those_of_the_report():
    rows = shown(OPEN).rows
    assert "n = 5,000" in rows["left"].pooled
    assert (
        "12.5 bits under N(0, I), 11.5 under fitted Gaussians. With the posterior mean: 15.26 dB" in rows["left"].pooled
    )
    assert "392 bits uniform, 174 with a histogram" in rows["right"].pooled


def test_columns_are_the_strips_images_one_of_each_class_first():
    columns = shown(OPEN).columns
    assert sorted(column.thumb.id for column in columns) == sorted(strip_images("fashion"))
    assert [strip_images("fashion")[column.place] for column in columns] == list(strip_by_rounds("fashion"))
    assert len({column.thumb.name for column in columns[:10]}) == 10


def test_an_image_outside_of_the_strip_leads():
    columns = shown(replace(OPEN, image=4999)).columns
    assert len(columns) == 25
    assert (columns[0].thumb.id, columns[0].place) == (4999, None)


def test_numbers_are_measured_once(monkeypatch):
    reconstruct._fidelity.cache_clear()
    calls: list[int] = []

    def counted(originals: torch.Tensor, pictures: torch.Tensor) -> torch.Tensor:
        calls.append(len(originals))
        return ssim(originals, pictures)

    monkeypatch.setattr(reconstruct, "ssim", counted)
    for image in (0, 4999, strip_images("fashion")[3], 0):
        shown(replace(OPEN, image=image))
    assert sorted(calls) == [1, 1, 24, 24]


@pytest.mark.parametrize("run_id", [VAE, AE, VAE16, SPATIAL, EMA, VQ64, EMOJI_VQ])
def test_the_latents_that_travel_decode_to_the_pictures(run_id):
    run: Any = load_run(run_id)
    strip = strip_images(run.config.data)
    _, key, name = media.address("latents", run_id).rsplit("/", 2)
    body, _ = media.content("latents", key, name)
    grid = run.model.shape.grid
    if run.config.is_vq:
        codes = torch.from_numpy(np.frombuffer(body, "<u4").astype(np.int64)).view(len(strip), grid, grid)
    else:
        codes = torch.from_numpy(np.frombuffer(body, "<f4").copy()).view(len(strip), -1)
        if run.config.spatial:
            codes = codes.view(len(strip), grid, grid, -1).permute(0, 3, 1, 2)
    with torch.no_grad():
        pictures = run.model.decode(codes)
    _, decoded, _ = by_hand(run_id, run.config.data, strip[5])
    assert torch.allclose(pictures[5], decoded[0], atol=1e-4)


def test_a_decoder_too_large_for_the_browser_sends_its_pixels(monkeypatch):
    monkeypatch.setattr("explorer.ui.computed.program.MAX_WORK", 1000)
    row = shown(OPEN).rows["left"]
    assert row.format == "pixels"
    _, kind, key, name = row.source.rsplit("/", 3)
    pixels = np.frombuffer(media.content(kind, key, name)[0], np.uint8).reshape(24, 28, 28, 1)
    _, decoded, _ = by_hand(VAE, "fashion", strip_images("fashion")[2])
    assert np.abs(pixels[2, :, :, 0] - decoded[0, 0].clamp(0, 1).numpy() * 255).max() < 0.51


def test_foreign_ids_fall_back_or_are_refused():
    view, notes = from_query({"tab": "reconstruct", "left": "../secrets", "image": "5000"})
    assert (view, len(notes)) == (OPEN, 2)
    assert len(shown(view).columns) == 24
    for name in ("unknown", "../x", "fashion-vae-z2-s0.png"):
        with pytest.raises(ViewError):
            media.content("latents", "0" * 16, name)
        with pytest.raises(ExplorerError):
            media.address("latents", name)


def test_each_side_takes_any_run_here_and_its_own_kinds_on_latent():
    view = replace(OPEN, left=GRADIENT, right=VAE)
    assert (scene(view).sides["left"].run, scene(view).sides["right"].run) == (GRADIENT, VAE)
    assert scene(view).sides["left"].chips == ()
    assert scene(replace(view, tab="latent")).sides["left"].run == VAE


def test_a_side_without_a_run_leaves_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    gallery = shown(replace(default_view(), tab="reconstruct"))
    assert gallery.rows == {}
    assert "python -m explorer train" in gallery.empty["left"]
    assert gallery.banner == ""


def test_chinese_says_the_same():
    gallery = shown(replace(OPEN, lang="zh"))
    assert gallery.banner.startswith("每张图 11.5 对 174 比特（两边都按逐位置拟合的先验；还没有学到的先验：")
    assert gallery.rows["left"].decoded == "由后验均值解码"
    assert gallery.words["page"] == "第 {first}–{last} 张，共 {total} 张"
