"""A collapse report in the reader's language, with its charts: what the tab Collapse draws of files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from explorer.collapse.reporting import FINDINGS, MISREAD, WARNINGS, CodebookReport, CollapseReport
from explorer.collapse.sketches import report_sketches
from explorer.metrics.verdict import VERDICTS
from explorer.plots.collapse import plane_figure, spectrum_figure
from explorer.ui.collapse.remedies import cures
from explorer.ui.collapse.studied import remedy_rows
from explorer.ui.collapse.written import written
from explorer.ui.text import text
from explorer.ui.text.findings import CHINESE_FINDINGS

MEGABYTE = 10**6
#: A page that many share takes less than one's own machine.
UPLOAD_MB = {"space": 64, "local": 300}
#: Numbers of the report with a "?".
EXPLAINED = frozenset({"dead", "perplexity"})
#: What an upload may unpack to: the indices of 10⁸ vectors.
UNPACKED_BYTES = 8 * 10**8 + MEGABYTE


def upload_megabytes() -> int:
    """The most that may be uploaded here."""
    return UPLOAD_MB["space" if os.environ.get("SPACE_ID") else "local"]


def said(
    report: CollapseReport,
    lang: str,
    name: str = "",
    *,
    findings: Sequence[list[dict[str, Any]]] = (),
    values: dict[str, Any] | None = None,
    warns: Sequence[str] = (),
) -> dict[str, Any]:
    """Plain data.

    `sources`, `warns` (how the file may have been misread), `cannot_tell`, and what `_book` says of the only codebook;
    of several of the worst, and of each in `codebooks`, with its `title`. `remedies` are the study's, with lines to
    paste for a codebook of this `size` (K, D; None where the files do not say); `files` the report of what is called
    `name` by format: `html`, `md`, `json`. Of a record each codebook has its `findings` too.

    Args:
        report: of the files, or of a record's last codebooks.
        lang: "en" or "zh".
        name: of what was brought.
        findings: of each codebook, for a record.
        values: the plain JSON values that are kept, the report's own unless they are given.
        warns: sentences that stand above all.
    """
    books = _books(report, findings, lang)
    several = len(books) > 1
    worst = max(range(len(books)), key=lambda n: VERDICTS.index(report.codebooks[n].verdict))
    plain = [finding(key, numbers, lang) for key, numbers in report.shows if key not in WARNINGS]
    size = _size(report.codebooks[worst])
    answer = books[worst] | {
        "sources": list(report.sources),
        "warns": [*warns, *[finding(key, numbers, lang) for key, numbers in report.remarks if key in WARNINGS]],
        "cannot_tell": [finding(key, numbers, lang) for key, numbers in report.cannot_tell],
        "codebooks": books if several else [],
        "shown": worst,
        "remedies": remedy_rows(lang, *size),
        "size": list(size),
        **({"shows": plain} if not several else {"remarks": plain}),
    }
    sketches = [report_sketches(codebook) for codebook in report.codebooks]
    return answer | {"files": written(answer, sketches, name, values or report.to_json(), lang)}


def _books(report: CollapseReport, findings: Sequence[list[dict[str, Any]]], lang: str) -> list[dict[str, Any]]:
    """Each codebook with its findings; where there are several, with a title."""
    misread = any(key in MISREAD for key, _ in report.remarks)
    books = [_book(codebook, lang, misread) for codebook in report.codebooks]
    for book, found in zip(books, findings, strict=False):
        book["findings"] = found
    for number, book in enumerate(books if len(books) > 1 else [], 1):
        book["title"] = text("collapse.level", lang, level=number)
    return books


def _size(report: CodebookReport) -> tuple[int | None, int | None]:
    """K and D, each None where the files do not say."""
    return report.size or (report.usage.codes if report.usage else None, None)


def _book(codebook: CodebookReport, lang: str, misread: bool) -> dict[str, Any]:
    """What is said of one codebook.

    `verdict` (its key, its word and its meaning), `numbers` (name, value, meaning), `shows`, `tries` (remedy, name,
    sentence; none for what may have been misread) and `charts` by name or None.
    """
    name = f"collapse.verdict.{codebook.verdict}"
    return {
        "verdict": [codebook.verdict, text(name, lang), text(f"{name}.tip", lang)],
        "numbers": [list(number) for number in _numbers(codebook, lang)],
        "findings": [],
        "shows": [finding(key, numbers, lang) for key, numbers in codebook.shows],
        "tries": [] if misread else [list(cure) for cure in cures(codebook, lang)],
        "charts": _charts(codebook, lang),
    }


def finding(key: str, numbers: dict[str, Any], lang: str) -> str:
    """A sentence of the report."""
    return (FINDINGS if lang == "en" else CHINESE_FINDINGS)[key].format(**numbers)


def _numbers(report: CodebookReport, lang: str) -> list[tuple[str, str, str]]:
    """Name, value, and what the name means ("" where it says so itself)."""

    def named(key: str, value: str) -> tuple[str, str, str]:
        name = f"collapse.number.{key}"
        return text(name, lang), value, text(f"{name}.tip", lang) if key in EXPLAINED else ""

    found = []
    if report.size:
        found.append(named("size", f"{report.size[0]:,} × {report.size[1]:,}"))
    if usage := report.usage:
        bound = "" if usage.known else "≥ "
        found += [
            named("used", f"{usage.used:,} / {bound}{usage.codes:,}"),
            named("dead", f"{bound}{usage.dead:,}"),
            named("perplexity", f"{usage.perplexity:,.1f}"),
            named("step" if usage.averaged else "vectors", f"{usage.num_vectors:,}"),
        ]
    if report.duplicates:
        found.append(named("distinct", f"{report.duplicates.distinct:,} / {report.duplicates.compared:,}"))
    if report.norms:
        middle = report.norms.quantiles[3]
        found.append(named("length", f"{middle:.3g}"))
    return found


def _charts(report: CodebookReport, lang: str) -> dict[str, Any]:
    def word(key: str, **params: object) -> str:
        return text(f"collapse.axis.{key}", lang, **params)

    charts: dict[str, Any] = {"plane": None, "usage": None, "lengths": None}
    if (drawn := report.plane) is not None and report.size:
        flat = report.size[1] <= 2
        kept = f"{drawn.explained:.0%}"
        words = {name: word(name) for name in ("used", "dead", "codes")}
        words |= {"x": word("x") if flat else word("pc1", kept=kept), "y": word("y") if flat else word("pc2")}
        charts["plane"] = plane_figure(drawn.points.round(5), drawn.rows, report.hits, words)
    if usage := report.usage:
        charts["usage"] = spectrum_figure(usage.sorted, usage.codes, word("rank"), word("hits"), log=True)
    if (norms := report.norms) and report.size:
        charts["lengths"] = spectrum_figure(norms.sorted, report.size[0], word("rank"), word("length"), log=True)
    return charts
