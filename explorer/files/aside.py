"""Bytes that are laid aside in files without a name: the system keeps them in memory as long as it has the room."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import BinaryIO, Generic, TypeVar, cast

Key = TypeVar("Key", bound=Hashable)
Note = TypeVar("Note")


@dataclass
class _File(Generic[Key, Note]):
    """One file, and what stands where in it."""

    file: BinaryIO
    places: dict[Key, tuple[int, int, Note]] = field(default_factory=dict)
    length: int = 0


class Aside(Generic[Key, Note]):
    """The values that were asked for of late, each with a note that stays in memory.

    Two files take turns: when the newer one holds half of what is allowed, the older one is let go with all that nobody
    has asked for since. Where no file can be had, or a disk is full, nothing is kept.

    Args:
        most_bytes: of all values together, beside the last one.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._files: list[_File[Key, Note]] = []  # the newest first, two at most
        self._lock = Lock()

    def get(self, key: Key) -> tuple[bytes, Note] | None:
        """A value and its note; None if there is none any more."""
        with self._lock:
            for age, kept in enumerate(self._files):
                if (place := kept.places.get(key)) is None:
                    continue
                start, length, note = place
                kept.file.seek(start)
                value = kept.file.read(length)
                if age:
                    self._add(key, value, note)
                return value, note
        return None

    def put(self, key: Key, value: bytes, note: Note) -> None:
        """Keep a value."""
        with self._lock:
            self._add(key, value, note)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            while self._files:
                self._files.pop().file.close()

    def __len__(self) -> int:
        """Values that can be had."""
        with self._lock:
            return len({key for kept in self._files for key in kept.places})

    def _add(self, key: Key, value: bytes, note: Note) -> None:
        try:
            if not self._files or self._files[0].length >= self._most / 2:
                self._files.insert(0, _File(cast(BinaryIO, tempfile.TemporaryFile())))  # noqa: SIM115  kept open
                for old in self._files[2:]:
                    old.file.close()
                del self._files[2:]
            newest = self._files[0]
            newest.file.seek(newest.length)
            newest.file.write(value)
            newest.file.flush()
        except OSError:  # the next one is written over what of it there is
            return
        newest.places[key] = (newest.length, len(value), note)
        newest.length += len(value)
