"""The plan of what takes hours: everything in it once, by worth, and stopped while something else needs the machine."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from scripts import long
from scripts.checkpoints import PRIOR_STEPS, planned


@pytest.fixture(autouse=True)
def _own_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate that runs these tests has written itself into the real file, which would pause them for ever."""
    monkeypatch.setattr(long, "PAUSE", tmp_path / "pause")
    monkeypatch.setattr(long, "LOG", tmp_path / "log")
    monkeypatch.setattr(long, "POLL", 0.05)


def test_everything_that_is_planned_is_trained_and_then_made_whole():
    jobs = long.jobs()
    assert len(jobs) == len(set(jobs))
    for name in planned("faces"):
        assert jobs.index(("train", name)) < jobs.index(("whole", name))
    assert next(job for job in jobs if job[0] != "prior") == ("train", "faces-vae-z2-s0")
    judged = jobs.index(("judge", "faces"))
    assert all(jobs.index(job) > judged for job in jobs if job[0] == "whole")


def test_what_faces_keep_is_measured_once_a_run_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(long, "SHIPPED", tmp_path)
    monkeypatch.setattr(long, "is_finished", lambda folder: folder.exists())
    folder = tmp_path / "faces-vae-z2-s0"
    assert ("factors", folder.name) in long.jobs()
    assert long.commands("factors", folder.name) == []
    folder.mkdir()
    (folder / "report.json").write_text("{}")
    assert [words[3:] for words in long.commands("factors", folder.name)] == [["factors", str(folder), "--write"]]
    (folder / "report.json").write_text('{"factors": {}}')
    assert long.commands("factors", folder.name) == []


def test_every_vae_and_vqvae_gets_a_prior_of_full_length_and_those_that_are_compared_first(tmp_path, monkeypatch):
    names = [name for what, name in long.jobs() if what == "prior"]
    plans = {name: settings for data in PRIOR_STEPS for name, settings in planned(data).items()}
    assert set(names) == {name for name, settings in plans.items() if settings["model"] != "ae"}
    assert names[0] == "fashion-vae-z2-spatial-b0.5-s0"
    monkeypatch.setattr(long, "SHIPPED", tmp_path)
    monkeypatch.setattr(long, "is_finished", lambda folder: folder.exists())
    folder = tmp_path / "fashion-vqvae-d2-k16-ema-s0"
    assert long.commands("prior", folder.name) == []
    folder.mkdir()
    (folder / "report.json").write_text('{"evidence": {}}')
    assert [words[3] for words in long.commands("prior", folder.name)] == ["train-prior", "evidence"]
    (folder / "prior.json").write_text('{"settings": {"steps": 1350}}')
    assert "2700" in long.commands("prior", folder.name)[0]
    (folder / "prior.json").write_text('{"settings": {"steps": 2700}}')
    assert long.commands("prior", folder.name) == []


@pytest.mark.parametrize(
    "written, expected",
    [(None, False), ("", True), ("{this}", True), ("999999999", False), ("by hand", True)],
)
def test_it_is_paused_while_the_named_process_lives(written, expected):
    if written is not None:
        long.PAUSE.write_text(written.format(this=os.getpid()))
    assert long.paused() is expected


def test_a_paused_command_stands_still_and_ends_after_it(monkeypatch):
    answers = iter([False, True, False])
    monkeypatch.setattr(long, "paused", lambda: next(answers, False))
    states = []
    real = os.killpg

    def noted(pid, sent):
        states.append(sent.name)
        real(pid, sent)

    monkeypatch.setattr(os, "killpg", noted)
    began = time.monotonic()
    assert long.run([sys.executable, "-c", "import time; time.sleep(0.4); print('done')"]) == 0
    assert states == ["SIGSTOP", "SIGCONT"]
    assert long.LOG.read_text() == "done\n"
    assert time.monotonic() - began >= 0.4


def test_a_failed_job_is_named_with_its_status(monkeypatch):
    failing = [sys.executable, "-c", "raise SystemExit(3)", "a", "b"]
    monkeypatch.setattr(long, "commands", lambda what, name: [failing, failing])
    assert long.do("whole", "x") == "whole x: a b ended with 3\n"
