"""Records that a server was given: named, diagnosed as they are now, and refused in a sentence where there is none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

from explorer.errors import RecordError
from explorer.recorder import Recorder
from explorer.studies.recipes import ANSWERS
from explorer.ui import questions
from explorer.ui.computed import records
from explorer.ui.scene import scene
from explorer.ui.view import default_view


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(records, "_FOLDERS", {})
    return tmp_path / "mine"


def log(folder: Path, steps: range) -> None:
    with Recorder(folder, 16) as recorder:
        for step in steps:
            z_e = torch.randn(300, 4)
            recorder.log(step, z_e=z_e, indices=torch.arange(300) % 12, codebook=torch.zeros(16, 4))


def test_a_record_is_offered_and_read_again_when_it_has_grown(folder: Path):
    log(folder, range(2))
    records.serve_records([folder])
    view = default_view()
    assert scene(view).collapse is None
    shown = scene(type(view)(**{**vars(view), "tab": "collapse"})).collapse
    assert shown is not None
    assert shown.records == ("mine",)
    first = questions.answer("collapse_record", {"record": "mine"})
    assert first["ok"]
    assert "step 1:" in first["sources"][0]
    log(folder, range(2, 6))
    assert "step 5:" in questions.answer("collapse_record", {"record": "mine"})["sources"][0]


def test_what_is_none_is_a_sentence(folder: Path):
    with pytest.raises(RecordError, match="there is no record"):
        records.serve_records([folder])
    for name in ("mine", "../mine", 3, None):
        assert questions.answer("collapse_record", {"record": name})["code"] == "ask_parameter"


def test_a_replay_of_the_example_and_of_a_served_record(folder: Path):
    asked = {"rule": "ema", "init": "kmeans"}
    answer = questions.answer("collapse_replay", asked)
    assert answer["ok"]
    assert answer["happened"]["dead"] > 40 > 8 > answer["replayed"]["dead"]
    log(folder, range(6))
    records.serve_records([folder])
    assert questions.answer("collapse_replay", asked | {"record": "mine"})["replayed"]["codes"] == 16
    assert (
        questions.answer("collapse_replay", asked | {"record": "mine", "num_embeddings": 8})["replayed"]["codes"] == 8
    )
    for wrong in ({"rule": "x"}, {"decay": 2}, {"num_embeddings": 10**6}, {"record": "other"}):
        assert questions.answer("collapse_replay", asked | wrong)["code"] == "ask_parameter"
    assert (
        questions.answer("collapse_replay", asked | {"init": "recorded", "num_embeddings": 8})["code"] == "replay_start"
    )


def test_a_finding_has_the_setting_that_held_in_the_study_with_n_and_seeds():
    answer = questions.answer("collapse_example", {"example": "record"})
    found = {one["cause"]: one["recipe"] for one in answer["findings"]}
    said, flags = found["narrow"]
    assert re.search(r"n = \d+, seeds 0", said)
    assert "--codebook-init" in flags
    assert flags in answer["files"]["html"]
    assert all(bool(recipe) == (cause in ANSWERS) for cause, recipe in found.items())
    assert "种子" in str(questions.answer("collapse_example", {"example": "record", "lang": "zh"})["findings"])
