"""Records of trainings that whoever serves the page has given it: `explorer app runs/mine`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from explorer.errors import ViewError
from explorer.reports.diagnosis import Diagnosis, diagnose
from explorer.runs.recorded import load_record
from explorer.ui.computed.catalog import readable

_FOLDERS: dict[str, Path] = {}


def serve_records(folders: Sequence[Path]) -> None:
    """Show these to everybody who opens the page.

    Raises:
        RecordError: one of them is no record.
    """
    for folder in folders:
        record = load_record(folder)
        _FOLDERS[record.id] = folder.resolve()


def record_names() -> tuple[str, ...]:
    """Of the records that are served, in their order."""
    return tuple(_FOLDERS)


def diagnosis_of(name: str) -> Diagnosis:
    """Of a served record, as it is now: it may still be written.

    Raises:
        ViewError: there is none of this name.
        RecordError: it cannot be read any more.
    """
    if name not in _FOLDERS:
        raise ViewError("ask_parameter", name="record", expected="a record of this server", got=readable(name))
    folder = _FOLDERS[name]
    newest = max((path.stat().st_mtime_ns for path in folder.rglob("*.npz")), default=0)
    return _diagnosed(folder, newest)


@lru_cache(maxsize=8)
def _diagnosed(folder: Path, stamp: int) -> Diagnosis:  # noqa: ARG001
    return diagnose(load_record(folder))
