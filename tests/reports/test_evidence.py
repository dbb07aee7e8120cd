"""The section "evidence" of a report: what each kind gets, that it repeats, and that `evaluate` keeps it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from explorer import cli
from explorer.cli import commands
from explorer.latent import encode_images
from explorer.reports import evidence
from explorer.reports import prior as prior_reports
from explorer.reports.evidence import code_bounds, draws_of, evidence_report, fixed_rows
from explorer.runs import SHIPPED, load_run
from explorer.streams import stream
from tests.tiny import tiny_set
from tests.tiny_runs import run_with_prior, trained_run


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for module in (commands, prior_reports):
        monkeypatch.setattr(module, "load_image_set", lambda name: tiny_set())
    monkeypatch.setattr(evidence, "IMAGES", 12)
    monkeypatch.setattr(evidence, "DRAWS", 100)
    monkeypatch.chdir(tmp_path)


def test_a_vae_of_two_numbers_gets_bounds_and_the_evidence(capsys: pytest.CaptureFixture[str]):
    run = trained_run("vae")
    assert cli.main(["evidence", "./vae", "--json"]) == 0
    section = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert "evidence" not in load_run(Path("vae")).report  # only measured, not written
    assert section | {"id": run.id} == evidence_report(run, tiny_set()) | {"id": run.id}
    assert (section["n"], section["s2"], section["draws"]) == (12, run.info.s2, 100)
    curve, exact = section["iwae"], section["log_px"]
    assert curve["k"] == [1, 2, 5, 10, 20, 50, 100]
    assert exact["accepted"] == 12
    assert curve["nats"][0] == pytest.approx(section["reconstruction_nats"] - section["kl_nats"], abs=0.05)
    errors = np.array(curve["monte_carlo_error"])
    assert (np.array(curve["nats"]) <= exact["nats"] + 3 * errors).all()
    assert curve["nats"][0] + exact["gap_nats"] == pytest.approx(exact["nats"], abs=3 * errors[0] + 0.01)
    assert [split["images"] for split in section["kl_split"]] == [30, 15]
    assert "generation" not in section


def test_it_is_written_and_kept_by_evaluate(capsys: pytest.CaptureFixture[str]):
    trained_run("vae")
    assert cli.main(["evidence", "./vae", "--write"]) == 0
    said = capsys.readouterr().out
    assert "ELBO" in said
    assert "12 of 12 accepted" in said
    written = load_run(Path("vae")).report["evidence"]
    assert "| log p(x), integrated |" in Path("vae/README.md").read_text()
    assert cli.main(["evaluate", "./vae", "--write"]) == 0
    assert load_run(Path("vae")).report["evidence"] == written
    assert "| log p(x), integrated |" in Path("vae/README.md").read_text()


def test_a_vq_vae_gets_a_bound_with_each_prior(capsys: pytest.CaptureFixture[str]):
    run = run_with_prior("vqvae")
    assert cli.main(["evidence", "./vqvae", "--write"]) == 0
    run = load_run(Path("vqvae"))
    bounds = run.report["evidence"]["bounds"]
    assert sorted(bounds) == ["frequencies", "learned", "uniform"]
    assert bounds["uniform"]["prior_nats"] == pytest.approx(4 * math.log(8))
    for found in bounds.values():
        assert found["nats"] == pytest.approx(run.report["evidence"]["reconstruction_nats"] - found["prior_nats"])
    assert "bound on log p(x), learned codes" in Path("vqvae/README.md").read_text()
    assert cli.main(["train-prior", "./vqvae", "--steps", "2", "--batch-size", "16", "--json"]) == 0
    assert "evidence" not in load_run(Path("vqvae")).report  # another prior, other bounds


def test_the_bound_of_codes_is_one_term_of_the_sum():
    run = run_with_prior("vqvae")
    images = tiny_set().images[tiny_set().split("test")][:3]
    likelihoods, costs = code_bounds(run, images)
    x = images.double().numpy() / 255
    indices = encode_images(run.model, images).indices
    assert indices is not None
    error = ((run.model.decode(indices).double().numpy() - x) ** 2).sum((1, 2, 3))
    s2 = run.info.s2 or 0
    assert likelihoods.numpy() == pytest.approx(-error / (2 * s2) - 32 * np.log(2 * np.pi * s2), rel=1e-5)
    assert all((cost > 0).all() for cost in costs.values())


def test_an_ae_has_no_bound(capsys: pytest.CaptureFixture[str]):
    trained_run("ae")
    assert cli.main(["evidence", "./ae", "--write"]) == 0
    assert "no prior" in capsys.readouterr().out
    assert "evidence" not in load_run(Path("ae")).report


def test_draws_weigh_what_they_decode():
    run = trained_run("vae")
    image = tiny_set().images[0].float() / 255
    latent = encode_images(run.model, tiny_set().images[:1])
    assert latent.mean is not None
    assert latent.logvar is not None
    mean, logvar = latent.mean[0], latent.logvar[0]
    found = draws_of(run.model, image, mean, logvar, 0.05, 7, stream(3, "x"))
    epsilon = torch.randn(7, 2, generator=stream(3, "x")).double()
    z = mean.double() + (0.5 * logvar.double()).exp() * epsilon
    error = (run.model.decode(z.float()) - image).double().square().sum((1, 2, 3))
    log_likelihood = -error / 0.1 - 32 * math.log(2 * math.pi * 0.05)
    log_ratio = (-0.5 * z**2 + 0.5 * epsilon**2 + 0.5 * logvar.double()).sum(1)
    assert torch.allclose(found.log_likelihoods, log_likelihood, atol=1e-3)
    assert torch.allclose(found.log_weights, log_likelihood + log_ratio, atol=1e-3)


def test_the_images_are_the_same_for_every_run():
    assert fixed_rows(tiny_set()).tolist() == sorted(set(fixed_rows(tiny_set()).tolist()))
    assert len(fixed_rows(tiny_set())) == 12


def shipped() -> list[Any]:
    folders = sorted(SHIPPED.glob("*/report.json"))
    found = [(path.parent.name, json.loads(path.read_text()).get("evidence")) for path in folders]
    return [pytest.param(section, id=name) for name, section in found if section]


@pytest.mark.parametrize("section", shipped())
def test_shipped_bounds_rise_and_stay_below_the_evidence(section: dict[str, Any]):
    """What was measured of the shipped runs, one-sided at 3 Monte-Carlo errors."""
    if "bounds" in section:
        assert section["n"] > 0
        return
    nats, errors = (np.array(section["iwae"][name]) for name in ("nats", "monte_carlo_error"))
    assert (np.diff(nats) >= -3 * np.hypot(errors[1:], errors[:-1])).all()
    assert (errors <= np.array(section["iwae"]["image_error"])).all()
    if "log_px" in section:
        exact = section["log_px"]
        assert exact["accepted"] == section["n"]
        assert (nats <= exact["nats"] + 3 * errors).all()
        assert nats[0] + exact["gap_nats"] == pytest.approx(exact["nats"], abs=3 * errors[0])
