"""Runs with codes in levels stand on the page by the points that their codes name together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

import explorer.runs.shelf
from explorer.models import VQVAE, ComposedQuantizer
from explorer.ui import questions
from explorer.ui import scene as scenes
from explorer.ui.computed import catalog, encoded
from explorer.ui.view import TABS, View
from tests.ui.conftest import EMA, VAE, store

ASKED: dict[str, dict[str, object]] = {
    "codebook_curves": {"rule": "quantile", "windows": "1", "starved": 10, "columns": "1", "steps": "log"},
    "influence": {"image": 3},
    "between": {"image": 3, "image_b": 5},
    "reconstruct": {"image": 3},
}
RESIDUAL, GROUPED, WIDE = "fashion-residual", "fashion-grouped", "fashion-wide"


@pytest.fixture(autouse=True)
def levels(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "levels"
    root.mkdir()
    for name in (VAE, EMA):
        (root / name).symlink_to(runs / name)
    shared = {"model": "vqvae", "codebook_init": "normal"}
    store(root, RESIDUAL, quantizer="residual", levels=3, num_embeddings=4, **shared)
    store(root, GROUPED, quantizer="grouped", groups=2, num_embeddings=8, **shared)
    store(root, WIDE, quantizer="residual", levels=4, num_embeddings=256, **shared)
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", root)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("run", [RESIDUAL, GROUPED])
def test_every_tab_has_a_scene(run: str, tab: str) -> None:
    said = scenes.scene(View(right=run, tab=tab), ()).to_json()
    json.dumps(said, allow_nan=False)


def test_points_are_what_the_codes_name_together() -> None:
    run = catalog.run(RESIDUAL)
    assert isinstance(run.model, VQVAE)
    quantizer = run.model.quantizer
    assert isinstance(quantizer, ComposedQuantizer)
    points, latents = encoded.codebook(run), encoded.encoded_test(run.id)
    assert points.shape == (64, 2)
    assert latents.indices is not None and latents.z_e is not None  # noqa: PT018
    expected = quantizer.nearest(latents.z_e[:5].movedim(-1, 1))
    assert torch.equal(quantizer.apart(latents.indices[:5]), expected)
    assert torch.equal(points[latents.indices[:5]].movedim(-1, 1), quantizer.lookup(expected))


@pytest.mark.parametrize("run", [RESIDUAL, GROUPED])
def test_questions_answer_with_points(run: str) -> None:
    grid = [63] * 49
    answer = questions.answer("decode", {"run": run, "indices": grid})
    assert answer["ok"]
    health = questions.answer("codebook_health", {"run": run})
    assert health["ok"]
    assert len(health["counts"]) == 64
    said = questions.answer("encode", {"run": run, "image": 3})
    assert said["ok"]
    assert len(said["codes"]) == 49
    for name in ("codebook_curves", "write", "influence", "between", "rate_distortion", "reconstruct"):
        asked: dict[str, object] = {"run": run, "right": run, "data": "fashion", **ASKED.get(name, {})}
        assert isinstance(questions.answer(name, asked)["ok"], bool), name  # no fault: an answer, or a sentence


def test_levels_that_name_more_points_than_a_page_can_hold_are_not_listed() -> None:
    listed = {info.id for info in catalog.runs_of("fashion")}
    assert {RESIDUAL, GROUPED} < listed
    assert WIDE not in listed
