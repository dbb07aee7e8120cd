"""Runs of a sweep, which kept no film and no prior: every tab draws what it can of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import explorer.runs.shelf
from explorer.data import load_image_set
from explorer.runs import load_run, save_run
from explorer.runs.reading import forget_runs
from explorer.training.loop import Trainer
from explorer.ui import questions
from explorer.ui.computed import catalog
from explorer.ui.guide.steps import blur
from explorer.ui.scene import scene
from explorer.ui.view import TABS, View
from tests.ui.conftest import AE, EMA, GRADIENT, REPORT, VAE, store

GRID, CODES = "fashion-vae-z2-spatial-b4-s0", "fashion-vqvae-d2-k16-ema-s0"
SETTINGS: dict[str, dict[str, Any]] = {
    GRID: {"model": "vae", "spatial": True, "beta": 4.0},
    CODES: {"model": "vqvae", "num_embeddings": 16},
}


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two of a sweep, with the trace that one step of training leaves, beside the default runs."""
    root = tmp_path_factory.mktemp("sweep")
    for run_id, settings in SETTINGS.items():
        made = store(root, run_id, trace="scalars", **settings)
        trainer = Trainer(made.config, load_image_set("fashion"))
        list(trainer.run())
        save_run(root / run_id, made.info, made.weights, trainer.recorder.trace(), report=REPORT)
    for run_id, model in ((VAE, "vae"), (EMA, "vqvae"), (AE, "ae")):
        store(root, run_id, model=model)
    store(root, GRADIENT, model="vqvae", codebook_update="gradient")
    return root


@pytest.fixture(autouse=True)
def _only_these(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", swept)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("left, right", [(GRID, CODES), (CODES, GRID), (VAE, CODES), (CODES, EMA)])
def test_every_tab_survives_a_run_without_a_film(tab, left, right):
    found = scene(View(left=left, right=right, tab=tab))
    json.dumps(found.to_json(), allow_nan=False)
    assert found.notes == ()
    assert found.sides["left"].run or found.sides["left"].empty


def test_curves_are_drawn_without_frames():
    assert load_run(CODES).trace.frames.keys() == {"val_mse", "val_loss"}
    rule = {"rule": "stale", "windows": "1", "starved": 10}
    found = questions.answer("codebook_curves", {"right": CODES, "columns": "1", "steps": "log"} | rule)
    assert found["ok"]
    assert found["curves"]["data"]


def test_a_damaged_run_takes_nothing_from_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In the guide's steps and in the sweep over β, which read every run of a set."""
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    report = {"rates": {"fixed": 12.5, "simple": 11.0, "learned": 10.0}, "mse": 0.01, "kl_nats": 9.0, "active_units": 2}
    monkeypatch.setattr("tests.ui.conftest.REPORT", REPORT | report | {"kl_nats_per_unit": [4.0, 5.0]})
    store(tmp_path, VAE, model="vae")
    store(tmp_path, GRID, model="vae", spatial=True, beta=4.0)
    vq = store(tmp_path, EMA, model="vqvae")
    spoilt: dict[str, dict[str, Any]] = {
        "fashion-vae-z2-b0.5-s0": {"beta": 0.5},
        "fashion-vae-z2-spatial-b0.5-s0": {"beta": 0.5, "spatial": True},
    }
    for run_id, settings in spoilt.items():
        store(tmp_path, run_id, model="vae", **settings)
        (tmp_path / run_id / "report.json").write_bytes(b"{}")
    forget_runs()
    catalog._known.cache_clear()
    assert {info.id for info in catalog.runs_of("fashion")} == {VAE, GRID, EMA, *spoilt}
    assert blur.nearest(vq)[0].id in (VAE, GRID)
    assert [run.id for run in blur._vaes(vq, on_grid=True)[0]] == [GRID]
    found = questions.answer("sweep", {"data": "fashion"})
    assert found["ok"]
    assert found["sweep"]


def test_a_report_of_half_the_figures_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    monkeypatch.setattr("tests.ui.conftest.REPORT", {"mse": 0.01, "kl_nats_per_unit": [4.0, 5.0]})
    store(tmp_path, VAE, model="vae")
    found = questions.answer("sweep", {"data": "fashion"})
    assert (found["ok"], found["sweep"], found["units"]) == (True, None, None)
