"""The section "generation" of a report: every rung, calibration rows, the same figures for the same seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from explorer import cli
from explorer.classifier import Classifier
from explorer.classifier.network import Network
from explorer.cli import commands
from explorer.cli import prior as prior_commands
from explorer.models import ImageShape
from explorer.reports import prior as prior_reports
from explorer.reports.generation import generation_report, sample_images
from explorer.runs import load_run
from explorer.runs.priors import ladder
from tests.tiny import tiny_set
from tests.tiny_runs import PRIOR, TRAIN, run_with_prior


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    shape = ImageShape(1, 8, 8)
    names = tiny_set().class_names
    return Classifier(
        "fashion", names, 0.5, 30, "0", Network(shape, len(names), seed=0).eval().requires_grad_(False), {}
    )


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, classifier: Classifier):
    for module in (commands, prior_reports):
        monkeypatch.setattr(module, "load_image_set", lambda name: tiny_set())
    monkeypatch.setattr(prior_commands, "load_classifier", lambda name: classifier)
    monkeypatch.chdir(tmp_path)


RUNGS = {"vqvae": ["uniform", "frequencies", "learned"], "vae": ["normal", "simple", "learned"], "ae": ["own_spread"]}


@pytest.mark.parametrize("model", RUNGS)
def test_every_rung_gets_a_row_in_the_report_and_the_card(model: str, capsys: pytest.CaptureFixture[str]):
    run_with_prior(model)
    assert cli.main(["generation", f"./{model}"]) == 0
    assert "KID-clf" in capsys.readouterr().out.splitlines()[-1]
    run = load_run(Path(model))
    section = run.report["generation"]
    assert sorted(section["rows"]) == sorted(RUNGS[model])
    assert list(ladder(run)) == RUNGS[model]
    assert sorted(section["calibration"]) == ["blurred_real", "real_half", "train_copies"]
    assert section["calibration"]["train_copies"]["copies"]["value"] == 1
    for row in section["rows"].values():
        assert (row["n"], row["reference"], len(row["classes"])) == (30, 30, 3)
        assert sum(c["value"] for c in row["classes"]) == pytest.approx(1)
        assert row["manifold"]["coverage"]["low"] <= row["manifold"]["coverage"]["value"]
    assert ("holes" in section) == (model == "vae")
    assert "KID-clf of samples" in (run.folder / "README.md").read_text()


def test_the_section_stays_when_a_run_is_measured_again_and_goes_with_its_prior():
    run_with_prior("vqvae")
    cli.main(["generation", "./vqvae"])
    section = load_run(Path("vqvae")).report["generation"]
    cli.main(["evaluate", "./vqvae", "--write"])
    assert load_run(Path("vqvae")).report["generation"] == section
    cli.main(["train-prior", "./vqvae", *PRIOR, "--seed", "1"])
    assert "generation" not in load_run(Path("vqvae")).report


def test_same_seed_same_figures(classifier: Classifier):
    run = run_with_prior("vqvae")

    def figures(seed: int) -> dict[str, Any]:
        return generation_report(run, tiny_set(), classifier, seed)

    assert figures(3) == figures(3)
    assert figures(3)["rows"]["uniform"] != figures(4)["rows"]["uniform"]


@pytest.mark.parametrize("model", RUNGS)
def test_same_seed_same_pictures_whatever_their_number(model: str):
    run = run_with_prior(model)
    for prior in ladder(run).values():
        many = torch.cat(list(sample_images(run.model, prior, 300, seed=2)))
        few = torch.cat(list(sample_images(run.model, prior, 3, seed=2)))
        assert many.shape == (300, 1, 8, 8)
        assert torch.allclose(many[:3], few, atol=1e-6)


def test_a_spatial_latent_is_drawn_as_a_grid():
    assert cli.main(["train", "--model", "vae", "--spatial", *TRAIN, "--out", "grid"]) == 0
    assert cli.main(["train-prior", "./grid", *PRIOR]) == 0
    run = load_run(Path("grid"))
    for prior in ladder(run).values():
        assert next(sample_images(run.model, prior, 2)).shape == (2, 1, 8, 8)
