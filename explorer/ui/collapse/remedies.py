"""What to try first for what a collapse report found, with the number of the codebook study where it measured it."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from explorer.collapse.reporting import MISREAD, VECTORS_PER_CODE, CodebookReport, CollapseReport
from explorer.studies.summary import summaries
from explorer.ui.text import text

#: Share of codes, dead or merged, from which on a cure is named.
MANY = 0.1

#: Cures of many dead codes, the one that brought most of them back in the study first.
BY_WHAT_THEY_DID = ("restart", "rotation", "kmeans", "size", "rule")

DEEP = "fashion-d64-k512"
#: By cure, the study's cells whose median count of dead codes its sentence names.
MEASURED: dict[str, Mapping[str, str]] = {
    "restart": {"plain": f"{DEEP}-hold-normal", "own": f"{DEEP}-hold-normal-restart"},
    "rotation": {"plain": f"{DEEP}-hold-uniform", "own": f"{DEEP}-hold-uniform-rotation"},
    "kmeans": {
        "plain": f"{DEEP}-hold-uniform",
        "own": f"{DEEP}-hold-kmeans",
        "data": f"{DEEP}-hold-data",
    },
    "size": {"deep": f"{DEEP}-hold-normal", "flat": "fashion-d2-k256-hold-normal"},
    "rule": {
        "gradient": f"{DEEP}-gradient-uniform",
        "ema": f"{DEEP}-hold-uniform",
        "rate": f"{DEEP}-gradient-uniform-lr10",
    },
}


def cures(report: CollapseReport | CodebookReport, lang: str) -> list[tuple[str, str, str]]:
    """Key, name and sentence of each, the most promising first; none for a file that may have been misread."""
    found = named(report)
    measured = {
        summary.cell.id: f"{median(summary.dead):.0f}" for summary in (summaries() if found else ()) if summary.dead
    }
    return [(key, text(f"collapse.cure.{key}", lang), _said(key, numbers, measured, lang)) for key, numbers in found]


def named(report: CollapseReport | CodebookReport) -> list[tuple[str, dict[str, str]]]:
    """Which cures, with the report's own numbers."""
    keys = {key for key, _ in report.shows}
    if keys & set(MISREAD):
        return []
    found: list[tuple[str, dict[str, str]]] = []
    usage, duplicates = report.usage, report.duplicates
    if usage and usage.dead >= MANY * usage.codes:
        if "few_vectors" in keys:
            found.append(("count", {"needed": f"{VECTORS_PER_CODE * usage.codes:,}"}))
        found += [(key, {"used": f"{usage.used:,}"} if key == "size" else {}) for key in BY_WHAT_THEY_DID]
    elif duplicates and duplicates.compared - duplicates.distinct >= MANY * duplicates.compared:
        found.append(("merge", {"distinct": f"{duplicates.distinct:,}"}))
    return found


def _said(key: str, numbers: dict[str, str], measured: Mapping[str, str], lang: str) -> str:
    sentence = text(f"collapse.cure.{key}.say", lang, **numbers)
    cells = MEASURED.get(key)
    if not cells or not all(cell in measured for cell in cells.values()):
        return sentence
    study = text(f"collapse.cure.{key}.study", lang, **{name: measured[cell] for name, cell in cells.items()})
    return sentence + ("" if lang == "zh" else " ") + study
