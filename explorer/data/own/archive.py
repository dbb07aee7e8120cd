"""Zip files of unknown origin: nothing is extracted, sizes are checked before and while an entry is unpacked."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from explorer.data.own.limits import MEGABYTE, Limits
from explorer.data.own.names import readable
from explorer.data.own.zip_names import paths_in
from explorer.errors import DataError
from explorer.files.zips import BROKEN_ZIP, METHODS

ENCRYPTED = 0x1


@contextmanager
def open_zip(path: Path, limits: Limits, encoding: str = "") -> Iterator[list[tuple[str, Callable[[], bytes]]]]:
    """Path and reader of each file in a zip; a reader's `DataError` says why the file is refused.

    Raises:
        DataError: it may not be read, is no zip, lists too many files, or has names that may be read in several ways.
    """
    try:
        raw = path.open("rb", buffering=0)
    except OSError as error:
        raise DataError("own_file_unreadable", file=path, reason=error.strerror or error) from error
    with raw, _Bounded(raw, path, limits) as file:
        try:
            archive = zipfile.ZipFile(file)
        except BROKEN_ZIP as error:
            raise DataError("own_zip_damaged", path=path) from error
        with archive:
            unpacker = _Unpacker(archive, limits)
            infos = archive.infolist()
            named = [pair for pair in zip(paths_in(infos, encoding), infos, strict=True) if not pair[0].endswith("/")]
            yield [(name, partial(unpacker.read, info, name)) for name, info in named]


class _Bounded(io.BufferedReader):
    """A file of which at most `limits.directory_bytes` are read at once: `zipfile` reads a zip's directory whole."""

    def __init__(self, raw: io.FileIO, path: Path, limits: Limits) -> None:
        super().__init__(raw)
        self.path, self.limits = path, limits

    def read(self, size: int | None = -1, /) -> bytes:
        most = self.limits.directory_bytes
        wanted = most + 1 if size is None or size < 0 else size
        content = super().read(min(wanted, most + 1))
        if len(content) > most:
            raise DataError("own_too_many_files", path=self.path, limit=self.limits.files)
        return content


class _Unpacker:
    """Unpacks entries one at a time, and no more of all of them together than `limits.unpacked_bytes`."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.archive, self.limits, self.left = archive, limits, limits.unpacked_bytes

    def read(self, info: zipfile.ZipInfo, name: str) -> bytes:
        """An entry's bytes, as many as its header says and its checksum confirms."""
        self._check(info, name)
        try:
            with self.archive.open(info) as file:
                content = file.read(info.file_size)
        except BROKEN_ZIP as error:
            raise DataError("own_file_damaged", file=readable(name, 100)) from error
        self.left -= len(content)
        return content

    def _check(self, info: zipfile.ZipInfo, name: str) -> None:
        limits, shown = self.limits, readable(name, 100)
        if _escapes(name):
            raise DataError("own_file_escapes", file=shown)
        if stat.S_ISLNK(info.external_attr >> 16):
            raise DataError("own_file_link", file=shown)
        if info.flag_bits & ENCRYPTED:
            raise DataError("own_file_encrypted", file=shown)
        if info.compress_type not in METHODS:
            raise DataError("own_file_method", file=shown)
        if info.file_size > max(MEGABYTE, limits.expansion * info.compress_size):
            raise DataError("own_file_bomb", file=shown, times=info.file_size // max(1, info.compress_size))
        if info.file_size > limits.file_bytes:
            raise DataError("own_file_large", file=shown, limit=limits.file_bytes // MEGABYTE)
        if info.file_size > self.left:
            raise DataError("own_zip_unpacks", file=shown, limit=limits.unpacked_bytes // MEGABYTE)


def _escapes(path: str) -> bool:
    return path.startswith("/") or re.match(r"[A-Za-z]:", path) is not None or ".." in path.split("/")
