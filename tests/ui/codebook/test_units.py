"""The VAE's side of the film: what it says of units, of which film, and of runs that kept none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer.metrics.posterior import ACTIVE_VARIANCE, SILENT_NATS, posterior_use
from explorer.runs import load_run
from explorer.training.trace import Trace
from explorer.ui import questions
from explorer.ui.computed import catalog, units
from explorer.ui.computed.units import ELLIPSES, STUDY, film_in, kl_of, study_films
from tests.ui.codebook.conftest import STEPS, train
from tests.ui.conftest import EMOJI_VAE, VAE, VAE16

PLANE, GRID, WIDE = "filmed-vae", "filmed-grid", "filmed-wide"


@pytest.fixture(scope="session")
def unit_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("units")
    train(root, PLANE, "", model="vae", latent_dim=2)
    train(root, GRID, "", model="vae", latent_dim=3, spatial=True)
    train(root, WIDE, "", model="vae", latent_dim=5, trace="scalars", kept_weights=0)
    return root


@pytest.fixture(autouse=True)
def filmed(runs: Path, unit_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_RUNS", str(unit_root))
    return unit_root


def asked(**values: object) -> dict[str, Any]:
    said = questions.answer("units", {"data": "fashion", **values})
    assert said["ok"], said
    json.dumps(said, allow_nan=False)
    return said


@pytest.mark.parametrize("run, count", [(PLANE, 2), (GRID, 3), (WIDE, 5)])
def test_bars_are_the_kl_that_the_film_kept(run: str, count: int) -> None:
    said, trace = asked(film=run), catalog.run(run).trace
    assert said["film"] == run
    assert said["steps"] == list(range(STEPS + 1)) == trace.frame_steps.tolist()
    assert np.shape(said["kl"]) == (STEPS + 1, count)
    assert np.allclose(said["kl"], trace.frames["kl_units"], atol=1e-4)
    assert said["silent"] == (trace.frames["kl_units"] < SILENT_NATS).sum(1).tolist()
    assert (said["ellipses"] is not None) == (run == PLANE)
    assert ("channel" in str(said["caption"])) == (run == GRID)


def test_a_sentence_says_of_each_frame_what_its_bars_show() -> None:
    said = asked(film=WIDE)
    for step, row, sentence in zip(said["steps"], said["kl"], said["sentences"], strict=True):
        silent = sum(nats < SILENT_NATS for nats in row)
        assert f"Step {step} of {STEPS}: {silent} of 5 units silent" in sentence
        assert f"{sum(row):.2f} nats" in sentence or abs(sum(row) * 100 % 1 - 0.5) < 0.06  # to the last digit


def test_ellipses_are_the_posteriors_of_the_films_own_pictures() -> None:
    said, trace = asked(film=PLANE), catalog.run(PLANE).trace
    mean, sigma = (np.array(said["ellipses"][name]) for name in ("mean", "sigma"))
    assert mean.shape == sigma.shape == (STEPS + 1, ELLIPSES, 2)
    kept = {tuple(row) for row in np.round(trace.frames["probe_latents"][-1].astype(float), 3).tolist()}
    assert {tuple(row) for row in mean[-1].tolist()} <= kept
    assert (sigma > 0).all()


def test_a_film_of_the_older_format_is_measured_on_its_own_posteriors() -> None:
    trace = catalog.run(PLANE).trace
    old = replace(trace, frames={name: a for name, a in trace.frames.items() if name != "kl_units"})
    film = film_in(old, 500, spatial=False)
    assert film is not None
    assert film.probed
    mean, logvar = (torch.tensor(trace.frames[f"probe_{name}"][3].astype(np.float64)) for name in ("latents", "logvar"))
    assert np.allclose(film.kl[3], posterior_use(mean, logvar).kl_per_unit.numpy(), atol=1e-9)
    assert film_in(Trace("scalars", np.zeros(1, np.int32)), 500, spatial=False) is None


def test_frames_that_nobody_measured_are_left_out() -> None:
    trace = catalog.run(WIDE).trace
    holes = trace.frames["kl_units"].copy()
    holes[:2] = np.nan
    film = film_in(replace(trace, frames={"kl_units": holes}), 500, spatial=False)
    assert film is not None
    assert film.steps.tolist() == list(range(2, STEPS + 1))


def test_the_run_on_the_left_is_shown_or_said_to_have_no_film() -> None:
    assert asked(left=WIDE)["film"] == WIDE
    assert asked(left=WIDE)["note"] == ""
    said = asked(left=VAE16)
    assert said["film"] != VAE16
    assert VAE16 in str(said["note"])
    assert asked(left="no-such-run")["note"] == ""
    assert not questions.answer("units", {"data": "fashion", "film": VAE})["ok"]


def test_films_of_the_study_stand_beside_the_runs_and_a_set_without_any_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = study_films()
    assert names
    said = asked(film=names[0], lang="zh")
    assert np.shape(said["kl"])[1] == 32
    assert "研究" in dict(said["films"])[names[0]]
    assert names[0].startswith(STUDY)
    monkeypatch.setattr(units, "STUDIES_ROOT", tmp_path)
    none = asked(data="emoji", left=EMOJI_VAE)
    assert (none["film"], none["films"]) == ("", [])
    assert EMOJI_VAE in str(none["note"])
    assert "emoji" in str(asked(data="emoji")["note"])


@pytest.mark.parametrize("scale", [0.02, 0.1, 0.3])
def test_less_than_a_hundredth_of_a_nat_bounds_how_far_a_mean_can_vary(scale: float) -> None:
    generator = torch.Generator().manual_seed(0)
    mean = scale * torch.randn(4000, 1, generator=generator, dtype=torch.float64)
    logvar = 0.1 * torch.randn(4000, 1, generator=generator, dtype=torch.float64)
    nats = kl_of(mean.numpy()[None], logvar.numpy()[None])[0, 0]
    assert nats >= float(mean.square().mean()) / 2
    assert nats >= SILENT_NATS or float(mean.var()) < 2 * ACTIVE_VARIANCE


def test_films_are_found_without_being_read(unit_root: Path) -> None:
    run = load_run(unit_root / PLANE)
    assert units.has_units(run.id)
    assert not units.has_units(VAE)
    assert not units.has_units("no-such-run")
