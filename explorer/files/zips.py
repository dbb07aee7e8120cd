"""Zip files of unknown origin: what unpacks to more than may be is never unpacked, whatever its directory says.

`zipfile` inflates what it reads whole before it cuts it to the size that was claimed, and bz2 and LZMA even where it
reads a few bytes (420 bytes of bz2 are 400 MB). So an entry is read in pieces, and only one that is stored or deflated,
as every program and NumPy write them.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

#: What `zipfile` and the decompressors raise for files that are none, were cut off, or are made to break them.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    KeyError,  # an entry that the directory does not have
    OverflowError,  # an offset beyond 64 bits
    RuntimeError,  # an encrypted entry; also NotImplementedError and RecursionError
    ValueError,
    OSError,
)
#: The same for what describes arrays: a header that is no Python literal, or not of the fields it should have.
BROKEN_ARRAYS = (*BROKEN_ZIP, TypeError, SyntaxError, IndexError, MemoryError)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: Bytes that are read or unpacked at once; a zip's directory, which `zipfile` reads whole, may not be longer.
PIECE = 1 << 22


class UnpacksTooLargeError(ValueError):
    """The entries of a zip unpack to more than may be."""


@contextmanager
def opened_zip(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """A zip to be read with `entries` and `unpacked`.

    Raises:
        zipfile.BadZipFile: it is none, or has a directory of over `PIECE` bytes: hundreds of thousands of entries.
        Exception: any other of `BROKEN_ZIP`.
    """
    with zipfile.ZipFile(_Bounded(file)) as archive:
        yield archive


def entries(archive: zipfile.ZipFile, most: float) -> list[zipfile.ZipInfo]:
    """The files of a zip, in its order.

    Args:
        archive: the zip.
        most: bytes of all of them together, unpacked, as the directory claims them; `unpacked` holds them to it.

    Raises:
        UnpacksTooLargeError: they claim more.
        NotImplementedError: one is packed in a way that cannot be read in pieces.
    """
    found = [info for info in archive.infolist() if not info.is_dir()]
    if any(info.compress_type not in METHODS for info in found):
        raise NotImplementedError
    if sum(info.file_size for info in found) > most:
        raise UnpacksTooLargeError
    return found


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """An entry's bytes, its checksum confirmed: never more than it claims, which `entries` has bounded.

    Raises:
        Exception: one of `BROKEN_ZIP`; it is damaged.
    """
    content = bytearray()
    with archive.open(info) as stream:
        while piece := stream.read(min(PIECE, info.file_size + 1 - len(content))):
            content += piece
    if len(content) != info.file_size:
        raise EOFError
    return bytes(content)


class _Bounded:
    """A file of which no more than `PIECE` bytes are read at once."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        content = self.file.read(PIECE + 1 if size < 0 else min(size, PIECE + 1))
        if len(content) > PIECE:
            raise zipfile.BadZipFile
        return content

    def close(self) -> None:
        """The file belongs to who opened it."""
