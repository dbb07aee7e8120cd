"""Records of trainings: those that whoever serves the page has given it, a visitor's own, and the example.

`explorer app runs/mine` serves one to everybody. One that a visitor sends is kept for them alone, as their runs are,
under a name that nobody guesses.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from explorer.data import examples
from explorer.errors import TrainingError, ViewError
from explorer.files.passing import PREFIX, passing_folder
from explorer.jobs.home import OWN_ID, home, own_id, visitor_folder
from explorer.jobs.limits import limits
from explorer.jobs.room import check_room
from explorer.recording.files import DESCRIPTION
from explorer.reports.diagnosis import Diagnosis, diagnose
from explorer.runs import list_runs
from explorer.runs.record_zip import unpack_record
from explorer.runs.recorded import RecordedRun, load_record
from explorer.ui.computed.catalog import readable, visitor

#: The record among the shipped examples, which everybody may look at.
EXAMPLE = "example"
#: Names that may stand in the address of a medium as they are.
PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}")

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


def own_records() -> tuple[str, ...]:
    """Names of the records that the visitor sent, sorted."""
    folder = _own_folder(visitor())
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{DESCRIPTION}"))) if folder else ()


def shown_names() -> tuple[str, ...]:
    """All that the visitor may look at: served ones, their own, the example."""
    return tuple(dict.fromkeys((*record_names(), *own_records(), EXAMPLE)))


def check_name(name: str) -> str:
    """The name, if the visitor may look at it.

    Raises:
        ViewError: there is none of this name.
    """
    if name not in shown_names():
        raise ViewError("ask_parameter", name="record", expected="a record of this server", got=readable(name))
    return name


def keep(unpacked: Path, name: str, token: str) -> str:
    """Move an unpacked record to those of the visitor who holds `token`; the name it has there.

    Raises:
        TrainingError: they keep as many records and runs as they may, or the machine has no room.
        OSError: it cannot be written.
    """
    folder = visitor_folder(token)
    kept = len(list_runs([folder / "runs"])) + len(list((folder / "records").glob(f"*/{DESCRIPTION}")))
    if kept >= limits().kept:
        raise TrainingError("train_too_many_runs", most=limits().kept)
    check_room()
    mine = own_id(re.sub(r"[^a-z0-9.-]+", "-", name.lower().removesuffix(".zip")).strip("-.") or "record")
    (folder / "records").mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.move(unpacked, folder / "records" / mine)
    return mine


def forget(name: str, token: str) -> None:
    """Delete a record of the visitor who holds `token`: one of `own_records`."""
    shutil.rmtree(visitor_folder(token) / "records" / name, ignore_errors=True)


def _own_folder(token: str) -> Path | None:
    return visitor_folder(token) / "records" if token else None


def _kept(name: str) -> Path | None:
    """The folder of a record that a visitor sent; whoever knows the name was shown it."""
    if OWN_ID.fullmatch(name):
        with suppress(TrainingError):
            return next((path.parent for path in (home() / "visitors").glob(f"*/records/{name}/{DESCRIPTION}")), None)
    return None


def diagnosis_of(name: str) -> Diagnosis:
    """Of a record, as it is now: a served one may still be written. Whether the visitor may see it is `check_name`'s.

    Raises:
        ViewError: there is none of this name.
        RecordError: it cannot be read any more.
    """
    folder, stamp = _place(name)
    return _example() if folder is None else _diagnosed(folder, stamp)


def record_of(name: str) -> RecordedRun:
    """The record itself; raises as `diagnosis_of`."""
    return diagnosis_of(name).record


def stamp_of(name: str) -> str:
    """Changes with the record's content; raises as `diagnosis_of`."""
    folder, stamp = _place(name)
    return f"{folder} {stamp}"


def medium_name(name: str) -> str:
    """What stands for a record in an address."""
    return name if PLAIN.fullmatch(name) else f"record-{hashlib.sha256(name.encode()).hexdigest()[:20]}"


def named(medium: str) -> str:
    """The record that such a name stands for; a name that stands for none is left as it is."""
    return next((name for name in _FOLDERS if medium_name(name) == medium), medium)


def _place(name: str) -> tuple[Path | None, int]:
    """Its folder, None for the example's, and when it was last written to."""
    folder = _FOLDERS.get(name) or _kept(name)
    if folder is None:
        if name != EXAMPLE:
            raise ViewError("ask_parameter", name="record", expected="a record of this server", got=readable(name))
        return None, 0
    return folder, max((path.stat().st_mtime_ns for path in folder.rglob("*.npz")), default=0)


@lru_cache(maxsize=8)
def _diagnosed(folder: Path, stamp: int) -> Diagnosis:  # noqa: ARG001
    return diagnose(load_record(folder))


@lru_cache(maxsize=1)
def _example() -> Diagnosis:
    with passing_folder(f"{PREFIX}example-") as folder:
        return diagnose(load_record(unpack_record(examples.FOLDER / examples.NAMES["record"].file, folder / "record")))
