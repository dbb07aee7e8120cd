"""A report of the tab Collapse as files to keep or to send: HTML, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from explorer.collapse.document import Document, Item, Section, to_html, to_markdown
from explorer.collapse.sketch import WORDS, Sketch, sketch_svg
from explorer.ui.text import COLON, text

#: Remedies whose lines stand in the file; the page has those of all.
WITH_CODE = 3


def written(
    said: Mapping[str, Any], sketches: Sequence[Mapping[str, Sketch]], name: str, values: Any, lang: str
) -> dict[str, str]:
    """By ending: `html`, `md` and `json`.

    Args:
        said: the answer of the page.
        sketches: of each codebook, by name.
        name: of what was reported on.
        values: plain JSON values of the report.
        lang: of the first two; JSON is in English.
    """
    document = Document(
        lang="zh-CN" if lang == "zh" else "en",
        title=text("collapse.of", lang, name=name),
        about=tuple(said["sources"]),
        verdict=tuple(said["verdict"]),
        numbers=tuple((label, value) for label, value, _ in said["numbers"]),
        sections=tuple(_sections(said, sketches, lang)),
    )
    return {
        "html": to_html(document),
        "md": to_markdown(document),
        "json": json.dumps({"name": name} | values, indent=1, ensure_ascii=False),
    }


def sketch_words(lang: str) -> dict[str, str]:
    """What axes and series are called."""
    return {key: text(f"collapse.sketch.{key}", lang) for key in WORDS}


def _sections(said: Mapping[str, Any], sketches: Sequence[Mapping[str, Sketch]], lang: str) -> list[Section]:
    books = said["codebooks"] or [said]
    sections = [Section(text("collapse.read", lang), tuple(Item(sentence) for sentence in said["warns"]))]
    sections += [Section(text("collapse.remarks", lang), tuple(Item(sentence) for sentence in said.get("remarks", ())))]
    for book, drawn in zip(books, sketches, strict=True):
        title = text("collapse.shows", lang) if len(books) == 1 else f"{book['title']}{COLON[lang]}{book['verdict'][1]}"
        found = tuple(_found(finding, lang) for finding in book.get("findings", ()))
        sections.append(
            Section(title, (*found, *(Item(sentence) for sentence in book["shows"]), *_figures(drawn, lang)))
        )
    tries = tuple(Item(f"{title}{COLON[lang]}{sentence}") for _, title, sentence in said["tries"])
    sections += [Section(text("collapse.first", lang), tries)]
    sections += [Section(text("codebook.remedy.title", lang), tuple(_remedies(said, lang)))]
    return [
        *sections,
        Section(text("collapse.cannot", lang), tuple(Item(sentence) for sentence in said["cannot_tell"])),
    ]


def _found(finding: Mapping[str, Any], lang: str) -> Item:
    """A cause: how sure, its sentence, what to do, what the study says, and its figure."""
    study = (" ".join(finding["recipe"]),) if finding["recipe"] else ()
    return Item(f"{finding['confidence']}{COLON[lang]}{finding['says']}", (finding["try"], *study), finding["svg"])


def _figures(sketches: Mapping[str, Sketch], lang: str) -> list[Item]:
    words, found = sketch_words(lang), []
    for name, sketch in sketches.items():
        title = text(f"collapse.chart.{name}", lang)
        found.append(Item(title, figure=sketch_svg(sketch, words, title)))
    return found


def _remedies(said: Mapping[str, Any], lang: str) -> list[Item]:
    """All of them, and the lines of those to be tried first, or that brought most back."""
    rows = {row["remedy"]: row for row in said["remedies"]}
    first = [key for key, *_ in said["tries"] if key in rows]
    coded = [*first, *(key for key in rows if key not in first)][:WITH_CODE] if said["tries"] else []
    return [
        Item(
            row["name"],
            (row["what"], text("codebook.remedy.found", lang, dead=row["dead"], n=row["n"], without=row["without"])),
            code=row["code"].get("package", "") if name in coded else "",
        )
        for name, row in rows.items()
    ]
