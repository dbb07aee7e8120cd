"""The files of a folder or a zip, each read only when it is its turn, and none by a name that the archive chose."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from explorer.data.own.archive import open_zip
from explorer.data.own.limits import MEGABYTE, Limits
from explorer.data.own.names import is_hidden, readable
from explorer.errors import DataError


@dataclass(frozen=True)
class SourceFile:
    """A file that may hold a picture.

    Attributes:
        path: within the source, "/" between its parts.
        read: its bytes, at most `Limits.file_bytes` of them, or a `DataError` that says why it is refused.
    """

    path: str
    read: Callable[[], bytes]


@contextmanager
def open_source(path: Path, limits: Limits, encoding: str = "") -> Iterator[list[SourceFile]]:
    """The files of a folder or a zip, by path; hidden ones are left out.

    Args:
        path: the folder or zip.
        limits: what is taken at most.
        encoding: of names in a zip that do not say, a name of `zip_names.ENCODINGS`; "" finds out.

    Raises:
        DataError: it is neither, is empty, has too many files, or names that may be read in several ways.
    """
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except OSError as error:
        raise DataError("own_file_unreadable", file=path, reason=error.strerror or error) from error
    if is_folder:
        yield _checked(_folder_files(path, limits), path, limits)
    elif is_file:
        with open_zip(path, limits, encoding) as entries:
            files = [SourceFile(name, read) for name, read in entries if not is_hidden(name)]
            yield _checked(files, path, limits)
    else:
        raise DataError("own_source_missing", path=path)


def _checked(files: list[SourceFile], path: Path, limits: Limits) -> list[SourceFile]:
    if not files:
        raise DataError("own_source_empty", path=path)
    if len(files) > limits.files:
        raise DataError("own_too_many_files", path=path, limit=limits.files)
    return sorted(files, key=lambda file: file.path)


def _folder_files(folder: Path, limits: Limits) -> list[SourceFile]:
    """All files below a folder, and one entry that refuses itself for each sub-folder that cannot be entered."""
    files: list[SourceFile] = []

    def unreadable(error: OSError) -> None:
        name = Path(str(error.filename)).relative_to(folder).as_posix()
        refusal = DataError("own_file_unreadable", file=readable(name, 100), reason=error.strerror or error)
        files.append(SourceFile(name, partial(_refuse, refusal)))

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        base = Path(parent).relative_to(folder)
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in [*names, *links]:
            path = (base / name).as_posix()
            if not is_hidden(path):
                files.append(SourceFile(path, partial(_read, Path(parent) / name, path, limits)))
        folders[:] = [name for name in folders if not is_hidden(name)]
        if len(files) > limits.files:
            break
    return files


def _refuse(refusal: DataError) -> bytes:
    raise refusal


def _read(path: Path, name: str, limits: Limits) -> bytes:
    shown = readable(name, 100)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe would keep us waiting for ever
            raise DataError("own_file_special", file=shown)
        with path.open("rb") as file:
            content = file.read(limits.file_bytes + 1)
    except FileNotFoundError as error:
        raise DataError("own_file_special", file=shown) from error
    except OSError as error:
        raise DataError("own_file_unreadable", file=shown, reason=error.strerror or error) from error
    if len(content) > limits.file_bytes:
        raise DataError("own_file_large", file=shown, limit=limits.file_bytes // MEGABYTE)
    return content
