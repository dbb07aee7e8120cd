"""How wide a codebook begins beside the cloud: against a recomputation, kept once, and the same for all rules."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from explorer.models import VQVAE
from explorer.studies import plan, starts
from explorer.studies.plan import Cell
from explorer.training.loop import Trainer
from tests.tiny import tiny_set


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plan, "COMMON", plan.COMMON | {"steps": 8, "batch_size": 10, "width": 8})
    monkeypatch.setattr(starts, "load_image_set", lambda name: tiny_set())


def cell(rule: str, init: str, variant: str = "", **more: object) -> Cell:
    return Cell("grid", "fashion", 2, 8, rule, variant, {"codebook_init": init} | more)


def test_the_ratio_is_that_of_both_spreads():
    found = starts.spread_ratio(cell("gradient", "normal"), 0, tiny_set())
    trainer = Trainer(cell("gradient", "normal").config(0), tiny_set())
    assert isinstance(trainer.model, VQVAE)
    codes, vectors = trainer.model.quantizer.codebook.detach(), trainer.coming_vectors(80)
    centred = [rows - rows.mean(0) for rows in (codes, vectors)]
    assert found == pytest.approx(
        float(centred[0].norm() / 8**0.5 / (centred[1].norm() / len(vectors) ** 0.5)), rel=1e-5
    )
    assert starts.spread_ratio(cell("gradient", "uniform"), 0, tiny_set()) < found
    assert starts.spread_ratio(cell("hold", "kmeans"), 0, tiny_set()) == pytest.approx(1, abs=0.5)


def test_each_start_is_measured_once_whatever_rule_goes_on_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    cells = [
        cell("gradient", "normal"),
        cell("hold", "normal"),
        cell("hold", "normal", "restart", dead_codes="restart"),
    ]
    path = tmp_path / "starts.json"
    known = starts.measure_starts(cells, path)
    assert len(known) == len(plan.SEEDS)
    monkeypatch.setattr(starts, "spread_ratio", lambda *_: pytest.fail("measured twice"))
    assert starts.measure_starts(cells, path) == known == starts.read_starts(path)
    assert starts.start_of(cells[2], known) == torch.tensor(sorted(known.values())).median()
    assert starts.start_of(cell("hold", "uniform"), known) is None
