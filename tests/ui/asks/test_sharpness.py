"""What the part on sharpness asks for, as plain functions."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import torch

from explorer.comparison import compare
from explorer.data import load_image_set
from explorer.metrics.blur import blurred
from explorer.models import CodeLatent
from explorer.runs import load_run
from explorer.ui import asks
from explorer.ui.asks import sharpness as asked
from explorer.ui.measured import measured

VAE, CODES, EMOJI = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "emoji-vae-z2-s0"
PAIR = {"left": VAE, "right": CODES}


def pixels_of(picture):
    flat = np.frombuffer(base64.b64decode(picture["pixels"]), np.uint8)
    return flat.reshape(picture["height"], picture["width"], picture["channels"])


@pytest.fixture
def answer():
    return asks.answer("sharpness", PAIR)


def test_the_headline_says_what_compare_measures(answer):
    numbers = compare(load_run(VAE), load_run(CODES), load_image_set("fashion"))
    blur = numbers["measures"]["sigma_eq_px"]
    assert answer["numbers"] == json.loads(json.dumps(numbers))
    assert f"blurred by {blur['mean'][0]:.2f} px" in answer["headline"]
    assert f"{blur['difference']['low']:+.2f}".replace("-", "−") in answer["headline"]
    assert "test images only" in answer["scope"]


def test_figures_are_json(answer):
    assert {trace["type"] for trace in answer["detail"]["data"]} == {"scatter"}
    assert answer["differences"]["data"][0]["type"] == "bar"
    json.dumps(answer, allow_nan=False)


def test_orders_put_the_most_telling_first(answer):
    left, right = (measured(load_run(name)) for name in (VAE, CODES))
    error = 10 ** (-left["psnr_db"] / 10)
    assert answer["orders"]["left"][0] == int(error.argmax())
    gain = left["sigma_eq_px"] - right["sigma_eq_px"]
    listed = gain[answer["orders"]["gain"]]
    assert (np.diff(listed) <= 0).all()
    assert listed[0] == np.nanmax(gain)


def test_a_flat_image_is_never_the_most_telling():
    values = {"psnr_db": np.array([10.0, 20, 30]), "sigma_eq_px": np.array([np.nan, 1.0, 2.0])}
    sharp = values | {"sigma_eq_px": np.array([0.5, 0.5, 0.5])}
    assert asked.orders([values, sharp])["gain"] == [2, 1, 0]


def test_the_guard_warns_and_says_where():
    run = load_run(VAE)
    found = run.report["sharpness"]
    assert asked.guard_warning(run, "en") == ""
    run.report["sharpness"] = found | {"excess_detail": 0.5, "excess_frequency": 0.71}
    try:
        assert "0.50 at 0.71" in asked.guard_warning(run, "en")
        assert "0.50" in asked.guard_warning(run, "zh")
    finally:
        run.report["sharpness"] = found


@pytest.mark.parametrize("image", [0, 4999])
def test_a_closer_look_is_what_the_models_give(image):
    found = asks.answer("closer", PAIR | {"image": image})
    image_set = load_image_set("fashion")
    x = image_set.images[image_set.split("test")][image : image + 1].float() / 255
    model = load_run(CODES).model
    latent = model.encode(x)
    assert isinstance(latent, CodeLatent)
    expected = model.decode(latent.indices).clamp(0, 1)
    assert np.array_equal(pixels_of(found["pictures"]["right"])[:, :, 0], (expected[0, 0] * 255).round().byte())
    sigma = float(measured(load_run(VAE))["sigma_eq_px"][image])
    soft = (blurred(x, sigma).clamp(0, 1)[0, 0] * 255).round().byte()
    assert np.array_equal(pixels_of(found["pictures"]["blur_left"])[:, :, 0], soft)
    assert f"{sigma:.2f} px" in found["notes"][0]


def test_a_picture_of_ones_own_goes_through_both():
    mine = (torch.rand(28, 28, 1, generator=torch.Generator().manual_seed(0)) * 255).byte().numpy()
    found = asks.answer("closer", PAIR | {"pixels": base64.b64encode(mine.tobytes()).decode()})
    assert found["own"]
    assert np.array_equal(pixels_of(found["pictures"]["original"]), mine)


@pytest.mark.parametrize(
    "name, question, code",
    [
        ("closer", PAIR | {"image": 5000}, "ask_parameter"),
        ("closer", PAIR | {"pixels": "not base64!"}, "ask_pixels"),
        ("closer", PAIR | {"pixels": base64.b64encode(bytes(783)).decode()}, "ask_pixels"),
        ("closer", PAIR | {"pixels": "A" * 10_000}, "ask_parameter"),
        ("closer", {"left": VAE, "right": EMOJI, "image": 0}, "ask_parameter"),
        ("sharpness", {"left": VAE}, "ask_parameter"),
        ("sharpness", {"left": VAE, "right": EMOJI}, "runs_of_other_sets"),
        ("sharpness", PAIR | {"measure": "beauty"}, "ask_parameter"),
        ("rate_distortion", {"data": "mars"}, "ask_parameter"),
        ("rate_distortion", {"data": "fashion", "quality": "beauty"}, "ask_parameter"),
        ("thumbs", {"data": "fashion", "count": 61, "images": list(range(61))}, "ask_parameter"),
        ("thumbs", {"data": "fashion", "count": 2, "images": [0, 5000]}, "ask_parameter"),
    ],
)
def test_what_cannot_be_answered(name, question, code):
    answer = asks.answer(name, question)
    assert (answer["ok"], answer["code"]) == (False, code)


def test_every_rated_run_is_on_the_plane_with_what_it_costs():
    found = asks.answer("rate_distortion", {"data": "fashion", "quality": "sigma_eq_px", **PAIR})
    points = [trace for trace in found["figure"]["data"] if trace.get("customdata")]
    placed: dict[str, set[float]] = {}
    for trace in points:
        for run, x in zip(trace["customdata"], _numbers(trace["x"]), strict=True):
            placed.setdefault(run, set()).add(round(x, 3))
    assert placed[VAE] == {round(bits, 3) for bits in load_run(VAE).report["rate_bits"].values()}
    assert placed[CODES] == {round(bits, 3) for bits in load_run(CODES).report["rate_bits"].values()}
    assert found["left_out"] == ""
    assert "measure: 7." in asks.answer("rate_distortion", {"data": "fashion", "quality": "mtf50"})["left_out"]


def _numbers(values):
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return values


def test_thumbs_are_the_test_images():
    found = asks.answer("thumbs", {"data": "emoji", "count": 2, "images": [5, 0]})
    image_set = load_image_set("emoji")
    expected = image_set.images[image_set.split("test")][[5, 0]].permute(0, 2, 3, 1).numpy()
    assert np.frombuffer(base64.b64decode(found["pixels"]), np.uint8).tobytes() == expected.tobytes()
    assert len(found["names"]) == 2
