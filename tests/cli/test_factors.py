"""`explorer factors` says what it found in a line, and keeps it in the report."""

from __future__ import annotations

import json

import pytest

from explorer import cli
from explorer.cli.factors import said
from explorer.runs import load_run

SECTION = {
    "names": ["hair", "hat"],
    "keeping": {"kept": [0.5, 0.9], "chance": [0.03, 0.8], "original": [0.9, 1.0], "n": [9, 10]},
    "apart": {"dci": {"disentanglement": 0.25, "completeness": 0.5}},
}


@pytest.fixture
def measured(monkeypatch):
    from explorer.classifier import load_classifier
    from explorer.data import load_image_set

    seen = []

    def report(run, image_set, classifier):
        assert image_set is load_image_set("faces")
        assert classifier is load_classifier("faces")
        seen.append(run.id)
        return SECTION

    monkeypatch.setattr("explorer.cli.factors.factors_report", report)
    return seen


def test_one_line_names_the_feature_that_is_kept_most_beyond_chance():
    assert said(SECTION) == "hair is kept in 50.0% (guessing 3.0%); disentanglement 0.25, completeness 0.50"
    assert "more codes" in said({"names": ["hair"]})


def test_it_is_kept_with_the_run_and_the_rest_of_its_report_stays(measured, tmp_path, capsys):
    from explorer.files.shipped import shipped_folder

    run = tmp_path / "mine"
    run.mkdir()
    for file in (shipped_folder() / "faces-vae-z2-s0").iterdir():
        (run / file.name).write_bytes(file.read_bytes())
    before = load_run(run).report
    assert cli.main(["factors", str(run), "--json", "--write"]) == 0
    assert json.loads(capsys.readouterr().out)["names"] == ["hair", "hat"]
    after = load_run(run).report
    assert after["factors"] == SECTION
    assert {name: value for name, value in after.items() if name != "factors"} == {
        name: value for name, value in before.items() if name != "factors"
    }
    assert measured == ["faces-vae-z2-s0"]


def test_a_run_of_pictures_of_which_nothing_is_known_is_refused(capsys):
    assert cli.main(["factors", "fashion-vae-z2-s0"]) == 2
    assert "factors.csv" in capsys.readouterr().err
