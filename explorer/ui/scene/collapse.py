"""The tab Collapse: its words, and how much may be brought."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.ui.collapse.reader_report import upload_megabytes
from explorer.ui.computed.records import record_names
from explorer.ui.text import templates, text
from explorer.ui.view import View

#: What the table of remedies says beside its rows.
REMEDY_WORDS = ("title", "lead", "name", "what", "cost", "dead", "psnr", "n")


@dataclass(frozen=True)
class Collapse:
    """What the tab says before anything is brought.

    Attributes:
        words: sentences by key; those with `{name}` are filled in by the client.
        upload: megabytes that a reader may send for a report.
        records: names of those that this server was given.
    """

    words: dict[str, str]
    upload: int
    records: tuple[str, ...]


def collapse_of(view: View) -> Collapse:
    """The tab for a view."""
    words = {key: text(key, view.lang) for key in (f"codebook.remedy.{part}" for part in REMEDY_WORDS)}
    return Collapse(templates("collapse.", view.lang) | words, upload_megabytes(), record_names())
