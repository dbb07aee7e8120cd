"""What the collapse report says to try first: by what it found, and with the study's numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from explorer.collapse.reporting import collapse_report
from explorer.data import examples
from explorer.studies.plan import codebook_cells
from explorer.ui.collapse.reader_report import said
from explorer.ui.collapse.remedies import MEASURED, cures, named


def report(path: Path, codebook: np.ndarray, indices: np.ndarray):
    np.savez(path / "x.npz", codebook=codebook.astype("f4"), indices=indices)
    return collapse_report([(path / "x.npz", "")])


def keys(made) -> list[str]:
    return [key for key, _ in named(made)]


def test_many_dead_codes_get_the_list_and_few_do_not(tmp_path: Path):
    codes = np.random.default_rng(0).normal(size=(100, 4))
    usual = ["restart", "rotation", "kmeans", "size", "rule"]
    assert keys(report(tmp_path, codes, np.arange(9000) % 90)) == usual
    assert keys(report(tmp_path, codes, np.arange(9100) % 91)) == []
    assert keys(report(tmp_path, codes, np.arange(900) % 90)) == ["count", *usual]
    assert keys(report(tmp_path, codes.T, np.arange(9000) % 2)) == [], "perhaps transposed"
    codes[50:] *= 1e-3
    assert keys(report(tmp_path, codes, np.arange(9000) % 50)) == usual
    codes[50:] = codes[0]
    assert keys(report(tmp_path, codes, np.arange(9000) % 100)) == ["merge"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_shipped_study_stands_behind_the_sentences(lang: str):
    made = collapse_report([(examples.FOLDER / "gradient-d64.npz", "")])
    found = {key: sentence for key, _, sentence in cures(made, lang)}
    assert "503 → 0" in found["restart"]
    assert "461 → 2" in found["rotation"]
    assert "461 → 366" in found["kmeans"]
    assert "96" in found["size"], "codes that this file's indices name"
    assert [key for key, _, _ in said(made, lang)["tries"]] == list(found)


def test_cures_name_cells_of_the_plan():
    ids = {cell.id for cell in codebook_cells()}
    assert {cell for cells in MEASURED.values() for cell in cells.values()} <= ids
