"""Arrays out of other people's files: `.npy`, `.npz` and `.safetensors`, read in pieces, and never a pickle.

A header is believed only as far as the file bears it out. Values are read in pieces of a few MB into one buffer, so
that memory stays flat however long the array is.
"""

from __future__ import annotations

import ast
import json
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from explorer.errors import FileError
from explorer.files.zips import BROKEN_ARRAYS, BROKEN_ZIP, PIECE, entries, opened_zip

PICKLES = {".pt", ".pth", ".ckpt", ".bin", ".pkl", ".pickle", ".joblib"}
MOST_AXES = 64  # of NumPy's arrays
CHUNK_BYTES = PIECE
LONGEST_NPY_HEADER = 100_000
LONGEST_SAFETENSORS_HEADER = 100_000_000  # the format's own limit
#: Of a file that somebody sends: 10,000 tensors. Parsed, a header of 6 MB takes 400.
LONGEST_SENT_HEADER = 1_000_000
SAFETENSORS_TYPES = dict(
    zip(
        ("F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8"),
        ("<f8", "<f4", "<f2", "bfloat16", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1"),
        strict=True,
    )
)


@dataclass(frozen=True)
class StoredArray:
    """An array in a file, not read yet.

    Attributes:
        path: the file.
        key: its name there; "" in a `.npy`.
        shape: as stored.
        dtype: NumPy's spelling ("<f4", ">i8"), or "bfloat16".
        offset: of its first byte, in the file or in the zip member `member`.
        fortran: whether it is stored column by column.
        member: of an `.npz`.
        sent_as: what its file was called before it came here, "" for the path's own name.
    """

    path: Path
    key: str
    shape: tuple[int, ...]
    dtype: str
    offset: int
    fortran: bool = False
    member: str = ""
    sent_as: str = ""

    @property
    def file(self) -> str:
        """The file's name, for a reader."""
        return self.sent_as or self.path.name

    @property
    def size(self) -> int:
        """Number of values."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Of its values, unpacked."""
        return self.size * (2 if self.dtype == "bfloat16" else np.dtype(self.dtype).itemsize)

    @property
    def kind(self) -> str:
        """Either "float" or "integer", or NumPy's letter for anything else."""
        if self.dtype == "bfloat16":
            return "float"
        return {"f": "float", "i": "integer", "u": "integer"}.get(np.dtype(self.dtype).kind, np.dtype(self.dtype).kind)

    @property
    def label(self) -> str:
        """For a reader: "codebook (512, 64) float32"."""
        name = self.dtype if self.dtype == "bfloat16" else np.dtype(self.dtype).name
        return f"{self.key or self.file} {self.shape} {name}"

    def pieces(self) -> Iterator[NDArray[Any]]:
        """All values in stored order, as 1-D arrays of native numbers; each is overwritten by the next.

        Raises:
            FileError: the file ends before the array does.
        """
        stored = np.dtype("<u2" if self.dtype == "bfloat16" else self.dtype)
        buffer = bytearray(CHUNK_BYTES)
        left = self.size * stored.itemsize
        with self._opened() as stream:
            while left:
                view = memoryview(buffer)[: min(left, CHUNK_BYTES)]
                if _fill(stream, view) < len(view):
                    raise FileError("tensor_file_cut_off", name=self.file)
                left -= len(view)
                yield _native(np.frombuffer(view, stored), self.dtype)

    def read(self) -> NDArray[np.float32]:
        """All of it as float32, in its shape.

        Raises:
            FileError: as `pieces`, or it has more axes than arrays can have here.
        """
        if len(self.shape) > MOST_AXES:
            raise FileError("tensor_axes", name=self.file, axes=len(self.shape), most=MOST_AXES)
        values = np.empty(self.size, np.float32)
        filled = 0
        with np.errstate(over="ignore"):  # a float64 beyond float32 becomes infinite, which is then said
            for piece in self.pieces():
                values[filled : filled + len(piece)] = piece
                filled += len(piece)
        return values.reshape(self.shape, order="F" if self.fortran else "C")

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            if not self.member:
                with self.path.open("rb", buffering=0) as stream:
                    stream.seek(self.offset)
                    yield stream
                return
            with self.path.open("rb") as file, opened_zip(file) as archive, archive.open(self.member) as stream:
                stream.read(self.offset)
                yield stream
        except BROKEN_ZIP as error:
            raise FileError("tensor_file_damaged", name=self.file) from error


def stored_arrays(path: Path, name: str = "", longest_header: int = LONGEST_SAFETENSORS_HEADER) -> list[StoredArray]:
    """What a file holds.

    Args:
        path: the file.
        name: what it was called, if it was renamed on its way here; decides by its ending how it is read.
        longest_header: of a `.safetensors`, in bytes; parsed, it takes up to a hundred times as much.

    Raises:
        FileError: it cannot be read, and why.
    """
    suffix = check_suffix(name or path.name)
    try:
        found = _safetensors(path, longest_header) if suffix == ".safetensors" else READERS[suffix](path)
    except FileError as error:
        if name and error.params.get("name") == path.name:
            raise FileError(error.code, **error.params | {"name": name}) from error
        raise
    except FileNotFoundError as error:
        raise FileError("tensor_file_missing", name=path) from error
    except BROKEN_ARRAYS as error:
        raise FileError("tensor_file_damaged", name=name or path.name) from error
    return [replace(array, sent_as=name) for array in found]


def check_suffix(name: str) -> str:
    """The ending of a file's name, in small letters.

    Raises:
        FileError: a file of such a name is never read.
    """
    suffix = Path(name).suffix.lower()
    if suffix in PICKLES:
        raise FileError("tensor_file_pickle", name=name)
    if suffix not in KINDS:
        raise FileError("tensor_file_unknown", name=name)
    return suffix


def _npy(path: Path) -> list[StoredArray]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        shape, dtype, fortran, offset = npy_header(stream)
    return [_checked(StoredArray(path, "", shape, dtype, offset, fortran), size)]


def _npz(path: Path) -> list[StoredArray]:
    found, sizes = [], []
    with path.open("rb") as file, opened_zip(file) as archive:
        for info in entries(archive, math.inf):
            if not info.filename.endswith(".npy"):
                continue
            with archive.open(info) as stream:
                shape, dtype, fortran, offset = npy_header(stream)
            key = info.filename.removesuffix(".npy")
            found.append(StoredArray(path, key, shape, dtype, offset, fortran, info.filename))
            sizes.append(info.file_size)
    usable = [_holds_numbers(array) for array in found]
    if found and not any(usable):
        _checked(found[0], sizes[0])
    return [_checked(array, size) for array, size, ok in zip(found, sizes, usable, strict=True) if ok]


def npy_header(stream: IO[bytes]) -> tuple[tuple[int, ...], str, bool, int]:
    """Shape, dtype, order and the offset of the data (NumPy's format 1 to 3); raises ValueError for anything else."""
    magic = stream.read(8)
    if len(magic) < 8 or magic[:6] != b"\x93NUMPY":
        raise ValueError
    wide = magic[6] > 1
    length = int.from_bytes(stream.read(4 if wide else 2), "little")
    if length > LONGEST_NPY_HEADER:
        raise ValueError
    header = ast.literal_eval(stream.read(length).decode("utf-8" if magic[6] > 2 else "latin1"))
    shape, descr = tuple(header["shape"]), header["descr"]
    if not isinstance(descr, str) or not all(isinstance(n, int) and n >= 0 for n in shape):
        raise ValueError
    return shape, descr, bool(header["fortran_order"]), 8 + (4 if wide else 2) + length


def _safetensors(path: Path, longest_header: int) -> list[StoredArray]:
    size = path.stat().st_size
    with path.open("rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        if length > min(size, LONGEST_SAFETENSORS_HEADER):
            raise FileError("tensor_file_header_lies", name=path.name, claimed=8 + length, size=size)
        if length > longest_header:
            raise FileError("tensor_file_header_large", name=path.name, limit=longest_header // 10**6)
        header = json.loads(stream.read(length))
    if not isinstance(header, dict):
        raise ValueError
    found = []
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        shape = tuple(entry["shape"])
        if not all(isinstance(n, int) and n >= 0 for n in (begin, end, *shape)):
            raise ValueError
        dtype = SAFETENSORS_TYPES.get(entry["dtype"])
        if dtype is None:
            continue  # booleans and 8-bit floats hold neither codes nor indices
        array = _checked(StoredArray(path, key, shape, dtype, 8 + length + begin), size)
        if end - begin != array.nbytes:
            raise ValueError
        found.append(array)
    return found


def _checked(array: StoredArray, available: int) -> StoredArray:
    """Refuse what holds Python objects, and what claims more bytes than there are."""
    dtype = np.dtype("<u2" if array.dtype == "bfloat16" else array.dtype)
    if not _holds_numbers(array):
        raise FileError("tensor_file_type", name=array.key or array.path.name, dtype=str(dtype))
    claimed = array.offset + array.nbytes
    if claimed > available:
        raise FileError("tensor_file_header_lies", name=array.path.name, claimed=claimed, size=available)
    return array


def _holds_numbers(array: StoredArray) -> bool:
    return array.dtype == "bfloat16" or np.dtype(array.dtype).kind in "fiu"


READERS = {".npy": _npy, ".npz": _npz}
KINDS = (*READERS, ".safetensors")


def _native(values: NDArray[Any], dtype: str) -> NDArray[Any]:
    if dtype == "bfloat16":  # the upper half of a float32
        return (values.astype(np.uint32) << 16).view(np.float32)
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def _fill(stream: IO[bytes], view: memoryview) -> int:
    """Read until `view` is full or the stream ends; return how much was read."""
    filled = 0
    while filled < len(view):
        read = stream.readinto(view[filled:])  # type: ignore[attr-defined]
        if not read:
            break
        filled += read
    return filled
