"""Pairs that differ in one setting, and which of them the tab Codebook opens on."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

import explorer.runs.shelf
from explorer.runs import load_run, save_run
from explorer.training.config import RunConfig
from explorer.ui.computed import cases, catalog
from explorer.ui.computed.catalog import Choice
from explorer.ui.scene import scene
from explorer.ui.scene.cases import case_chips
from explorer.ui.view import default_view
from tests.ui.codebook.conftest import GRADIENT, HOLD

CHECKPOINTS = Path(__file__).resolve().parents[3] / "checkpoints"


@pytest.fixture
def shipped(monkeypatch):
    monkeypatch.setattr(explorer.runs.shelf, "SHIPPED", CHECKPOINTS)
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


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("data", ["fashion", "emoji"])
def test_chips_say_what_the_reports_say_and_load_what_they_name(shipped, data, lang):
    """Every number on a chip is a count of its own two runs, or follows from γ and ε; each loads a pair of twins."""
    view = replace(default_view(data, lang), tab="codebook")
    tab = scene(view).codebook
    assert tab is not None
    assert [chip.shown for chip in tab.cases] == [True] + [False] * (len(tab.cases) - 1)
    assert len({chip.label for chip in tab.cases}) == len(tab.cases)
    for chip in tab.cases:
        loaded = scene(replace(view, left=chip.left, right=chip.right)).codebook
        assert loaded is not None
        assert (loaded.sides["left"].run, loaded.sides["right"].run) == (chip.left, chip.right)
        assert all(side.film for side in loaded.sides.values())
        reports = [load_run(run).report["codebook"]["dead"] for run in (chip.left, chip.right)]
        numbers = {int(number) for number in re.findall(r"(?<![\de=/] )\b\d+\b(?!e)", chip.label.split("D = ")[-1])}
        if "snippet" in chip.label or "笔记代码" in chip.label:
            assert {688} <= numbers
        elif reports != [0, 0]:
            assert set(reports) <= numbers


@pytest.mark.parametrize(
    "lang, label",
    [
        ("en", "D = 2, U(±1/K): EMA {ema} dead, gradient {gradient}"),
        ("zh", "D = 2，U(±1/K)：死码数，EMA 码本 {ema}，梯度码本 {gradient}"),
    ],
)
def test_the_clump_is_a_case_of_rules_alone(shipped, lang, label):
    """Codes that begin within ±1/K of each other: EMA leaves most where they were, the gradient none."""
    pair = {rule: load_run(f"fashion-vqvae-d2-k256-{rule}-uniform-s1") for rule in ("ema", "gradient")}
    dead = {rule: run.report["codebook"]["dead"] for rule, run in pair.items()}
    assert cases.apart(pair["ema"].config, pair["gradient"].config) == ("codebook_update",)
    assert all(run.config.codebook_init == "uniform" for run in pair.values())
    chips = {
        (c.left, c.right): c.label for c in case_chips(default_view("fashion", lang), (Choice(None), Choice(None)))
    }
    assert chips[pair["ema"].id, pair["gradient"].id] == label.format(**dead)
    assert dead["ema"] > 100 > 10 > dead["gradient"]


def test_a_run_that_is_added_brings_its_chip(shipped, tmp_path, monkeypatch):
    """The cure of a gradient codebook is not shipped yet: once it is, its case stands there by itself."""
    source = CHECKPOINTS / "fashion-vqvae-d64-k512-gradient-s0"
    run = load_run(source)
    added = replace(run.info, id="added", config=replace(run.config, dead_codes="restart"))
    report = {"codebook": run.report["codebook"] | {"dead": 7}}
    save_run(tmp_path / "added", added, run.weights, run.trace, report=report)
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path))
    chips = {(c.left, c.right): c.label for c in case_chips(default_view("fashion"), (Choice(None), Choice(None)))}
    assert chips[run.id, "added"] == "D = 64, gradient: 413 dead, with restarts 7"


def test_the_snippet_is_back_when_theory_says(shipped):
    """The film's own lengths: longer than at first before that step, and no longer after it."""
    run = load_run("fashion-vqvae-d2-k256-snippet-s0")
    first = float(np.median(np.linalg.norm(run.trace.frames["codebook"][0].astype(float), axis=1)))
    steps, lengths = run.trace.curve_steps, run.trace.curves["norm_median_stale"]
    back = cases.return_step(run.config)
    assert back == 688
    assert (lengths[(steps > 0) & (steps < 0.9 * back)] > first).all()
    after = lengths[(steps > 1.1 * back) & np.isfinite(lengths)]
    assert not len(after) or after[0] < first
    assert 0.5e5 < (cases.thrown(run) or 0) < 2e5
