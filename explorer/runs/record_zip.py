"""A record that somebody sends as a zip: what may be in it, by a table, and nothing else of it is read.

Every array is compared with its `Spec` by its header before it is unpacked, and by its values afterwards: a record from
elsewhere has to be one that `explorer.recorder` could have written.
"""

from __future__ import annotations

import io
import json
import math
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from explorer.errors import RecordError
from explorer.files.tensors import npy_header
from explorer.files.zips import BROKEN_ARRAYS, BROKEN_ZIP, UnpacksTooLargeError, entries, opened_zip
from explorer.files.zips import unpacked as unpacked_entry
from explorer.recording.files import CURVES, DESCRIPTION, FORMAT, FRAMES, NOTES
from explorer.recording.frames import VECTORS
from explorer.runs.schema import FLOATS, LARGEST, Spec

#: A recorder writes at most 400 frames and some tens of files of curves.
MOST_FILES, MOST_UNPACKED = 2000, 96_000_000
LONGEST_TEXT = 1_000_000
MOST_NUMBERS, MOST_CODES, MOST_LEVELS = 1 << 25, 1 << 20, 64  # of the codebooks of all levels together
MOST_POINTS, MOST_CURVES = 10_000, 64
NAME = re.compile(r"(?:.*/)?(run\.json|notes\.jsonl|(?:frames|curves)/[0-9]{1,12}\.npz)")
WHOLE = ("int32", "int64")
BIG = 2.0**53


