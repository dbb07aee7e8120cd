"""Image sets of visitors' own pictures: kept where all sets are, but in no list and under names that nobody guesses.

A file of a set's name in the visitor's folder says whose it is, so that it goes when the visitor does.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from explorer.data import available
from explorer.data.own import ImportReport, Limits, import_pictures, name_for
from explorer.data.stored import is_stored, is_unlisted, remove_stored
from explorer.errors import DataError, TrainingError
from explorer.jobs import spool as spool
from explorer.jobs.home import visitor_folder
from explorer.jobs.limits import MEGABYTE, limits, on_a_space
from explorer.jobs.room import check_room

LONGEST_STEM = 27  # with the 13 characters behind it as long as the name of a set may be


def sets_of(token: str) -> tuple[str, ...]:
    """Names of a visitor's sets; "" is nobody and has none."""
    return _noted(visitor_folder(token)) if token else ()


def is_hidden_from(token: str, name: str) -> bool:
    """Whether an image set is another visitor's own, as far as the one who holds `token` is concerned."""
    return is_unlisted(name) and name not in sets_of(token)


def check_set(token: str, name: str) -> None:
    """Whether a visitor may train on a set, whoever told them its name.

    Raises:
        DataError: `image_set_unknown`, as if there were none.
    """
    if is_hidden_from(token, name):
        raise DataError("image_set_unknown", name=name, known=", ".join(each.name for each in available()))


def add_set(
    token: str, path: Path, title: str, size: int, channels: int, *, encoding: str = "", split: str = "alike"
) -> ImportReport:
    """Make an image set of a zip for the visitor who holds `token`.

    Args:
        token: of the visitor.
        path: the zip.
        title: what a person calls the set.
        size: pixels a side.
        channels: 1 for grey, 3 for colour.
        encoding, split: as in `import_pictures`.

    Raises:
        TrainingError: one too many, of this visitor or of all.
        DataError: as `import_pictures` has it.
    """
    if len(sets_of(token)) >= limits().sets:
        raise TrainingError("train_too_many_sets", most=limits().sets)
    check_room()
    name = f"{name_for(title)[:LONGEST_STEM].strip('-')}-{secrets.token_hex(6)}"
    note = visitor_folder(token) / "sets" / name
    note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    note.touch()  # before the set is there: one that nobody noted would stay for ever
    try:
        return import_pictures(
            path,
            name,
            size,
            channels,
            title=title,
            listed=False,
            encoding=encoding,
            split=split,
            limits=_import_limits(),
        )
    except BaseException:
        note.unlink(missing_ok=True)
        raise


def delete_set(token: str, name: str) -> None:
    """Delete a visitor's set; its runs stay, and cannot be shown any more.

    Raises:
        TrainingError: it is not the visitor's, or being trained on.
    """
    folder = visitor_folder(token)
    if name not in sets_of(token):
        raise TrainingError("train_set_unknown")
    if any(job.configs[0].data == name and spool.phase_of(job).lively for job in spool.jobs_of(folder)):
        raise TrainingError("train_set_in_use")
    _delete(folder, name)


def delete_sets(visitor: Path) -> None:
    """Delete all sets of a visitor who is gone for good."""
    for name in _noted(visitor):
        with suppress(OSError):
            _delete(visitor, name)


def _noted(visitor: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in (visitor / "sets").glob("*") if is_stored(path.name)))


def _delete(visitor: Path, name: str) -> None:
    remove_stored(name)
    (visitor / "sets" / name).unlink(missing_ok=True)


def _import_limits() -> Limits:
    """A Space is shared, memory and disk too."""
    if on_a_space():
        return Limits(files=limits().images, unpacked_bytes=500 * MEGABYTE, pixels=25_000_000)
    return Limits()
