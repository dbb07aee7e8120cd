"""A run that was changed or stopped while it trained is not taken for what its settings say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from explorer.data import load_image_set
from explorer.reports.comparison import siblings
from explorer.reports.matching import trained_alike
from explorer.runs import Run, load_run
from explorer.runs.card import model_card
from explorer.training.interventions import Intervention
from explorer.ui.computed import catalog
from explorer.ui.computed.film import restarted
from explorer.ui.questions import sweep
from explorer.ui.scene.changes import changed_chips
from explorer.ui.scene.codebook import _moves

SHIPPED = Path(__file__).parents[3] / "checkpoints"
BETA = Intervention(100, "beta", 20.0, 1.0)


def shipped(name: str) -> Run:
    return load_run(SHIPPED / name)


def changed(name: str, *history: Intervention, **other) -> Run:
    run = shipped(name)
    return Run(replace(run.info, history=history, **other), run.folder, run.report, run.files)


@pytest.fixture(scope="module")
def plain() -> Run:
    return shipped("fashion-vae-z2-s0")


@pytest.fixture(scope="module")
def steered() -> Run:
    return changed("fashion-vae-z2-s0", BETA, step=300, config=replace(shipped("fashion-vae-z2-s0").config, seed=1))


def test_it_is_no_other_seed_of_the_plain_run(plain, steered):
    assert siblings(plain, [steered]) == [plain]
    assert siblings(steered, [plain]) == [steered]
    other = Run(replace(plain.info, config=steered.config), plain.folder, plain.report, plain.files)
    assert siblings(plain, [other]) == [plain, other]


def test_it_is_not_trained_like_a_plain_run(plain, steered):
    codes = shipped("fashion-vqvae-d2-k256-ema-s0")
    assert trained_alike(codes, plain)
    assert not trained_alike(codes, steered)
    assert not trained_alike(codes, changed(plain.id, step=300))
    assert not trained_alike(codes, changed(plain.id, BETA))


def test_its_label_its_card_and_a_chip_say_so(plain, steered):
    assert catalog.label_of(plain.info) == "z = 2"
    assert catalog.label_of(steered.info) == "z = 2 · seed 1 · ✎ 1 · 300/8000"
    assert changed_chips(plain.info, "en") == ()
    said, stopped = changed_chips(steered.info, "en")
    assert "step 100 β of the KL: 1 → 20" in said
    assert stopped == "Stopped at step 300 of 8,000."
    card = model_card(steered.info, steered.report, load_image_set("fashion"))
    assert "Stopped at step 300 of 8000." in card
    assert "- after step 100: beta 1.0 → 20.0" in card
    assert "Changed" not in model_card(plain.info, plain.report, load_image_set("fashion"))


def test_it_has_no_place_on_the_curve_over_beta(plain, steered):
    assert sweep._swept(plain, False, "en") is not None
    assert sweep._swept(steered, False, "en") is None


def test_settings_are_those_of_the_step():
    policy = Intervention(200, "dead_codes", "restart", "keep")
    run = changed("fashion-vqvae-d2-k256-ema-s0", Intervention(100, "decay", 0.5, 0.99), policy)
    assert [run.info.config_at(step).decay for step in (0, 99, 100, 5000)] == [0.99, 0.99, 0.5, 0.5]
    assert [run.info.config_at(step).dead_codes for step in (199, 200)] == ["keep", "restart"]
    moves = _moves(run)
    steps = run.trace.frame_steps
    assert np.array_equal(np.array(moves.decays) == 0.5, steps >= 100)
    assert moves.rates[0] == pytest.approx(2e-3)
    assert moves.rates[-1] == pytest.approx(0, abs=1e-9)


def test_restarts_are_seen_from_when_they_may_have_happened():
    name = "fashion-vqvae-d2-k256-snippet-s0"  # codes without hits move there by themselves
    assert not restarted(shipped(name)).any()
    steps = shipped(name).trace.frame_steps
    from_then = np.any(restarted(changed(name, Intervention(200, "dead_codes", "restart", "keep"))), axis=1)
    assert not from_then[steps <= 200].any()
    assert from_then[steps > 200].any()
    once = np.any(restarted(changed(name, Intervention(int(steps[20]), "restart"))), axis=1)
    assert np.flatnonzero(once).tolist() == [21]