def unpack_record(file: Path, folder: Path) -> Path:
    """Write the record in a zip into a new folder and return that.

    Args:
        file: the zip; the record may lie in a folder within it.
        folder: empty, or not there.

    Raises:
        RecordError: it is no zip of a record, unpacks to too much, or holds what no recorder writes.
    """
    try:
        with file.open("rb") as stream, opened_zip(stream) as archive:
            files = {name: _bounded(archive, entry, name) for name, entry in _found(archive).items()}
    except UnpacksTooLargeError as error:
        raise RecordError("record_zip_large", limit=MOST_UNPACKED // 10**6) from error
    except BROKEN_ZIP as error:
        raise RecordError("record_zip_damaged") from error
    sizes, room = _sizes(files[DESCRIPTION]), MOST_UNPACKED
    for name, content in files.items():
        if name.endswith(".npz"):
            room -= _check(name, content, sizes, room)
    for name in (FRAMES, CURVES):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def _found(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Entries of a record by the names that they have in its folder."""
    entered = [(NAME.fullmatch(entry.filename), entry) for entry in entries(archive, MOST_UNPACKED)]
    found = {match[1]: entry for match, entry in entered if match}
    if DESCRIPTION not in found or len(found) > MOST_FILES:
        raise RecordError("record_zip_foreign")
    if not any(name.startswith(FRAMES) for name in found):
        raise RecordError("record_empty", folder="zip")
    return found


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    if name in (DESCRIPTION, NOTES) and entry.file_size > LONGEST_TEXT:
        raise RecordError("record_zip_large", limit=LONGEST_TEXT // 10**6)
    return unpacked_entry(archive, entry)


def _sizes(content: bytes) -> tuple[int, int, int]:
    """(L, K, D); a record of a newer version is a RecordError of its own."""
    try:
        values = json.loads(content)
        if type(values["format"]) is int and values["format"] > FORMAT:
            raise RecordError("record_too_new", folder="zip", version=values["format"], known=FORMAT)
        sizes = tuple(values[name] for name in ("levels", "num_embeddings", "embedding_dim"))
        fine = all(type(size) is int and size > 0 for size in sizes)
        large = sizes[0] > MOST_LEVELS or sizes[0] * sizes[1] > MOST_CODES
        if not fine or large or sizes[0] * sizes[1] * sizes[2] > MOST_NUMBERS:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RecordError("record_damaged", path=DESCRIPTION) from error
    return sizes


def frame_specs(levels: int, codes: int, dim: int, vectors: int, pictures: tuple[int, ...]) -> dict[str, Spec]:
    """Arrays of a frame: `vectors` of z_e are in it; pictures are (n, C, H, W)."""
    ids = 2.0**31
    return {
        "step": Spec(("int64",), (), 0, BIG),
        "hits": Spec(WHOLE, (levels, codes), 0, BIG),
        "beyond": Spec(WHOLE, (), 0, BIG),
        "codebook": Spec(FLOATS, (levels, codes, dim), -LARGEST, LARGEST),
        "z_e": Spec(FLOATS, (vectors, dim), -LARGEST, LARGEST),
        "z_e_total": Spec(("int64",), (), 0, BIG),
        "z_e_indices": Spec(("int32",), (vectors, levels), -ids, ids),
        "z_e_labels": Spec(("int32",), (vectors,), -ids, ids),
        "originals": Spec(("uint8",), pictures),
        "reconstructions": Spec(("uint8",), pictures),
    }


def _check(name: str, content: bytes, sizes: tuple[int, int, int], room: int) -> int:
    """Bytes of its arrays, unpacked, of at most `room`."""
    try:
        headers, size = _headers(content, room)
        specs = _frame(headers, sizes) if name.startswith(FRAMES) else _curves(headers)
        if not headers.keys() <= specs.keys() or not all(specs[key].fits(*header) for key, header in headers.items()):
            raise ValueError(name)
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if not all(specs[key].holds(arrays[key]) for key in headers):
                raise ValueError(name)
    except UnpacksTooLargeError as error:
        raise RecordError("record_zip_large", limit=MOST_UNPACKED // 10**6) from error
    except BROKEN_ARRAYS as error:
        raise RecordError("record_zip_arrays", name=name) from error
    return size


def _headers(content: bytes, room: int) -> tuple[dict[str, tuple[tuple[int, ...], np.dtype[Any]]], int]:
    """Shape and type of each array, by name, before any of it is unpacked; and the bytes of all of them."""
    found, size = {}, 0
    with opened_zip(io.BytesIO(content)) as archive:
        for entry in entries(archive, room):
            with archive.open(entry) as stream:
                shape, descr, _, offset = npy_header(stream)
            dtype = np.dtype(descr)
            if dtype.hasobject or math.prod(shape) * dtype.itemsize + offset != entry.file_size:
                raise ValueError(entry.filename)
            found[entry.filename.removesuffix(".npy")] = (shape, dtype)
            size += entry.file_size
    return found, size


def _frame(headers: dict[str, tuple[tuple[int, ...], Any]], sizes: tuple[int, int, int]) -> dict[str, Spec]:
    vectors = headers["z_e"][0][0] if "z_e" in headers else 0
    pictures = headers["originals"][0] if "originals" in headers else ()
    if not {"step", "hits"} <= headers.keys() or vectors > VECTORS or np.prod(pictures, dtype=float) > MOST_NUMBERS:
        raise ValueError("frame")
    specs = frame_specs(*sizes, vectors, pictures)
    if "ranks" in headers and len(headers["ranks"][0]) == 2 and headers["ranks"][0][0] < 1 << 16:
        specs["ranks"] = Spec(("float64", "float32"), (headers["ranks"][0][0], 2), -BIG, BIG)
    return specs


def _curves(headers: dict[str, tuple[tuple[int, ...], Any]]) -> dict[str, Spec]:
    (points,) = headers["steps"][0]
    if points > MOST_POINTS or len(headers) > MOST_CURVES:
        raise ValueError("curves")
    widest = float(np.finfo(np.float32).max)
    names = [name for name in headers if name.startswith("curve/") and len(name) < 80]
    curves = {name: Spec(("float32",), (points,), -widest, widest, gaps=True) for name in names}
    return curves | {"steps": Spec(("int64",), (points,), 0, BIG)}
