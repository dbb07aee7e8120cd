"""What `make mutants` counts, and by which tests it holds a module."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts import mutants
from scripts.mutants import ROOT, Mutant, is_tolerance, modules, natural_tests, shares, wilson


@pytest.mark.parametrize("literal", ["1e-12", "0.001", "1e-3", "0.0005", "1000", "1e3", "20_000_000"])
def test_small_floats_and_large_numbers_are_tolerances(literal: str):
    assert is_tolerance(literal)


@pytest.mark.parametrize("literal", ["0", "0.0", "0.01", "1", "999", "0x1f", "1j"])
def test_other_numbers_are_not(literal: str):
    assert not is_tolerance(literal)


def test_the_interval_of_a_share():
    assert wilson(34, 40) == pytest.approx((0.709, 0.929), abs=1e-3)  # Wilson 1927, as R's prop.test without correction
    assert wilson(40, 40) == pytest.approx((0.912, 1), abs=1e-3)
    assert wilson(0, 40) == pytest.approx((0, 0.088), abs=1e-3)


def test_a_module_is_held_by_the_file_of_its_name_or_by_those_that_know_it():
    def names(module: str) -> list[str]:
        return [path.name for path in natural_tests(ROOT / "explorer" / module)]

    assert names("metrics/rate.py") == ["test_rate.py"]
    assert names("metrics/iwae.py") == ["test_evidence.py"]
    assert 0 < len(names("models/vqvae.py")) <= mutants.MOST_FILES


def test_of_the_runs_only_what_reads_and_writes_them_is_changed():
    found = {str(path.relative_to(ROOT / "explorer")) for path in modules([])}
    assert {"models/fsq.py", "metrics/rate.py", "training/loop.py", "runs/reading.py", "models/prior/base.py"} <= found
    assert not {"runs/hub.py", "runs/card.py", "models/__init__.py"} & found
    assert modules(["metrics/rate.py"]) == [ROOT / "explorer/metrics/rate.py"]


def test_the_table_counts_by_module_and_in_all():
    fates = {"explorer/metrics/rate.py": ("killed", "survived", "late"), "explorer/models/fsq.py": ("killed",)}
    found = [Mutant(module, "NumberReplacer", 0, 1, fate) for module, many in fates.items() for fate in many]
    rows = shares(found).splitlines()[2:]
    assert [row.split(" | ")[2] for row in rows] == ["2 of 3", "1 of 1", "3 of 4"]


def test_a_mutant_that_was_tried_is_not_tried_again(monkeypatch: pytest.MonkeyPatch):
    path = ROOT / "explorer/metrics/rate.py"
    draws = [Mutant("explorer/metrics/rate.py", "NumberReplacer", number, number) for number in range(3)]
    monkeypatch.setattr(mutants, "drawn", lambda path, number, seed: draws[:number])
    monkeypatch.setattr(mutants, "_tried", lambda mutant, path, patience: replace(mutant, fate="killed"))
    known = replace(draws[1], fate="survived", held=mutants.state_of(path))
    assert [each.fate for each in mutants.tried([path], 3, 0, 1.0, [known])] == ["killed", "survived", "killed"]
    other = replace(known, held="as it was")
    assert [each.fate for each in mutants.tried([path], 3, 0, 1.0, [other])] == ["killed"] * 3
    assert [each.fate for each in mutants.tried([path], 3, 0, 0.0, [known])] == ["survived"]
