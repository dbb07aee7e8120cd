"""Documents do not go stale where they state a figure that a file holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stated_figures import Figure, figures

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_states_is_what_the_file_holds(path: Path):
    assert [figure for figure in figures(path.read_text(encoding="utf-8"), ROOT) if not figure.agrees] == []


def test_documents_do_name_their_files():
    assert sum(len(list(figures(path.read_text(encoding="utf-8"), ROOT))) for path in DOCUMENTS) >= 8


def test_a_stale_figure_is_found(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps({"b": {"c": [3.0, 1.2345, 2.0]}, "n": 25000}))
    said = "**1.23**<!-- figure a.json b.c min -->, 2<!-- figure a.json b.c last -->, 25,000<!-- figure a.json n -->"
    assert all(figure.agrees for figure in figures(said, tmp_path))
    assert [figure.written for figure in figures(said, tmp_path)] == ["1.23", "2", "25,000"]
    stale = said.replace("1.23", "1.24").replace("25,000", "25,001")
    assert [figure for figure in figures(stale, tmp_path) if not figure.agrees] == [
        Figure("1.24", 1.2345),
        Figure("25,001", 25000.0),
    ]
    with pytest.raises(KeyError):
        list(figures("3<!-- figure a.json b.d -->", tmp_path))
