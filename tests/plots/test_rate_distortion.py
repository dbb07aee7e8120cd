"""The plane of quality over rate: what is joined, what is a dot, what a dot carries."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

from explorer.plots.rate_distortion import PlaneLabels, RatedRun, rate_distortion_figure
from explorer.training.config import RunConfig
from explorer.ui.questions.rate_distortion import _sweeps

RATES = {"learned_prior": 200.0, "per_position": 300.0, "uniform": 392.0}


def vae(name: str, bits: float, quality: float, **config: Any) -> RatedRun:
    settings = RunConfig(model="vae", **config)
    return RatedRun(
        name, name, "vae", {"kl": bits}, quality, settings.spatial, _sweeps(settings), first_seed=settings.seed == 0
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


def test_every_seed_is_a_dot_that_names_its_run_and_a_code_grid_a_bar_with_three_ticks(traces):
    dots = {trace["name"]: trace for trace in traces if trace["mode"] == "markers"}
    assert {name: trace["customdata"] for name, trace in dots.items()} == {
        "vae": ["z2", "z16", "z2 beta", "z2 seed"],
        "vae_grid": ["grid"],
        "vqvae": ["codes"] * 3,
    }
    assert numbers(dots["vae"]["x"]) == [12, 65, 20, 13]
    assert numbers(dots["vqvae"]["x"]) == [200, 300, 392]
    bar = next(trace for trace in traces if trace["mode"] == "lines" and not trace.get("legendgroup"))
    assert (numbers(bar["x"]), numbers(bar["y"])) == ([200, 392], [22.4, 22.4])


def test_without_a_run_there_is_an_empty_plane():
    assert rate_distortion_figure([], PlaneLabels("bits", "quality"))["data"] == []
