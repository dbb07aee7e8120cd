"""What the part on sharpness asks for, as plain functions."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.metrics.blur import blurred
from explorer.models import CodeLatent
from explorer.reports.comparison import compare
from explorer.runs import list_runs, load_run, update_run
from explorer.runs.reading import forget_runs
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.computed.measured import measured
from explorer.ui.questions import sharpness as asked
from explorer.ui.scene.rates import banner_of
from explorer.ui.scene.sharpness import digits_of
from tests.ui.conftest import REPORT, store

VAE, CODES, EMOJI = "fashion-vae-z2-s0", "fashion-vqvae-d2-k256-ema-s0", "emoji-vae-z2-s0"
PAIR = {"left": VAE, "right": CODES}


def pixels_of(picture):
    flat = np.frombuffer(base64.b64decode(picture["pixels"]), np.uint8)
    return flat.reshape(picture["height"], picture["width"], picture["channels"])


@pytest.fixture
def answer():
    return questions.answer("sharpness", PAIR)


def test_the_headline_says_what_compare_measures(answer):
    others = [load_run(info.id) for info in list_runs()]
    numbers = compare(load_run(VAE), load_run(CODES), load_image_set("fashion"), others)
    blur = numbers["measures"]["sigma_eq_px"]
    assert answer["numbers"] == json.loads(json.dumps(numbers))
    assert f"blurred by {blur['mean'][0]:.2f} px" in answer["headline"]
    assert f"{blur['difference']['low']:+.2f}".replace("-", "−") in answer["headline"]
    assert "test images only" in answer["scope"]


def test_a_single_training_says_what_its_interval_covers(answer):
    assert "1 training run: the interval covers test images only" in answer["scope"]
    assert answer["seeds"] is None


@pytest.fixture
def seeds(runs, tmp_path, monkeypatch):
    """A VQ-VAE and the spatial VAE that costs as much, three seeds of each, and what they cost."""
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    store(tmp_path, VAE, model="vae")
    for seed in range(3):
        made = store(tmp_path, f"fashion-vae-z2-spatial-s{seed}", model="vae", spatial=True, seed=seed, trace="scalars")
        update_run(made, report=REPORT | {"rates": {"fixed": 330.0, "simple": 240.0, "learned": 204.0 + seed}})
        name = CODES.replace("s0", f"s{seed}")
        made = store(tmp_path, name, model="vqvae", seed=seed, trace="scalars" if seed else "full")
        update_run(made, report=REPORT | {"rates": RATES})


RATES = {"fixed": 392.0, "simple": 305.0, "learned": 200.0}
MATCHED = {"left": "fashion-vae-z2-spatial-s0", "right": CODES}


@pytest.mark.usefixtures("seeds")
def test_the_matched_pair_is_one_click_away_and_names_its_rates():
    classic = questions.answer("sharpness", PAIR)
    assert classic["headline"].startswith(
        "Rates that nobody can call matched, 11.5 bits against 305 bits under priors fitted position by position"
    )
    assert f"{VAE} has no learned prior yet (python -m explorer train-prior {VAE})" in classic["headline"]
    assert [(pair["name"], pair["left"], pair["right"]) for pair in classic["pairs"]] == [
        ("matched", MATCHED["left"], MATCHED["right"])
    ]
    assert "2.0 % apart" in classic["pairs"][0]["label"]
    matched = questions.answer("sharpness", MATCHED)
    assert matched["headline"].startswith(
        "Matched rates under learned priors, 204 bits against 200 bits, 2.0 % apart: VAE 2 × grid"
    )
    assert [pair["name"] for pair in matched["pairs"]] == ["classic"]
    other = questions.answer("sharpness", MATCHED | {"right": CODES.replace("s0", "s1")})
    assert [pair["left"] for pair in other["pairs"] if pair["name"] == "matched"] == ["fashion-vae-z2-spatial-s1"]


@pytest.mark.usefixtures("seeds")
@pytest.mark.parametrize("lang, said", [("en", "no learned prior yet"), ("zh", "还没有学到的先验")])
def test_a_rate_is_compared_with_one_of_its_own_rung_or_the_page_says_why_not(lang: str, said: str):
    """A prior that was learned for one side alone is an advantage of that side."""
    pairs = [
        PAIR,
        {"left": VAE, "right": MATCHED["left"]},
        MATCHED,
        {"left": CODES, "right": CODES.replace("s0", "s1")},
    ]
    headlines = [questions.answer("sharpness", pair | {"lang": lang})["headline"] for pair in pairs]
    assert [said in headline for headline in headlines] == [True, True, False, False]
    banners = [banner_of({side: catalog.run(run) for side, run in pair.items()}, lang)[0] for pair in pairs]
    assert [said in banner for banner in banners] == [True, True, False, False]


@pytest.mark.usefixtures("seeds")
def test_seeds_are_dots_and_differences_one_by_one():
    found = questions.answer("sharpness", MATCHED | {"measure": "psnr_db"})
    dots = [trace for trace in found["seeds"]["figure"]["data"] if trace["mode"] == "markers"]
    for trace, stem in zip(dots, (MATCHED["left"], MATCHED["right"]), strict=True):
        ids = [stem.replace("s0", f"s{seed}") for seed in range(3)]
        assert trace["y"] == ["seed 0", "seed 1", "seed 2"]
        assert _numbers(trace["x"]) == [pytest.approx(measured(load_run(name))["psnr_db"].mean()) for name in ids]
    for pair in found["numbers"]["by_seed"]["differences"]:
        left, right = (measured(load_run(name))["psnr_db"] for name in pair["runs"])
        assert pair["measures"]["psnr_db"]["mean"] == pytest.approx((right - left).mean())
        assert f"seed {pair['seed']}: " + f"{(right - left).mean():+.2f}".replace("-", "−") in found["seeds"]["summary"]
    assert found["scope"].startswith("3 and 3 training runs")
    alone = questions.answer("sharpness", {"left": VAE, "right": CODES})
    assert "VAE z = 2 is 1 training run: the interval covers test images only" in alone["scope"]
    assert len(alone["numbers"]["by_seed"]["differences"]) == 1


@pytest.mark.usefixtures("seeds")
def test_the_plane_joins_what_differs_in_one_setting_and_keeps_every_seed():
    found = questions.answer("rate_distortion", {"data": "fashion", "quality": "sigma_eq_mean_px", **MATCHED})
    ids = {name for trace in found["figure"]["data"] for name in trace.get("customdata", ())}
    assert len(ids) == 7
    assert {row["run"] for row in found["numbers"]["runs"]} == ids
    row = next(row for row in found["numbers"]["runs"] if row["run"] == MATCHED["right"])
    assert (row["n"], row["seed"], row["rates"]) == (5000, 0, RATES)
    assert {"rates", "psnr_db", "ssim", "sigma_eq_mean_px", "mtf50"} == found["numbers"]["definitions"].keys()


@pytest.mark.usefixtures("seeds")
def test_a_damaged_run_takes_nothing_from_the_others(tmp_path):
    (tmp_path / "fashion-vae-z2-spatial-s0" / "report.json").write_text("{}")
    (tmp_path / CODES.replace("s0", "s1") / "report.json").write_text("{}")
    forget_runs()
    catalog._known.cache_clear()
    found = questions.answer("sharpness", PAIR)
    assert [pair["left"] for pair in found["pairs"]] == ["fashion-vae-z2-spatial-s1"]
    assert [each["seed"] for each in found["numbers"]["by_seed"]["runs"][1]] == [0, 2]
    plane = questions.answer("rate_distortion", {"data": "fashion", "quality": "sigma_eq_mean_px"})
    assert len(plane["numbers"]["runs"]) == 5
    assert "measure: 2." in plane["left_out"]
    assert "kind: 1 (python" in plane["left_out"]


def test_a_banner_says_where_rates_match(seeds):
    banner, apart = banner_of({side: load_run(name) for side, name in MATCHED.items()}, "en")
    assert banner.startswith("Matched rates: 204 against 200 bits per image (both under learned priors), 2.0 % apart")
    assert not apart
    banner, apart = banner_of({side: load_run(name) for side, name in PAIR.items()}, "en")
    assert "11.5 against 305 bits" in banner
    assert apart


@pytest.mark.parametrize(
    "measure, gap, digits",
    [("psnr_db", 0.01, 2), ("ssim", 0.5, 3), ("sigma_eq_px", -0.86, 2), ("sigma_eq_px", 0.03, 3)],
)
def test_small_differences_are_written_with_the_digits_they_need(measure, gap, digits):
    assert digits_of(measure, gap) == digits


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
    found = questions.answer("closer", PAIR | {"image": image})
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
    found = questions.answer("closer", PAIR | {"pixels": base64.b64encode(mine.tobytes()).decode()})
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
    answer = questions.answer(name, question)
    assert (answer["ok"], answer["code"]) == (False, code)


def test_every_rated_run_is_on_the_plane_with_what_it_costs():
    found = questions.answer("rate_distortion", {"data": "fashion", "quality": "sigma_eq_mean_px", **PAIR})
    points = [trace for trace in found["figure"]["data"] if trace.get("customdata")]
    placed: dict[str, set[float]] = {}
    for trace in points:
        for run, x in zip(trace["customdata"], _numbers(trace["x"]), strict=True):
            placed.setdefault(run, set()).add(round(x, 3))
    for name in (VAE, CODES):
        assert placed[name] == {round(bits, 3) for bits in load_run(name).report["rates"].values() if bits}
    assert "Without a learned prior" in found["left_out"]
    assert list(found["rungs"]) == ["fixed", "simple", "learned"]
    assert "measure: 7." in questions.answer("rate_distortion", {"data": "fashion", "quality": "mtf50"})["left_out"]


def _numbers(values):
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return values


def test_thumbs_are_the_test_images():
    found = questions.answer("thumbs", {"data": "emoji", "count": 2, "images": [5, 0]})
    image_set = load_image_set("emoji")
    expected = image_set.images[image_set.split("test")][[5, 0]].permute(0, 2, 3, 1).numpy()
    assert np.frombuffer(base64.b64decode(found["pixels"]), np.uint8).tobytes() == expected.tobytes()
    assert len(found["names"]) == 2


@pytest.mark.parametrize("measure", asked.MEASURES)
@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_measures_that_are_infinite_on_both_sides_are_left_out(measure, value, monkeypatch):
    """Of two runs that somebody else measured: the first image is in no difference, and in no order before others."""

    def spoiled(run):
        return {name: np.concatenate([[value], numbers[1:]]) for name, numbers in measured(run).items()}

    monkeypatch.setattr(asked, "measured", spoiled)
    answer = questions.answer("sharpness", PAIR | {"measure": measure})
    assert answer["ok"]
    json.dumps(answer, allow_nan=False)
    assert 0 not in answer["orders"]["differ"] + answer["orders"]["gain"]
