"""A collapse report as a document in English, for the command line; the page has its own in both languages."""

from __future__ import annotations

from explorer.collapse.document import Document, Item, Section
from explorer.collapse.report import CodebookReport, CollapseReport, said
from explorer.collapse.sketch import WORDS, sketch_svg
from explorer.collapse.sketches import report_sketches

TITLES = {"plane": "The codes", "usage": "Hits, sorted", "lengths": "Lengths, sorted"}


def report_document(report: CollapseReport, name: str) -> Document:
    """All that a report says of the files called `name`."""
    several = len(report.codebooks) > 1
    sections = [Section("How it was read", tuple(Item(sentence) for sentence in said(report.remarks)))]
    for number, codebook in enumerate(report.codebooks, 1):
        title = f"Level {number}: {codebook.verdict}" if several else "What this shows"
        sections.append(Section(title, (*(Item(sentence) for sentence in said(codebook.shows)), *_figures(codebook))))
    sections.append(Section("What it cannot tell", tuple(Item(sentence) for sentence in said(report.cannot_tell))))
    numbers = () if several else tuple(_numbers(report.only))
    return Document("en", f"Report of {name}", report.sources, (report.verdict,) * 2 + ("",), numbers, tuple(sections))


def _numbers(report: CodebookReport) -> list[tuple[str, str]]:
    labels = {
        "num_embeddings": "codes",
        "embedding_dim": "numbers each",
        "num_vectors": "vectors",
        "used": "used",
        "dead": "dead",
        "perplexity": "perplexity",
        "distinct": "distinct",
    }
    values = report.entry()
    found = {label: values[name] for name, label in labels.items() if values[name] is not None}
    return [(label, f"{value:.1f}" if isinstance(value, float) else f"{value:,}") for label, value in found.items()]


def _figures(report: CodebookReport) -> list[Item]:
    sketches = report_sketches(report)
    return [Item(TITLES[name], figure=sketch_svg(sketch, WORDS, TITLES[name])) for name, sketch in sketches.items()]
