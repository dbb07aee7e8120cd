"""The tab Collapse: its words, and how much may be brought."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.reports.replay_measured import measured
from explorer.ui.collapse.reader_report import upload_megabytes
from explorer.ui.computed.example_run import example_run
from explorer.ui.computed.records import own_records, record_names
from explorer.ui.scene.bar import set_label
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
        own: names of those that the visitor keeps here.
        run: what the run is called that stands as an example of the images on screen; "" where the files are of these.
    """

    words: dict[str, str]
    upload: int
    records: tuple[str, ...]
    own: tuple[str, ...]
    run: str


def collapse_of(view: View) -> Collapse:
    """The tab for a view."""
    words = {key: text(key, view.lang) for key in (f"codebook.remedy.{part}" for part in REMEDY_WORDS)}
    words["collapse.replay.note"] = _replay_note(view.lang)
    return Collapse(
        words=templates("collapse.", view.lang) | words,
        upload=upload_megabytes(),
        records=record_names(),
        own=own_records(),
        run=_example(view),
    )


def _example(view: View) -> str:
    run, lang = example_run(view.data), view.lang
    if run is None:
        return ""
    return text("collapse.example.run", lang, data=set_label(view.data, lang), dim=run.config.embedding_dim)


def _replay_note(lang: str) -> str:
    """What a replay is, and how well replays predicted real trainings."""
    note, found = text("collapse.replay.note", lang), measured()
    if found is None:
        return note
    return note + text(
        "collapse.replay.measured",
        lang,
        trainings=found.trainings,
        configurations=found.configurations,
        rank=f"{found.rank_dead:.2f}",
        error=f"{found.error_dead:.0%}",
        worst=f"{found.worst_dead:.0%}",
    )
