"""Pairs that differ in one setting, and which of them the tab Codebook opens on."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

import explorer.runs
from explorer.runs import load_run
from explorer.training.config import RunConfig
from explorer.ui import cases, catalog
from explorer.ui.scene import scene
from explorer.ui.view import default_view
from tests.ui.codebook.conftest import GRADIENT, HOLD

CHECKPOINTS = Path(__file__).resolve().parents[3] / "checkpoints"


@pytest.fixture
def shipped(monkeypatch):
    monkeypatch.setattr(explorer.runs, "SHIPPED", CHECKPOINTS)
    monkeypatch.delenv("EXPLORER_RUNS", raising=False)


EMA = RunConfig(model="vqvae")


@pytest.mark.parametrize(
    "first, second, expected",
    [
        (EMA, EMA, ()),
        (EMA, replace(EMA, trace="scalars", kept_weights=3, beta=2.0), ()),
        (EMA, replace(EMA, dead_codes="restart"), ("dead_codes",)),
        (EMA, replace(EMA, codebook_update="gradient", decay=0.5, ema_start="ones"), ("codebook_update",)),
        (replace(EMA, codebook_update="gradient", decay=0.5), replace(EMA, codebook_update="gradient"), ()),
        (replace(EMA, codebook_init="normal"), replace(EMA, codebook_update="snippet"), ("codebook_update",)),
        (EMA, replace(EMA, codebook_update="snippet"), ("codebook_init", "codebook_update")),
        (EMA, replace(EMA, decay=0.5, seed=1), ("seed", "decay")),
    ],
)
def test_what_two_codebooks_differ_by(first, second, expected):
    assert set(cases.apart(first, second)) == set(expected)
    assert set(cases.apart(second, first)) == set(expected)


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_every_case_differs_in_one_setting_and_counts_as_the_reports_do(shipped, data):
    found = cases.cases_of(data)
    assert found
    for case in found:
        left, right = load_run(case.left), load_run(case.right)
        assert catalog.are_twins(case.left, case.right, data)
        assert cases.apart(left.config, right.config) == (case.setting,)
        assert case.dead == (left.report["codebook"]["dead"], right.report["codebook"]["dead"])
        assert case.codes == left.config.num_embeddings == right.config.num_embeddings
        assert case.gap >= 0


@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_the_tab_opens_on_ema_beside_its_cure(shipped, data):
    """Nothing was chosen: the pair differs in what becomes of dead codes, and shows it."""
    tab = scene(replace(default_view(data), tab="codebook")).codebook
    assert tab is not None
    left, right = (load_run(tab.sides[side].run) for side in ("left", "right"))
    assert (left.config.codebook_update, left.config.dead_codes) == ("ema", "keep")
    assert (right.config.codebook_update, right.config.dead_codes) == ("ema", "restart")
    assert left.report["codebook"]["dead"] > 100
    assert right.report["codebook"]["dead"] == 0
    assert all(side.film and side.projected for side in tab.sides.values())
    assert "keep on the left, restart on the right" in tab.see
    assert f"{left.report['codebook']['dead']} and 0 of 512" in tab.chips[0]


def test_a_chosen_codebook_is_not_replaced(shipped):
    view = default_view("fashion")
    left, right = cases.shown_pair("fashion-vqvae-d2-k256-gradient-s0", view.right, "fashion")
    assert (left.run, right.run) == ("fashion-vqvae-d2-k256-gradient-s0", view.right)
    snippet = "fashion-vqvae-d2-k256-snippet-s0"
    assert cases.shown_pair(view.left, snippet, "fashion")[1].run == snippet


def test_runs_that_were_never_measured_make_no_case():
    """The films of these tests have no report, and a count that nobody made is no outcome."""
    assert not {GRADIENT, HOLD} & {run for case in cases.cases_of("fashion") for run in (case.left, case.right)}
    view = replace(default_view("fashion"), tab="codebook", left=GRADIENT, right=HOLD)
    tab = scene(view).codebook
    assert tab is not None
    assert "gradient on the left, ema on the right" in tab.see


def test_settings_that_have_no_effect_are_settings():
    known = {field.name for field in fields(RunConfig)}
    assert {*cases.BESIDE, *(name for names in cases.IDLE.values() for name in names)} <= known
