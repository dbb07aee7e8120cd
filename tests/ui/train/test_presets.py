"""Presets: what they send, and what they do to a training on its way. `scripts/presets.py` trains them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.data import load_image_set
from explorer.jobs import service
from explorer.jobs import spool as spool
from explorer.jobs.home import visitor_folder
from explorer.jobs.states import history_file, history_of
from explorer.jobs.trainer import Work
from explorer.training.config import RunConfig
from explorer.training.interventions import Intervention, check
from explorer.training.loop import Trainer
from explorer.ui import questions
from explorer.ui.computed.presets import PLANS, PRESETS
from explorer.ui.text import TEXTS
from scripts.presets import PROMISES
from tests.tiny import tiny_config

TOKEN = "a" * 32
KILL = Intervention(3, "kill", 0.5)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A spool of its own, whose jobs stay queued."""
    monkeypatch.setenv("EXPLORER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(service, "start", lambda job, files: None)


def test_each_preset_has_a_promise_that_is_tried():
    assert PROMISES.keys() == PRESETS.keys() >= PLANS.keys()
    for name, sides in PRESETS.items():
        assert f"train.preset.{name}.promise" in TEXTS
        for side in sides:
            assert RunConfig(**side)
    for name, plan in PLANS.items():
        for change in plan:
            assert all(check(RunConfig(**side), change.what, change.value) is not None for side in PRESETS[name])
            assert change.step < min(int(side["steps"]) for side in PRESETS[name])


@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_can_be_named_by_the_page(name):
    settings = {"model": "vqvae", "num_embeddings": 8, "width": 4, "steps": 4, "batch_size": 8}
    assert questions.answer("train_start", {"configs": [settings], "preset": name, "mine": TOKEN})["ok"]


def test_two_sides_differ_in_one_setting_wherever_they_are_of_one_kind():
    for left, right in (sides for sides in PRESETS.values() if sides[0]["model"] == sides[1]["model"]):
        one, other = RunConfig(**left).to_dict(), RunConfig(**right).to_dict()
        assert len([key for key in one if one[key] != other[key]]) == 1


def test_a_started_preset_brings_its_plan_to_every_side():
    settings = {"model": "vqvae", "num_embeddings": 8, "width": 4, "steps": 400, "batch_size": 8}
    found = questions.answer("train_start", {"configs": [settings, settings], "preset": "kill", "mine": TOKEN})
    (job,) = spool.jobs_of(visitor_folder(TOKEN))
    assert found["job"] == job.id
    assert [history_of(job, side) for side in (0, 1)] == [[*PLANS["kill"]]] * 2
    told = questions.answer("train_state", {"job": job.id, "mine": TOKEN})
    assert told["history"] == [], "what is planned has not happened"
    assert (
        questions.answer("train_start", {"configs": [settings], "preset": "x", "mine": TOKEN})["code"]
        == "ask_parameter"
    )


def test_a_plan_is_no_plan_for_who_cannot_be_changed_so():
    configs = [tiny_config(model="vae", steps=9), tiny_config(steps=9)]
    job = service.begin(TOKEN, configs, plan=(KILL,))
    assert [history_of(job, side) for side in (0, 1)] == [[], [KILL]]


def test_what_is_planned_happens_at_its_step_and_what_comes_before_it_comes_before_it():
    """A reader's own change at step 1 does not wait for the planned one, and a new trainer meets both as the first."""
    job = service.begin(TOKEN, [tiny_config(steps=6)], plan=(KILL,))
    work = Work(job, load_image_set("fashion"), lambda *_: None)  # type: ignore[arg-type]
    (trainer,) = work.trainers
    trainer.interventions = history_of(job, 0)
    steps = trainer.run()
    next(steps)
    work.intervene("1.json", {"what": "decay", "value": 0.5})
    assert [change.step for change in trainer.interventions] == [1, 3]
    for _ in steps:
        pass
    assert trainer.intervened == 2
    again = Trainer(job.configs[0], load_image_set("fashion"))
    again.interventions = history_of(job, 0)
    assert again.interventions == [replace(change) for change in trainer.interventions]
    for _ in again.run():
        pass
    assert all(bool((a == b).all()) for a, b in zip(trainer.model.parameters(), again.model.parameters(), strict=True))
    assert history_file(job, 0).exists()
