"""The clinic's table: plants and configurations evenly spread, halves kept apart, right and false alarms counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from explorer.reports.diagnosis import CAUSES
from scripts import clinic


def test_every_plant_meets_every_configuration_once_a_seed():
    jobs = clinic.jobs()
    assert len(set(jobs)) == len(jobs) == len(clinic.PLANTS) * len(clinic.CONFIGURATIONS) * len(clinic.SEEDS)
    first = Counter(job[1:4] for job in jobs[: 2 * len(clinic.PLANTS)])
    assert max(first.values()) - min(first.values()) <= 2, "a list that is cut short has all of them evenly"
    assert len(clinic.UNSEEN) * 2 == len(clinic.CONFIGURATIONS)
    broken = {name for name in clinic.PLANTS if not name.startswith("healthy")}
    assert broken <= {cause.name for cause in CAUSES}


def test_the_table_keeps_halves_apart(monkeypatch: pytest.MonkeyPatch):
    made = [
        clinic.Answer("wide", False, "wide", False),
        clinic.Answer("wide", True, "killed", False),
        clinic.Answer("narrow", True, "", False),
        clinic.Answer("healthy-ema", True, "", True),
        clinic.Answer("healthy-ema", True, "drift", True),
        clinic.Answer("healthy-ema", True, "drift", False),
    ]
    monkeypatch.setattr(clinic, "answers", lambda: made)
    table = clinic.table()
    assert "| 1 of 1 (21% to 100%) | none |" in table
    assert "| 0 of 2 (0% to 66%) | 1 of 2 (9% to 91%) |" in table
    assert "| wide | wide 1 | killed 1 |" in table
    assert "| narrow | not trained | no clear cause 1 |" in table


def test_a_plant_is_trained_recorded_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clinic, "STEPS", 12)
    monkeypatch.setattr(clinic, "WARM", 2)
    monkeypatch.setattr(clinic, "FOLDER", tmp_path)
    clinic.train("wide", "fashion", 4, 64, 0, tmp_path / "wide-fashion-d4-k64-s0")
    (found,) = clinic.answers()
    assert (found.plant, found.unseen, found.first, found.right) == ("wide", False, "wide", True)
