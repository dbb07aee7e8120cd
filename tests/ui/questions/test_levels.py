"""Codes in levels, as the tab Latent asks for them."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer.models import VQVAE, ComposedQuantizer
from explorer.ui import questions
from explorer.ui.computed import catalog, encoded
from tests.ui.conftest import EMA, store

RESIDUAL, GROUPED = "fashion-residual", "fashion-grouped"


@pytest.fixture(autouse=True)
def levels(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "levels"
    root.mkdir()
    (root / EMA).symlink_to(runs / EMA)
    shared = {"model": "vqvae", "codebook_init": "normal"}
    store(root, RESIDUAL, quantizer="residual", levels=3, num_embeddings=4, **shared)
    store(root, GROUPED, quantizer="grouped", groups=2, num_embeddings=8, **shared)
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", root)


def test_a_run_of_one_codebook_has_no_levels() -> None:
    assert questions.answer("levels", {"run": EMA, "image": 3}) == {"ok": True, "levels": 0}


@pytest.mark.parametrize("run, number", [(RESIDUAL, 3), (GROUPED, 2)])
def test_pictures_are_what_the_first_levels_decode_to(run: str, number: int) -> None:
    said = questions.answer("levels", {"run": run, "image": 3, "lang": "zh"})
    json.dumps(said, allow_nan=False)
    assert said["levels"] == len(said["rows"]) == number
    model = catalog.run(run).model
    assert isinstance(model, VQVAE)
    assert isinstance(model.quantizer, ComposedQuantizer)
    indices = encoded.encoded_test(run).indices
    assert indices is not None
    codes = model.quantizer.apart(indices[3])[None]
    for level, row in enumerate(said["rows"], 1):
        pixels = np.frombuffer(base64.b64decode(row["picture"]["pixels"]), np.uint8)
        with torch.no_grad():
            expected = (model.decode(codes[..., :level]).clamp(0, 1) * 255).round().byte()
        assert np.abs(pixels.astype(int) - expected.flatten().numpy().astype(int)).max() <= 1
        assert (row["figure"] is None) == (run == GROUPED)


def test_the_way_of_a_vector_ends_at_its_point() -> None:
    said = questions.answer("levels", {"run": RESIDUAL, "image": 3})
    names = [len(row["figure"]["data"]) for row in said["rows"]]
    assert names == [5, 5, 5]
    assert "64 points" in said["rows"][-1]["sentence"]
