"""Runs of a sweep, which kept no film and no prior: every tab draws what it can of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import explorer.runs
from explorer.data import load_image_set
from explorer.runs import load_run, save_run
from explorer.training.loop import Trainer
from explorer.ui import asks
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
    monkeypatch.setattr(explorer.runs, "SHIPPED", swept)


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
    found = asks.answer("codebook_curves", {"right": CODES, "columns": "1", "steps": "log"} | rule)
    assert found["ok"]
    assert found["curves"]["data"]
