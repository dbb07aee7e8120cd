"""The codebook study's document: its tables are what the script writes of the finished runs."""

from __future__ import annotations

from functools import partial

from explorer.studies.remedies import REMEDIES
from explorer.studies.summary import summaries
from scripts import codebook_study as study
from scripts.marked_tables import MARKED, refreshed


def test_the_document_says_what_the_runs_say():
    document = study.DOCUMENT.read_text()
    found = summaries()
    written = {name: partial(write, found) for name, write in study.TABLES.items()}
    assert document == refreshed(document, written)
    assert sorted(found[1] for found in MARKED.finditer(document)) == sorted(study.TABLES)


def test_every_remedy_has_its_row():
    rows = study.remedies(summaries()).splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == [f"| {remedy.name}" for remedy in REMEDIES]
