"""The table of reproductions is what its script writes, and its verdicts follow from the runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.studies.plan import codebook_cells
from explorer.studies.remedies import REMEDIES
from explorer.studies.summary import CellSummary, summaries
from scripts import reproductions as made
from scripts.marked_tables import refreshed

CELL = codebook_cells()[0]


def runs(dead: tuple[int, ...], psnr: float = 18.0, distortion: float = 0.1) -> CellSummary:
    n = len(dead)
    return CellSummary(CELL, tuple(range(n)), dead, (9.0,) * n, (psnr,) * n, (distortion,) * n, (0,) * n)


def test_the_document_says_what_the_runs_say():
    document = made.DOCUMENT.read_text()
    assert document == refreshed(document, {"published": lambda: made.written(summaries())})
    assert {each.remedy for each in made.PUBLISHED} <= {remedy.name for remedy in REMEDIES}


@pytest.mark.parametrize("own, plain, said", [
    (runs((0, 3, 9)), runs((200, 210)), "holds here: 99% in use"),
    (runs((80, 100, 120)), runs((200, 210)), "the direction holds, not the figure: 61% in use"),
    (runs((80, 100, 205)), runs((200, 210)), "does not hold here: 61% in use"),
    (runs((80, 100)), runs(()), "65% in use; its twin is not trained yet"),
    (runs(()), runs((3,)), "not trained yet"),
])  # fmt: skip
def test_a_usage_is_judged_by_its_figure_and_then_by_its_twin(own: CellSummary, plain: CellSummary, said: str):
    assert CELL.num_embeddings == 256
    assert made.verdict(made.PUBLISHED[1], own, plain) == said


def test_a_direction_counts_where_all_seeds_agree():
    claim = replace(made.PUBLISHED[1], usage=None)
    plain = runs((200, 210))
    assert made.verdict(claim, runs((3, 9), 19.0, 0.05), plain).startswith("holds here in 3 of 3: usage, PSNR, quant")
    assert made.verdict(claim, runs((3, 9), 17.0, 0.05), plain) == "holds here in 2 of 3: usage, quantization error"
    assert made.verdict(claim, runs((199, 201), 18.0, 0.2), plain) == "does not hold here"
