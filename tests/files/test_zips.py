"""Zips that lie about what they hold: no reader unpacks more than may be, and damage anywhere is one known error."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import save as save_tensors
from torch import ones

from explorer.errors import FileError
from explorer.files import zips
from explorer.files.tensors import LONGEST_SENT_HEADER, stored_arrays
from explorer.files.zips import BROKEN_ARRAYS, BROKEN_ZIP, UnpacksTooLargeError, entries, opened_zip, unpacked
from explorer.runs.reading import arrays_of, npz, tensors_of

MEGABYTE = 1_000_000
BOMB = 60 * MEGABYTE
MOST = 24 * MEGABYTE  # that a reader may take on its way: a few pieces
METHODS = {"stored": zipfile.ZIP_STORED, "deflate": zipfile.ZIP_DEFLATED, "bz2": zipfile.ZIP_BZIP2}
METHODS |= {"lzma": zipfile.ZIP_LZMA}


def forged(name: str, method: int, size: int, claimed: int) -> bytes:
    """A zip whose one entry unpacks to `size` zeros and says that it has `claimed`, with the checksum of those."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(name, bytes(size))
    raw = bytearray(buffer.getvalue())
    for mark, offset in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        struct.pack_into("<I", raw, raw.find(mark) + offset, zlib.crc32(bytes(claimed)))
        struct.pack_into("<I", raw, raw.find(mark) + offset + 8, claimed)
    return bytes(raw)


def peak_bytes(work: Callable[[], object]) -> int:
    """Of memory while something is done that one of `BROKEN_ARRAYS` or a sentence ends."""
    tracemalloc.start()
    with suppress(FileError, *BROKEN_ARRAYS):
        work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def read_all(content: bytes) -> list[bytes]:
    with opened_zip(io.BytesIO(content)) as archive:
        return [unpacked(archive, info) for info in entries(archive, 10 * MEGABYTE)]


READERS: dict[str, Callable[[Path], object]] = {
    "a zip": lambda path: read_all(path.read_bytes()),
    "arrays of a run": lambda path: arrays_of(path.read_bytes()),
    "arrays of a report": lambda path: [array.read() for array in stored_arrays(path)],
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("method", ["deflate", "bz2", "lzma"])
def test_a_bomb_that_claims_100_bytes_takes_no_more_than_a_piece(tmp_path: Path, method: str, reader: str):
    path = tmp_path / "a.npz"
    path.write_bytes(forged("codebook.npy", METHODS[method], BOMB, 100))
    assert path.stat().st_size < 70_000
    assert peak_bytes(lambda: READERS[reader](path)) < MOST


@pytest.mark.parametrize("claimed", [100, 0, 10 * MEGABYTE])
def test_an_entry_has_what_it_claims_or_is_refused(claimed: int):
    assert read_all(forged("a", zipfile.ZIP_DEFLATED, claimed, claimed)) == [bytes(claimed)]
    with pytest.raises(BROKEN_ZIP):
        read_all(forged("a", zipfile.ZIP_DEFLATED, claimed, claimed + 5))


def test_all_entries_together_are_bounded():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in "abc":
            archive.writestr(name, bytes(4 * MEGABYTE))
    with pytest.raises(UnpacksTooLargeError):
        read_all(buffer.getvalue())


def test_a_directory_of_countless_entries_is_not_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zips, "PIECE", 70_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(1500):
            archive.writestr(f"{number:05}", b"")
    with pytest.raises(zipfile.BadZipFile):
        read_all(buffer.getvalue())


def npz_member(header: str, body: bytes) -> bytes:
    text = header.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body)
    return buffer.getvalue()


@pytest.mark.parametrize("shape", ["(30000000,)", "(1, 2)", "(0, 5)", "(-1,)", "('a',)", "3", "(1" + "0" * 4000 + ",)"])
def test_a_shape_that_its_values_do_not_fill_is_refused_before_there_is_room_for_it(shape: str):
    content = npz_member(f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}}}", bytes(4))
    with pytest.raises(BROKEN_ARRAYS):
        arrays_of(content)
    assert peak_bytes(lambda: arrays_of(content)) < MEGABYTE


@pytest.mark.parametrize("descr", ["|O", "<U0", "|V8", "<M8[s]", "<c8", "no type", "<f4,<f4"])
def test_values_that_a_run_does_not_have_are_refused(descr: str):
    with pytest.raises(BROKEN_ARRAYS):
        arrays_of(npz_member(f"{{'descr': '{descr}', 'fortran_order': False, 'shape': (1,)}}", bytes(8)))


def test_arrays_come_back_as_they_were():
    arrays = {"a": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "level": np.array("full"), "b/c": np.zeros(0, "i4")}
    back = arrays_of(npz(arrays))
    assert back.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].flags.writeable


def every_flip(content: bytes, step: int) -> list[bytes]:
    """The file with one byte turned over, in every region of it."""
    return [content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :] for at in range(0, len(content), step)]


@pytest.mark.parametrize("method", METHODS)
def test_one_wrong_byte_anywhere_is_damage_or_nothing(tmp_path: Path, method: str):
    random = np.random.default_rng(0)
    packed = io.BytesIO()
    np.savez_compressed(packed, codebook=random.normal(size=(64, 8)).astype("f4"), indices=random.integers(0, 64, 300))
    repacked = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(repacked, "w", METHODS[method]) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    path = tmp_path / "a.npz"
    for content in every_flip(repacked.getvalue(), 5):
        path.write_bytes(content)
        with suppress(FileError):
            for array in stored_arrays(path):
                array.read()
        with suppress(*BROKEN_ARRAYS):
            arrays_of(content)


def test_a_header_of_a_sent_file_is_looked_at_before_it_is_parsed(tmp_path: Path):
    header = b"[" + b"[]," * 1_000_000 + b"[]]"
    path = tmp_path / "a.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    assert peak_bytes(lambda: stored_arrays(path, longest_header=LONGEST_SENT_HEADER)) < MEGABYTE
    with pytest.raises(FileError, match=r"the header of a\.safetensors has over 1 MB"):
        stored_arrays(path, longest_header=LONGEST_SENT_HEADER)
    with pytest.raises(BROKEN_ARRAYS):
        tensors_of(path.read_bytes())
    assert tensors_of(save_tensors({"a": ones(2)}))["a"].tolist() == [1, 1]
