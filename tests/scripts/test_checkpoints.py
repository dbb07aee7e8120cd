"""The plan of the shipped runs and the runs themselves: what `make checkpoints` would train is what lies there."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from explorer.reports.matching import matched_vae, nearest_vae, pair_rates
from explorer.runs import SHIPPED, list_runs, load_run
from explorer.training.config import RunConfig
from scripts.checkpoints import FACES_TRAINED, MATCHED_BETA, STEPS, after, is_projected, kept, planned, shipped
from scripts.long import jobs

WHOLE_PLAN = {name: settings for data in STEPS for name, settings in kept(data).items()}
PLAN = {name: settings for data in STEPS for name, settings in shipped(data).items() if name in WHOLE_PLAN}
HEADLINES = [data for data in STEPS if f"{data}-vae-z2-spatial-b{MATCHED_BETA[data]:g}-s0" in WHOLE_PLAN]


def read(name: str, file: str) -> dict[str, Any]:
    return json.loads((SHIPPED / name / file).read_text())


@pytest.mark.parametrize("name", WHOLE_PLAN)
def test_a_shipped_run_is_what_the_plan_says_and_lacks_nothing(name: str):
    settings = {key: value for key, value in WHOLE_PLAN[name].items() if key != "twin_of"}
    info = read(name, "run.json")
    # by way of the class: a setting that joined later stands at its default
    assert RunConfig.from_dict(info["config"]) == RunConfig(**settings)  # type: ignore[arg-type]
    assert info["twin_of"] == WHOLE_PLAN[name].get("twin_of", "")
    assert info["step"] == info["config"]["steps"]
    assert after(name, WHOLE_PLAN[name]) == []


def test_every_shipped_folder_is_read_and_none_is_damaged():
    assert {info.id for info in list_runs([SHIPPED])} >= set(WHOLE_PLAN)


def test_what_is_said_to_be_trained_is_planned_and_lies_there():
    lying = {folder.name for folder in SHIPPED.glob("faces-*")}
    assert lying == set(FACES_TRAINED) <= set(planned("faces"))


@pytest.mark.parametrize("name", PLAN)
def test_a_shipped_run_says_how_far_validation_still_moved(name: str):
    """Recomputed here, on a fine line between the frames, so that the figure cannot silently be lost or be wrong."""
    rest, card = read(name, "report.json")["last_fifth"], (SHIPPED / name / "README.md").read_text()
    with np.load(SHIPPED / name / "trace.npz") as trace:
        steps = trace["frame_steps"].astype(float)
        fine = np.union1d(np.linspace(0.8 * steps[-1], steps[-1], 1001), steps[steps >= 0.8 * steps[-1]])
        for curve in ("val_mse", "val_loss"):
            values = np.interp(fine, steps, trace[f"frames/{curve}"].astype(float))
            change = np.abs(values - values[-1]).max() / abs(values[-1])
            assert rest[f"{curve}_change"] == pytest.approx(change, rel=1e-6)
            assert f"{change:.2%}" in card
    assert rest["from_step"] == round(0.8 * steps[-1])


@pytest.mark.parametrize("name", [name for name, settings in PLAN.items() if is_projected(settings)])
def test_a_deep_run_brings_a_small_map(name: str):
    assert "map.npz" in read(name, "run.json")["files"]
    assert (SHIPPED / name / "map.npz").stat().st_size <= 60_000
    with np.load(SHIPPED / name / "map.npz") as made:
        assert len(made["places"]) <= 5000
        assert len(made["code_places"]) == (512 if "vqvae" in name else 0)
        assert np.isfinite(made["places"]).all()
        assert made["trustworthiness"] > 0.8


@pytest.mark.parametrize("data", HEADLINES)
def test_the_pair_that_stands_for_a_set_is_like_for_like_and_called_matched_only_within_five_percent(data: str):
    """The default VQ-VAE and a VAE on its own grid, trained as long, from one seed; both under learned priors."""
    runs = [load_run(info.id) for info in list_runs([SHIPPED]) if info.config.data == data]
    codes = load_run(f"{data}-vqvae-d2-k256-ema-s0")
    found = matched_vae(codes, runs) or nearest_vae(codes, runs)
    if found is None:  # until `make long` has come to one of them
        grids = [run.id for run in runs if run.config.spatial]
        assert {("prior", name) for name in grids} <= set(jobs())
        assert all(load_run(name).report["rates"]["learned"] is None for name in grids)
        return
    partner = load_run(found.id)
    apart = partner.report["rates"]["learned"] / codes.report["rates"]["learned"] - 1
    assert found.apart == pytest.approx(apart)
    assert (pair_rates(partner, codes).standing == "close") == (abs(apart) <= 0.05)
    assert (partner.config.spatial, partner.config.seed) == (True, codes.config.seed)
