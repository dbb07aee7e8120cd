"""Questions of the tab ELBO: bounds of one image, the integral, the set's figures, the sweep."""

from __future__ import annotations

import base64
import json
import math

import numpy as np
import pytest

from explorer.ui import questions
from explorer.ui.computed import bounds, catalog
from explorer.ui.computed.image_bounds import K
from tests.ui.conftest import AE, EMA, SPATIAL, VAE, VAE16


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    monkeypatch.setattr(bounds, "PARTS", 2)


def ask(name, **params):
    answer = questions.answer(name, params)
    json.dumps(answer, allow_nan=False)
    return answer


def values(array):
    """Numbers of a figure, which travel as base64."""
    return (
        np.frombuffer(base64.b64decode(array["bdata"]), array["dtype"]) if isinstance(array, dict) else np.array(array)
    )


def trace(figure, name):
    return next(t for t in figure["data"] if t["name"] == name)


def test_bounds_of_one_image_rise_towards_its_evidence():
    first = ask("iwae", run=VAE, image=4)
    assert (first["done"], first["total"]) == (5000, 10_000)
    integral = ask("posterior", run=VAE, image=4)
    assert integral["accepted"]
    assert integral["gap"] >= 0
    both = ask("iwae", run=VAE, image=4, parts=1, evidence=1)
    assert both["done"] == 10_000
    curve = trace(both["figure"], "IWAE-k (k = 1 is the ELBO)")
    nats, errors = values(curve["y"]), values(curve["error_y"]["array"])
    assert list(values(curve["x"])) == list(K)
    assert (nats <= integral["log_px"] + 3 * errors + 1e-3).all()
    assert (np.diff(nats) >= -3 * np.hypot(errors[1:], errors[:-1])).all()
    assert both["elbo"] + integral["gap"] == pytest.approx(integral["log_px"], abs=3 * errors[0] + 0.01)
    line = trace(both["figure"], "log p(x), integrated")
    assert values(line["y"]) == pytest.approx([integral["log_px"]] * 2)
    assert len([t for t in first["figure"]["data"] if t["name"] == "log p(x), integrated"]) == 0
    assert [row["name"] for row in both["rows"]] == ["ELBO", "IWAE-10", "IWAE-100", "IWAE-1,000", "IWAE-5,000"]


def test_more_parts_are_more_of_the_same_draws():
    run = catalog.run(VAE)
    assert bounds.draws(run, 4, 1).tolist() == bounds.draws(run, 4, 2)[: bounds.PART].tolist()
    assert bounds.draws(run, 4, 1).tolist() != bounds.draws(run, 5, 1).tolist()


@pytest.mark.parametrize("run", [VAE16, SPATIAL])
def test_other_latents_have_bounds_and_no_integral(run):
    answer = ask("iwae", run=run, image=0, evidence=1)
    assert answer["ok"]
    assert "log p(x), integrated" not in {t["name"] for t in answer["figure"]["data"]}
    refused = ask("posterior", run=run, image=0)
    assert refused["code"] == "evidence_no_plane"
    assert run in refused["error"]


@pytest.mark.parametrize("name", ["iwae", "posterior", "set_bounds"])
@pytest.mark.parametrize("run", [AE, EMA])
def test_only_a_vae_is_asked(name, run):
    assert ask(name, run=run, image=0)["code"] == "ask_parameter"


@pytest.mark.parametrize(
    "wrong", [{"image": 5000}, {"image": -1}, {"image": 0, "parts": 2}, {"image": 0, "evidence": 2}]
)
def test_numbers_out_of_bounds_are_refused(wrong):
    assert ask("iwae", run=VAE, **wrong)["code"] == "ask_parameter"


SECTION = {
    "n": 256,
    "draws": 1000,
    "iwae": {
        "k": [1, 10, 1000],
        "nats": [300.0, 302.0, 303.5],
        "monte_carlo_error": [0.02, 0.01, 0.01],
        "image_error": [12.0, 12.0, 12.1],
    },
    "log_px": {"nats": 303.6, "image_error": 12.1, "accepted": 255, "gap_nats": 3.6, "gap_image_error": 0.2},
    "kl_split": [
        {"kl": 8.8, "information": 7.0, "mismatch": 1.8, "standard_error": 0.01, "images": 5000},
        {"kl": 8.8, "information": 6.8, "mismatch": 2.0, "standard_error": 0.01, "images": 2500},
    ],
}


def test_the_set_says_both_errors(monkeypatch):
    assert f"python -m explorer evidence {VAE} --write" in ask("set_bounds", run=VAE)["sentences"][0]
    monkeypatch.setitem(catalog.run(VAE).report, "evidence", SECTION)
    answer = ask("set_bounds", run=VAE)
    assert values(trace(answer["figure"], "log p(x), integrated")["y"])[0] == 303.6
    errors, exact, split = answer["sentences"]
    assert "Monte-Carlo at most ± 0.02" in errors
    assert "± 12.0" in errors
    assert "255 of 256" in exact
    assert "5,000 test images (2,500: 6.80 and 2.00" in split


def test_the_sweep_draws_every_measured_vae_by_beta(monkeypatch):
    assert ask("sweep", data="fashion")["sweep"] is None
    for run, active, kl in ((VAE, 2, 8.0), (VAE16, 11, 40.0)):
        units = [kl / 16] * (2 if run == VAE else 16)
        for name, value in {"kl_nats_per_unit": units, "kl_nats": kl, "active_units": active, "mse": 0.02}.items():
            monkeypatch.setitem(catalog.run(run).report, name, value)
    monkeypatch.setitem(catalog.run(AE).report, "mse", 0.019)
    answer = ask("sweep", data="fashion", left=VAE)
    swept = [t for t in answer["sweep"]["data"] if t["showlegend"]]
    assert sorted(t["name"] for t in swept) == ["z = 16", "z = 2"]
    assert {run for t in answer["sweep"]["data"] for run in t["customdata"]} == {VAE, VAE16}
    shares = [t for t in answer["sweep"]["data"] if t["yaxis"] == "y3" and t["name"] == "z = 16"]
    assert values(shares[0]["y"])[0] == pytest.approx(11 / 16)
    (bars,) = answer["units"]["data"]
    assert bars["text"] == ["2 / 2", "11 / 16"]
    (codes,) = answer["codes"]["data"]
    assert "56 / 256" in codes["text"]
    assert len(set(codes["y"])) == len(codes["text"])
    assert "2 VAEs" in answer["caption"]


def test_the_true_posterior_is_drawn_to_one_scale():
    figure = ask("posterior", run=VAE, image=4)["figure"]
    assert figure["layout"]["yaxis"]["scaleanchor"] == "x"
    ellipse = [t for t in figure["data"] if t["name"] == "encoder's q(z|x)"]
    assert len(ellipse) == 3
    levels = [t["contours"]["value"] for t in figure["data"] if t["type"] == "contour"]
    assert levels == sorted(levels, reverse=True)
    assert all(math.isfinite(level) and level > 0 for level in levels)


def test_a_grid_has_one_name_on_bars_and_in_the_legend(monkeypatch):
    for name, value in {"kl_nats_per_unit": [0.5] * 98, "kl_nats": 49.0, "active_units": 98, "mse": 0.02}.items():
        monkeypatch.setitem(catalog.run(SPATIAL).report, name, value)
    drawn = json.dumps(ask("sweep", data="fashion", lang="zh"), ensure_ascii=False)
    assert "2 × 网格" in drawn
    assert "× grid" not in drawn
