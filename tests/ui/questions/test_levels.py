"""Codes in levels, as the tab Latent asks for them."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

import explorer.runs.shelf
from explorer.models import VQVAE, ComposedQuantizer
from explorer.runs import update_run
from explorer.studies.in_levels import beside_one_codebook
from explorer.ui import questions
from explorer.ui.computed import catalog, encoded
from explorer.ui.computed.levels import partner_of, rates_sentence, study_sentence
from tests.ui.conftest import EMA, store

RESIDUAL, GROUPED = "fashion-residual", "fashion-grouped"


@pytest.fixture(autouse=True)
def levels(runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "levels"
    root.mkdir()
    (root / EMA).symlink_to(runs / EMA)
    shared = {"model": "vqvae", "codebook_init": "normal"}
    residual = store(root, RESIDUAL, quantizer="residual", levels=3, num_embeddings=4, **shared)
    update_run(residual, report=residual.report | {"levels": [{"psnr_db": 15.0 + level} for level in range(3)]})
    grouped = store(root, GROUPED, quantizer="grouped", groups=2, num_embeddings=8, **shared)
    update_run(grouped, report=grouped.report | {"psnr_db": 17.5})
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


def test_each_prefix_is_a_point_that_costs_its_levels_and_groups_have_none() -> None:
    said = questions.answer("levels", {"run": RESIDUAL, "image": 3})
    run = catalog.run(RESIDUAL)
    for level, row in enumerate(said["rows"], 1):
        others, prefixes = row["plane"]["data"]
        assert prefixes["x"] == pytest.approx([49 * 2 * number for number in (1, 2, 3)])
        assert prefixes["y"] == pytest.approx([each["psnr_db"] for each in run.report["levels"]])
        assert prefixes["marker"]["size"].index(14) == level - 1
        assert [others["x"], others["y"]] == [[392.0], [17.5]]
    assert all(row["plane"] is None for row in questions.answer("levels", {"run": GROUPED, "image": 3})["rows"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rates_stand_beside_one_codebook_of_as_many_codes_or_say_why_there_is_none(lang: str) -> None:
    found = rates_sentence(catalog.run(RESIDUAL), lang)
    assert f"{catalog.run(RESIDUAL).report['rates']['fixed']:.1f}" in found
    wide = catalog.run(RESIDUAL)
    config = dataclasses.replace(wide.config, num_embeddings=32)
    alone = rates_sentence(dataclasses.replace(wide, info=dataclasses.replace(wide.info, config=config)), lang)
    assert "32,768" in alone
    ema = catalog.run(EMA).config
    equal = dataclasses.replace(wide.config, num_embeddings=ema.num_embeddings, levels=1, seed=ema.seed)
    like = dataclasses.replace(wide, info=dataclasses.replace(wide.info, config=equal))
    assert partner_of(like) is catalog.run(EMA)
    assert f"{ema.num_embeddings:,}" in rates_sentence(like, lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_levels_did_in_the_study_is_said_in_its_own_numbers(lang: str) -> None:
    (pair,) = (each for each in beside_one_codebook() if each.composed.cell.id.endswith("d2-k4-hold-data-residual-4"))
    said = questions.answer("levels", {"run": RESIDUAL, "image": 3, "lang": lang})["study"]
    numbers = [4, 4, *(f"{value:.1f}" for value in (min(pair.composed.psnr_db), max(pair.composed.psnr_db)))]
    assert all(str(value) in said for value in (*numbers, min(pair.plain.dead), max(pair.plain.dead), 256))
    run = catalog.run(RESIDUAL)
    deep = dataclasses.replace(run.config, embedding_dim=8)
    assert study_sentence(dataclasses.replace(run, info=dataclasses.replace(run.info, config=deep)), lang) == ""


def test_the_way_of_a_vector_ends_at_its_point() -> None:
    said = questions.answer("levels", {"run": RESIDUAL, "image": 3})
    names = [len(row["figure"]["data"]) for row in said["rows"]]
    assert names == [5, 5, 5]
    assert "64 points" in said["rows"][-1]["sentence"]
