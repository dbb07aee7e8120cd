"""The study's part: what it says without runs, with one seed, and with all; and the examples of the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.data import examples
from explorer.studies import files, summary
from explorer.studies.member import Member
from explorer.studies.plan import Cell, codebook_cells
from explorer.ui import questions
from explorer.ui.collapse.studied import remedy_rows


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(summary, "STUDIES_ROOT", tmp_path)
    return tmp_path / "codebook"


def keep(folder: Path, cell: Cell, seed: int, dead: int) -> None:
    test = {"dead": dead, "perplexity": 20.0, "psnr_db": 18.5, "distortion": 0.1, "latent_variance": 0.5}
    record = {"cell": cell.id, "seed": seed, "test": test, "restarts": 0, "config": {}}
    files.save_member(files.member_path(folder, cell.id, seed), Member(record, {}))


def test_without_a_run_it_says_so(folder: Path):
    answer = questions.answer("study", {"size": ""})
    assert answer["ok"]
    assert (answer["sizes"], answer["figure"]) == ([], None)
    assert "make study" in answer["standing"]
    assert {row["dead"] for row in remedy_rows("en")} == {"not trained yet"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_dot_for_each_seed_and_the_remedies_beside_their_twins(folder: Path, lang: str):
    cells = {cell.id: cell for cell in codebook_cells()}
    for seed in (0, 1, 2):
        keep(folder, cells["fashion-d64-k512-gradient-uniform"], seed, 400 + seed)
        keep(folder, cells["fashion-d64-k512-gradient-uniform-entropy"], seed, 10 * seed)
    keep(folder, cells["fashion-d2-k256-hold-uniform"], 0, 3)
    answer = questions.answer("study", {"lang": lang, "size": "fashion-d64-k512"})
    assert {name for name, _ in answer["sizes"]} == {"fashion-d2-k256", "fashion-d64-k512"}
    dots = [trace for trace in answer["figure"]["data"] if trace["mode"] == "markers"]
    assert [len(trace["text"]) for trace in dots] == [3, 3]
    rows = remedy_rows(lang)
    entropy = rows[0]
    assert "Yu 2023" in entropy["name"], "what brought codes back comes first, what is not trained last"
    assert entropy["dead"] == "401 (400–402) → 10 (0–20)"
    assert entropy["psnr"] == "18.50 (18.50–18.50) → 18.50 (18.50–18.50)"
    assert entropy["n"] == "3, 3"
    keep(folder, cells["fashion-d3-k512-gradient-uniform-fsq"], 0, 47)
    alone = next(row for row in remedy_rows("en") if row["remedy"] == "fsq")
    assert alone["dead"] == "not trained yet → 47", "its twin is missing, and that is said"
    assert "7" in answer["standing"]
    one = questions.answer("study", {"lang": lang, "size": "fashion-d2-k256"})["figure"]
    assert "n = 1" in one["data"][0]["name"]
    assert questions.answer("study", {"size": "nonsense"})["code"] == "ask_parameter"


@pytest.mark.parametrize("name", examples.NAMES)
def test_examples_answer_in_both_languages(name: str):
    english, chinese = (questions.answer("collapse_example", {"example": name, "lang": lang}) for lang in ("en", "zh"))
    assert english["file"] == chinese["file"] == examples.NAMES[name].file
    assert english["shows"] != chinese["shows"]
    assert any(english["charts"].values())
