"""Bytes in files without a name: what is kept, what is let go, and a disk that is full."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from explorer.files.aside import Aside


@pytest.fixture
def aside() -> Iterator[Callable[[int], Aside[Any, Any]]]:
    """Makes one of so many bytes, and closes its files."""
    made: list[Aside[Any, Any]] = []

    def make(most: int) -> Aside[Any, Any]:
        made.append(Aside(most))
        return made[-1]

    yield make
    for kept in made:
        kept.clear()


def test_what_was_put_comes_back_with_its_note(aside):
    kept = aside(100)
    kept.put("one", b"abc", 1)
    kept.put("two", b"defgh", 2)
    assert [kept.get(key) for key in ("two", "one", "none")] == [(b"defgh", 2), (b"abc", 1), None]
    kept.clear()
    assert kept.get("one") is None
    assert len(kept) == 0


def test_what_nobody_asks_for_goes_first(aside):
    kept = aside(100)
    for number in range(40):
        kept.put(number, bytes([number]) * 10, None)
        assert kept.get(0) == (bytes(10), None)  # asked for at each turn
    assert len(kept) <= 12
    assert kept.get(39) == (bytes([39]) * 10, None)
    assert kept.get(1) is None


def test_one_that_is_larger_than_all_that_is_allowed_is_kept_until_the_next_but_one(aside):
    kept = aside(10)
    kept.put("large", bytes(50), None)
    assert kept.get("large") == (bytes(50), None)
    kept.put("a", b"a" * 6, None)
    kept.put("b", b"b" * 6, None)
    assert kept.get("large") is None
    assert kept.get("b") == (b"b" * 6, None)


class Full:
    """A file on a disk without room."""

    def __init__(self, file: Any, room: int) -> None:
        self.file, self.room = file, room

    def write(self, value: bytes) -> int:
        if self.file.tell() + len(value) > self.room:
            raise OSError(28, "No space left on device")
        return int(self.file.write(value))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def test_a_full_disk_keeps_what_it_has(aside, monkeypatch):
    whole = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: Full(whole(), 6))
    kept = aside(1000)
    kept.put("first", b"abc", None)
    kept.put("too long", bytes(9), None)
    kept.put("last", b"xyz", None)
    assert [kept.get(key) for key in ("first", "too long", "last")] == [(b"abc", None), None, (b"xyz", None)]


def test_without_a_folder_for_it_nothing_is_kept(aside, monkeypatch):
    def refused() -> Any:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    kept = aside(1000)
    kept.put("one", b"abc", None)
    assert kept.get("one") is None
