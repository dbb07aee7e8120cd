"""The study of sharpness: its tables are what the script writes, and its parts add up."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import explorer.runs.shelf
from explorer.runs import load_run, update_run
from scripts import sharpness_study as study
from scripts.marked_tables import MARKED, refreshed, table
from tests.ui.conftest import REPORT, measures, store

EMA = "fashion-vqvae-d2-k256-ema-s0"


@pytest.fixture
def _forgotten():
    """What the study remembers of the shipped runs is not what it finds in a test."""
    caches = (study.shipped_runs, study.difference)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


def test_the_committed_tables_are_what_the_script_writes():
    """After new runs: `python scripts/sharpness_study.py`, then read the sentences around the tables again."""
    text = study.DOCUMENT.read_text()
    assert refreshed(text, study.TABLES) == text
    assert {found[1] for found in MARKED.finditer(text)} == study.TABLES.keys()


def test_a_table_without_rows_is_a_sentence():
    assert table("a | b", [], "Nothing yet.") == "Nothing yet."
    assert table("a | b", [["1", "2"]], "") == "| a | b |\n|---|---|\n| 1 | 2 |"
    text = "before\n<!-- table one -->\nold\n<!-- end -->\nafter"
    assert refreshed(text, {"one": lambda: "new"}) == text.replace("old", "new")


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _forgotten: None) -> None:
    """AE and VAEs of two sizes, and a pair at matched rates with two seeds of each."""
    monkeypatch.setattr(study, "SHIPPED", tmp_path)
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", tmp_path)
    vae: dict[str, Any] = {"model": "vae"}
    rated(tmp_path, "fashion-ae-z2-s0", {}, model="ae")
    rated(tmp_path, "fashion-vae-z2-s0", paid(12.5), **vae)
    rated(tmp_path, "fashion-vae-z16-s0", paid(65.0), 14, latent_dim=16, **vae)
    rated(tmp_path, "fashion-vae-z16-b0.1-s0", paid(80.0), 12, latent_dim=16, beta=0.1, **vae)
    for seed in (0, 1):
        rated(tmp_path, f"fashion-vae-z2-spatial-s{seed}", paid(201.0), spatial=True, seed=seed, **vae)
        codes = {"fixed": 392.0, "simple": 300.0, "learned": 200.0 + seed}
        rated(tmp_path, EMA.replace("s0", f"s{seed}"), codes, model="vqvae", seed=seed)


def paid(bits: float) -> dict[str, float]:
    """Of a VAE."""
    return {"fixed": 1.5 * bits, "simple": 1.2 * bits, "learned": bits}


def rated(root: Path, run_id: str, rates: dict[str, float], seed_of_blur: int = 0, **settings: Any) -> None:
    """A run whose blur is `seed_of_blur` / 20 px, or the length of its name."""
    made = store(root, run_id, **settings)
    values = measures(200, seed_of_blur or len(run_id))
    report = REPORT | {"rates": rates, "psnr_db": 18.0}
    update_run(made, {"measures.npz": explorer.runs.npz(values)}, report=report)


def blurs(run_id: str) -> float:
    found = load_run(run_id).measures
    assert found is not None
    return float(np.nanmean(found["sigma_eq_px"].astype(float)))


@pytest.mark.usefixtures("runs")
def test_every_code_grid_stands_beside_its_partner_and_every_seed_has_a_row():
    rows = study.matched().splitlines()[2:]
    assert [row.split(" | ")[1:3] for row in rows] == [["`fashion-vae-z2-spatial-s0`", "learned"]]
    assert "| +0.5 % | matched |" in rows[0]
    seeds = study.seeds().splitlines()[2:]
    assert [row.split(" | ")[2] for row in seeds] == ["0", "1", "all 2: lowest to highest"]
    gap = blurs(EMA) - blurs("fashion-vae-z2-spatial-s0")
    assert study.signed(gap, 3) in rows[0]
    assert study.signed(gap, 3) in seeds[0]


@pytest.mark.usefixtures("runs")
def test_the_parts_of_a_gap_and_of_a_blur_add_up():
    three = [load_run(name) for name in ("fashion-vae-z2-s0", "fashion-vae-z2-spatial-s0", EMA)]
    found = study.parted(three[0], three[1], three[2], "ssim")
    values = [run.measures for run in three]
    one, middle, last = (float(value["ssim"].astype(float).mean()) for value in values if value is not None)
    assert found.share == pytest.approx((middle - one) / (last - one), rel=1e-4)
    short = study.shares().splitlines()[2].split(" | ")
    bare, sharpest = blurs("fashion-ae-z2-s0"), blurs("fashion-vae-z16-b0.1-s0")
    assert short[2] == f"{blurs('fashion-vae-z2-s0'):.3f}"
    assert short[3].startswith(study.signed(blurs("fashion-vae-z2-s0") - bare, 3))
    assert short[4].startswith(study.signed(bare - sharpest, 3))
    assert short[5] == f"{sharpest:.3f}"
    percent = [int(number) for number in re.findall(r"-?\d+", short[6])]
    assert sum(percent) == pytest.approx(100, abs=1)
