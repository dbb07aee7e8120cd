"""What a stored tensor may be, by its shape and its values: a codebook, counts of hits, indices, one-hot rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from explorer.errors import FileError
from explorer.files.tensors import StoredArray

#: Whole names, never parts of them, that tell apart what fits equally well.
COUNT_NAMES = {
    "cluster_size",
    "ema_cluster_size",
    "_ema_cluster_size",
    "ema_count",
    "ema_counts",
    "code_count",
    "code_counts",
    "counts",
    "hits",
    "usage",
    "_usage",
    "N",
}
SUM_NAMES = {"embed_avg", "ema_sum", "ema_w", "_ema_w", "ema_dw", "embed_sum", "code_sum", "ema_embedding", "m"}
CODEBOOK_NAMES = {"codebook", "_codebook", "codebooks", "embed", "frozen_codebook"}
INDEX_NAMES = {
    "indices",
    "codes",
    "ids",
    "tokens",
    "code_indices",
    "encoding_indices",
    "min_encoding_indices",
    "encodings",
    "min_encodings",
    "one_hot",
}
#: A stack of more matrices than this is no row of codebooks, and a longer last axis no row of levels.
MOST_LEVELS = 32
#: Values of an array that tell whether it may be one-hot, before all of it is read.
PROBED = 4096


def name_of(array: StoredArray) -> str:
    """The last word of its key, without `.weight`; of a file with one array the file's own name."""
    words = words_of(array)
    return words[-2] if words[-1] == "weight" and len(words) > 1 else words[-1]


def words_of(array: StoredArray) -> list[str]:
    """Its key as words between dots."""
    return re.split(r"[./]", array.key) if array.key else [Path(array.file).stem]


def module_of(array: StoredArray) -> str:
    """The part of the model that holds it, "" for none."""
    return array.key.rpartition(".")[0]


def matrix_shape(array: StoredArray) -> tuple[int, ...]:
    """Its shape without leading ones, which some packages keep for heads; at least two axes."""
    shape = array.shape
    while len(shape) > 2 and shape[0] == 1:
        shape = shape[1:]
    return shape


def may_be_codebook(array: StoredArray) -> bool:
    """Floats (K, D), or (L, K, D) of several codebooks."""
    shape = matrix_shape(array)
    return array.kind == "float" and (len(shape) == 2 or (len(shape) == 3 and shape[0] <= MOST_LEVELS))


def may_be_indices(array: StoredArray) -> bool:
    """Integers that are no counter."""
    return array.kind == "integer" and (array.size != 1 or not array.key) and array.shape != ()


def is_one_hot(array: StoredArray) -> bool:
    """Whether the last axis, of 3 or more, holds one 1 and else 0, everywhere; no weight of a model, nor a square.

    A layer that begins as the identity looks like it.
    """
    if len(array.shape) < 2 or array.shape[-1] < 3 or not array.size or array.fortran:
        return False
    if "." in array.key or array.shape == (array.shape[-1],) * 2:
        return False
    width, begun, ones = array.shape[-1], 0, 0
    for piece in array.pieces():
        for part in (piece[:PROBED], piece) if begun == 0 else (piece,):
            if not np.isin(part, (0, 1)).all():
                return False
        rows = (begun + np.flatnonzero(piece)) // width
        if not np.array_equal(rows, np.arange(ones, ones + len(rows))):
            return False
        begun, ones = begun + len(piece), ones + len(rows)
    return ones == array.size // width


def is_count(array: StoredArray) -> bool:
    """Whether all values are numbers of 0 or more."""
    return all(bool(np.isfinite(piece).all()) and piece.min(initial=0) >= 0 for piece in array.pieces())


def listed(arrays: Sequence[StoredArray]) -> str:
    """At most 20 of them, for a sentence."""
    labels = [array.label for array in arrays]
    return ", ".join(labels[:20]) + (f" and {len(labels) - 20} more" if len(labels) > 20 else "")


def picked(arrays: Sequence[StoredArray], keys: Sequence[str]) -> list[StoredArray]:
    """What `keys` name, by key, by file, or by `file:key`; of a kind of which none is named in a file, all stay.

    Raises:
        FileError: a key names nothing.
    """
    meant = named(arrays, keys)
    kinds = {_kind(array) for array in meant}
    return [array for array in arrays if array in meant or _kind(array) not in kinds]


def named(arrays: Sequence[StoredArray], keys: Sequence[str]) -> list[StoredArray]:
    """What `keys` name.

    Raises:
        FileError: a key names nothing.
    """
    found = {key: [array for array in arrays if key in _names(array)] for key in keys}
    for key, meant in found.items():
        if not meant:
            raise FileError("tensor_key_unknown", key=key, known=listed(arrays))
    return [array for meant in found.values() for array in meant]


def _kind(array: StoredArray) -> tuple[Path | None, str]:
    """Files of one array are as one file."""
    return array.path if array.key else None, array.kind


def _names(array: StoredArray) -> set[str]:
    return {array.key, f"{array.file}:{array.key}"} if array.key else {array.file, str(array.path)}
