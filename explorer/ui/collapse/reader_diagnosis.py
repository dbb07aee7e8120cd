"""A diagnosis in the reader's language, with its figures: what the tab Collapse draws of a record."""

from __future__ import annotations

from typing import Any

from explorer.collapse.report import CollapseReport
from explorer.collapse.sketch import sketch_svg
from explorer.plots.collapse import sketch_figure
from explorer.reports.diagnosis import CAUSE_SENTENCES, REMEDIES, Diagnosis, Found
from explorer.studies.recipes import Recipes, recipes
from explorer.ui.collapse.reader_report import said
from explorer.ui.collapse.written import sketch_words
from explorer.ui.text import text
from explorer.ui.text.causes import CHINESE_CAUSES, CHINESE_REMEDIES

#: What no record can tell.
CANNOT = ("quality",)


def said_of_record(found: Diagnosis, lang: str, name: str) -> dict[str, Any]:
    """As `reader_report.said` has it, with `findings` in each codebook: causes, the surest first."""
    record = found.record
    about = text(
        "collapse.record.about",
        lang,
        step=f"{record.frames[-1].step:,}",
        frames=len(record.frames),
        codes=f"{record.num_embeddings:,}",
        dim=record.embedding_dim,
    )
    report = CollapseReport((about,), found.reports(), cannot_tell=tuple((key, {}) for key in CANNOT))
    known = recipes(record.num_embeddings, record.embedding_dim, record.vectors_per_step) if found.causes else None
    levels = range(len(found.codebooks))
    by_level = [[_finding(one, known, lang) for one in found.causes if one.level == level] for level in levels]
    made = said(report, lang, name, findings=by_level, values=found.to_json(), warns=list(record.notes))
    return made | {"record": True}


def _finding(one: Found, known: Recipes | None, lang: str) -> dict[str, Any]:
    """`cause`, `confidence`, `says`, `try`, `recipe`, `figure` for the page or None, and `svg` for a file."""
    sentences, cures = (CAUSE_SENTENCES, REMEDIES) if lang == "en" else (CHINESE_CAUSES, CHINESE_REMEDIES)
    said_here = sentences[one.cause].format(**one.numbers)
    words = sketch_words(lang)
    return {
        "cause": one.cause,
        "confidence": text(f"collapse.confidence.{one.confidence}", lang),
        "says": said_here,
        "try": cures[one.cause].format(**one.numbers),
        "recipe": _recipe(one.cause, known, lang),
        "figure": sketch_figure(one.sketch, words) if one.sketch else None,
        "svg": sketch_svg(one.sketch, words, said_here) if one.sketch else "",
    }


def _recipe(cause: str, known: Recipes | None, lang: str) -> list[str]:
    """What the study says of it, and the flags; [] where it says nothing."""
    recipe = known.for_cause(cause) if known else None
    if known is None or recipe is None:
        return []
    key = "collapse.recipe" if known.held else "collapse.recipe.best"
    said = text(
        key,
        lang,
        data=known.data,
        dim=known.embedding_dim,
        codes=known.num_embeddings,
        dead=f"{recipe.dead:.0%}",
        worst=f"{recipe.worst:.0%}",
        n=recipe.n,
        seeds=", ".join(map(str, recipe.seeds)),
    )
    far = text("collapse.recipe.far", lang) if known.away > 1 else ""
    return [said + far, recipe.flags]
