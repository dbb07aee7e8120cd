"""The codebook study: dots for each cell of one image set and size."""

from __future__ import annotations

import re
from typing import Any

from explorer.plots.study import Row, dots_figure
from explorer.studies.plan import COMMON
from explorer.studies.summary import CellSummary, planned_members, summaries
from explorer.ui.questions.params import Params
from explorer.ui.scene.bar import set_label
from explorer.ui.text import COMMA, TEXTS, text

SEEDS_ASKED = 3
#: Code positions of each set's test split.
TEST_VECTORS = {"fashion": 5000 * 49, "emoji": 336 * 64, "faces": 5000 * 64}


def answer(params: Params) -> dict[str, Any]:
    """Asked for with `size` ("fashion-d64-k512"; "" is the first that has runs).

    Answers `sizes` as (name, label), the `size` shown, its `figure` or None, `standing` and `lead`.
    """
    lang, found = params.lang, summaries()
    done = sum(len(summary.seeds) for summary in found)
    sizes = list(dict.fromkeys(_size(summary) for summary in found if summary.seeds))
    size = params.choice("size", ("", *sizes)) or next(iter(sizes), "")
    shown = [summary for summary in found if summary.seeds and _size(summary) == size]
    return {
        "sizes": [[name, _size_label(name, lang)] for name in sizes],
        "size": size,
        "figure": dots_figure([_row(summary, lang) for summary in shown], text("codebook.study.axis", lang))
        if shown
        else None,
        "lead": text("codebook.study.lead", lang, steps=COMMON["steps"], vectors=_vectors(size)),
        "standing": _standing(done, planned_members(found), lang),
    }


def _standing(done: int, planned: int, lang: str) -> str:
    state = "empty" if not done else "standing" if done < planned else "whole"
    return text(f"codebook.study.{state}", lang, done=done, planned=planned)


def _size(summary: CellSummary) -> str:
    return f"{summary.cell.data}-{summary.cell.size}"


def _size_label(name: str, lang: str) -> str:
    data, d, k = name.split("-")
    return COMMA[lang].join([set_label(data, lang), f"D = {d[1:]}", f"K = {k[1:]}"])


def _vectors(size: str) -> str:
    """Test vectors that a count of dead codes rests on."""
    return f"{TEST_VECTORS.get(size.split('-')[0], TEST_VECTORS['fashion']):,}"


def cell_label(summary: CellSummary, lang: str) -> str:
    """A cell's name on the axis."""
    cell = summary.cell
    parts = [text(f"codebook.study.rule.{cell.rule}", lang), text(f"codebook.study.init.{cell.init}", lang)]
    parts += [variant_label(cell.variant, lang)] if cell.variant else []
    parts += [text("codebook.study.seeds", lang, n=len(summary.seeds))] if len(summary.seeds) < SEEDS_ASKED else []
    return COMMA[lang].join(parts)


def variant_label(variant: str, lang: str) -> str:
    """What else differs in a cell: a remedy (in Chinese by its title, in English by its key), or a setting's value."""
    if lang == "zh" and f"codebook.remedy.{variant}" in TEXTS:
        return text(f"codebook.remedy.{variant}", lang)
    found = re.fullmatch(r"(lr|decay|w|)([\d.]+)", variant)
    return text(f"codebook.study.variant.{found[1] or 'steps'}", lang, value=found[2]) if found else variant


def _row(summary: CellSummary, lang: str) -> Row:
    cell, label = summary.cell, cell_label(summary, lang)
    texts = tuple(
        text(
            "codebook.study.dot",
            lang,
            cell=label,
            seed=seed,
            dead=dead,
            codes=cell.num_embeddings,
            perplexity=f"{perplexity:.0f}",
            psnr=f"{psnr:.2f}",
        )
        for seed, dead, perplexity, psnr in zip(
            summary.seeds, summary.dead, summary.perplexity, summary.psnr_db, strict=True
        )
    )
    return Row(label, cell.rule, tuple(100 * dead / cell.num_embeddings for dead in summary.dead), texts)
