"""A report as one file that needs nothing beside it: HTML with its figures inside, or Markdown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from explorer.errors import FileError

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.35rem; margin-bottom: .2rem; }
h2 { font-size: 1.05rem; margin: 1.6rem 0 .3rem; }
.about { opacity: .75; overflow-wrap: anywhere; margin: 0; }
.verdict { font-size: 1.1rem; border-left: 4px solid #64748b; padding: .3rem .7rem; }
.verdict.healthy { border-color: #00795c; } .verdict.warning { border-color: #e8650a; }
.verdict.collapse { border-color: #b3266a; }
dl { display: flex; flex-wrap: wrap; gap: .4rem 1.6rem; margin: .6rem 0; }
dt { font-size: .8rem; opacity: .75; } dd { margin: 0; font-weight: 700; font-variant-numeric: tabular-nums; }
li { margin: .5rem 0; } small { display: block; opacity: .75; }
svg { display: block; max-width: 100%; height: auto; margin: .4rem 0; }
pre { overflow-x: auto; padding: .6rem .8rem; background: #8882; border-radius: 6px; font-size: .8rem; }
@media print { pre { white-space: pre-wrap; } h2 { break-after: avoid; } li { break-inside: avoid; } }
"""


@dataclass(frozen=True)
class Item:
    """One thing that is said.

    Attributes:
        text: a sentence.
        notes: what stands below it, smaller.
        figure: SVG, "" for none.
        code: lines to paste, "" for none.
    """

    text: str
    notes: tuple[str, ...] = ()
    figure: str = ""
    code: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Document:
    """All that a report says, in one language.

    Attributes:
        lang: as HTML names it.
        title: of the report.
        about: what was read.
        verdict: its key (`explorer.metrics.verdict.VERDICTS`), its word, and what it means.
        numbers: names and values.
        sections: those without items are left out.
    """

    lang: str
    title: str
    about: tuple[str, ...]
    verdict: tuple[str, str, str]
    numbers: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]


def to_html(document: Document) -> str:
    """One page without any address in it."""
    key, word, meaning = document.verdict
    about = "".join(f'<p class="about">{escape(line)}</p>' for line in document.about)
    numbers = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in document.numbers)
    sections = "".join(_section(section) for section in document.sections if section.items)
    return (
        f'<!doctype html>\n<html lang="{escape(document.lang)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(document.title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(document.title)}</h1>{about}"
        f'<p class="verdict {escape(key)}"><b>{escape(word)}</b> {escape(meaning)}</p><dl>{numbers}</dl>'
        f"{sections}</body></html>\n"
    )


def _section(section: Section) -> str:
    return f"<h2>{escape(section.title)}</h2><ul>{''.join(map(_item, section.items))}</ul>"


def _item(item: Item) -> str:
    notes = "".join(f"<small>{escape(note)}</small>" for note in item.notes)
    code = f"<pre><code>{escape(item.code)}</code></pre>" if item.code else ""
    return f"<li>{escape(item.text)}{notes}{item.figure}{code}</li>"


def to_markdown(document: Document) -> str:
    """The same without figures, for an issue or a chat."""
    _, word, meaning = document.verdict
    lines = [f"# {_plain(document.title)}", "", *(f"{_plain(line)}  " for line in document.about), ""]
    lines += [f"**{_plain(word)}** {_plain(meaning)}".rstrip(), ""]
    if document.numbers:
        cells = [[_cell(part) for part in number] for number in document.numbers]
        lines += [" | ".join(["", *(name for name, _ in cells), ""]).strip()]
        lines += ["|" + "---|" * len(cells), " | ".join(["", *(value for _, value in cells), ""]).strip(), ""]
    for section in document.sections:
        if section.items:
            lines += [f"## {_plain(section.title)}", ""]
            lines += [line for item in section.items if item.notes or not item.figure for line in _listed(item)] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _listed(item: Item) -> list[str]:
    lines = [f"- {_plain(item.text)}", *(f"  - {_plain(note)}" for note in item.notes)]
    if item.code:
        lines += ["", "  ```python", *(f"  {line}".rstrip() for line in item.code.rstrip().splitlines()), "  ```", ""]
    return lines


def _plain(text: str) -> str:
    """Letters that Markdown or the HTML in it would read are kept as they are."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)


def _cell(text: str) -> str:
    return _plain(text).replace("\n", " ")


def write_report(path: Path, document: Document, values: dict[str, Any]) -> None:
    """Write a report in the format that its name ends with.

    Args:
        path: ends in .html, .md or .json.
        document: what the first two say.
        values: plain JSON values, for the third.

    Raises:
        FileError: it ends in something else, or cannot be written.
    """
    made = {
        ".html": lambda: to_html(document),
        ".md": lambda: to_markdown(document),
        ".json": lambda: json.dumps(values, indent=1, ensure_ascii=False) + "\n",
    }
    if path.suffix not in made:
        raise FileError("report_ending", name=path.name, known=", ".join(made))
    try:
        path.write_text(made[path.suffix](), encoding="utf-8")
    except OSError as error:
        raise FileError("report_not_written", path=path, reason=error.strerror or error) from error
