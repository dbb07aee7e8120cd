"""The plane of quality over rate: what is joined, what is a dot, what a dot carries."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from explorer.plots.rate_distortion import PlaneLabels, RatedRun, rate_distortion_figure
from explorer.training.config import RunConfig
from explorer.ui.questions.rate_distortion import _sweeps

RATES = {"fixed": 392.0, "simple": 300.0, "learned": 200.0}


def vae(name: str, bits: float, quality: float, **config: Any) -> RatedRun:
    settings = RunConfig(model="vae", **config)
    return RatedRun(
        name,
        name,
        "vae",
        {"fixed": 2 * bits, "learned": bits},
        quality,
        settings.spatial,
        _sweeps(settings),
        first_seed=settings.seed == 0,
    )


RUNS = [
    vae("z2", 12, 16),
    vae("z16", 65, 20, latent_dim=16),
    vae("z2 beta", 20, 17, beta=0.1),
    vae("z2 seed", 13, 16.1, seed=1),
    vae("grid", 200, 22, spatial=True),
    RatedRun("codes", "codes", "vqvae", RATES, 22.4, sweeps=_sweeps(RunConfig(model="vqvae")), emphasis=True),
]


def numbers(values: Any) -> list[float]:
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"]).tolist()
    return list(values)


@pytest.fixture
def traces() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rate_distortion_figure(RUNS, PlaneLabels("bits", "quality"))["data"]
    return found


def test_lines_join_what_differs_in_one_setting_through_one_seed(traces):
    lines = {trace["name"]: (numbers(trace["x"]), numbers(trace["y"])) for trace in traces if trace.get("legendgroup")}
    assert lines == {"size": ([12, 65], [16, 20]), "beta": ([12, 20], [16, 17])}


def test_every_run_is_a_bar_with_a_tick_for_each_rung_and_its_mark_on_the_one_that_is_looked_at(traces):
    dots = {trace["name"]: trace for trace in traces if trace["mode"] == "markers"}
    assert {name: trace["customdata"] for name, trace in dots.items()} == {
        "vae": ["z2", "z16", "z2 beta", "z2 seed"] * 2,
        "vae_grid": ["grid"] * 2,
        "vqvae": ["codes"] * 3,
    }
    assert numbers(dots["vae"]["x"]) == [12, 65, 20, 13, 24, 130, 40, 26]
    assert dots["vae"]["marker"]["symbol"] == ["circle"] * 4 + ["line-ns-open"] * 4
    assert numbers(dots["vqvae"]["x"]) == [200, 392, 300]
    bars = [trace for trace in traces if trace["mode"] == "lines" and not trace.get("legendgroup")]
    assert (numbers(bars[-1]["x"]), numbers(bars[-1]["y"])) == ([200, 392], [22.4, 22.4])
    assert len(bars) == len(RUNS)


def test_another_rung_moves_lines_and_marks_and_leaves_out_who_has_none():
    bare = RatedRun("bare", "bare", "vae", {"fixed": 30.0}, 18, sweeps=_sweeps(RunConfig(model="vae", latent_dim=8)))
    traces = {
        rung: rate_distortion_figure([*RUNS, bare], PlaneLabels("", ""), rung=rung)["data"]
        for rung in ("fixed", "learned")
    }
    lines = {
        rung: next(numbers(t["x"]) for t in found if t.get("legendgroup") == "size") for rung, found in traces.items()
    }
    assert lines["fixed"] == [24, 30, 130]
    assert lines["learned"] == [12, 65]
    marks = next(trace for trace in traces["fixed"] if trace.get("name") == "vqvae")
    assert (numbers(marks["x"])[0], marks["marker"]["symbol"][0]) == (392, "square")


def test_without_a_run_there_is_an_empty_plane():
    assert rate_distortion_figure([], PlaneLabels("bits", "quality"))["data"] == []
