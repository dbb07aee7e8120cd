"""The codes that a quantizer compares with encoder outputs, made from those that its file stores.

What is stored may look well where what is used is one point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.collapse.choosing import Book
from explorer.collapse.layers import affine_statistics, has_unit_length, learned_affine, linear_layer, square_beside
from explorer.errors import FileError
from explorer.files.tensors import StoredArray

Array = NDArray[Any]

LEAST_VARIANCE = 1e-5  # below it an affine codebook takes a variance for this
#: Roundings of float32 in the numbers that codes were made from, below which two are the same.
ROUNDINGS = 16
#: The same in half precision, which training itself may have used.
HALF_ROUNDINGS = 2
EPS = {"bfloat16": 2.0**-7, "<f2": 2.0**-10, ">f2": 2.0**-10}


@dataclass(frozen=True)
class Effective:
    """Codes as they are used.

    Attributes:
        codes: (L, K, D) float32, finite.
        how: "stored", "linear", "affine" or "cosine".
        parts: what they were made with, beside the stored codes.
        floor: a distance between codes that is rounding.
        beside: a square matrix of unknown use next to the stored codes, or None.
    """

    codes: Array
    how: str
    parts: tuple[StoredArray, ...] = ()
    floor: float = 0.0
    beside: StoredArray | None = None


def effective_codes(book: Book, pool: Sequence[StoredArray], cosine: bool = False) -> Effective:
    """Read a codebook and make what is used of it.

    Args:
        book: where it lies.
        pool: all tensors of its file.
        cosine: whether codes are compared by direction, which a file need not say.

    Raises:
        FileError: empty or not finite.
    """
    stored, array = read_book(book), book.arrays[0]
    layer, statistics = linear_layer(array, pool), affine_statistics(array, pool)
    if layer is not None:
        bias = 0 if layer.bias is None else layer.bias.read()
        weight = layer.weight.read()
        with np.errstate(all="ignore"):
            made = Effective(stored @ (weight.T if layer.out_in else weight) + bias, "linear", layer.parts)
    elif learned := learned_affine(array, pool):
        scale, bias, rate = (part.read() for part in learned)
        made = Effective(stored * (1 + rate * scale) + rate * bias, "linear", learned)
    elif statistics:
        made = Effective(_affine(stored, statistics), "affine", statistics)
    else:
        made = Effective(stored, "stored", beside=square_beside(array, pool))
    floor = _floor(stored, array)
    codes = _finite(made.codes.astype(np.float32, copy=False))
    if cosine or has_unit_length(array, pool):
        codes = codes / np.maximum(np.linalg.norm(codes, axis=-1, keepdims=True), 1e-12)
        return Effective(codes, "cosine", made.parts, _floor(codes, array))
    return Effective(codes, made.how, made.parts, floor, made.beside)


def read_book(book: Book) -> Array:
    """(L, K, D) float32, finite.

    Raises:
        FileError: empty or not finite.
    """
    for array in book.arrays:
        if not array.size:
            raise FileError("tensor_empty", name=array.label)
    read = [array.read() for array in book.arrays]
    levels, codes, dim = book.shape
    joined = read[0] if len(read) == 1 else np.stack([one.reshape(codes, dim) for one in read])
    return _finite(np.ascontiguousarray(joined.reshape(levels, codes, dim)))


def _finite(codes: Array) -> Array:
    flat = codes.reshape(-1, codes.shape[-1])
    bad = sum(int((~np.isfinite(flat[first : first + 4096])).sum()) for first in range(0, len(flat), 4096))
    if bad:
        raise FileError("codebook_not_finite", bad=bad, total=codes.size)
    return codes


def _floor(codes: Array, array: StoredArray) -> float:
    """Rounding of codes of this length in the type they were stored in."""
    half = EPS.get(array.dtype)
    rounding = HALF_ROUNDINGS * half if half else ROUNDINGS * float(np.finfo(np.float32).eps)
    sample = codes.reshape(-1, codes.shape[-1])[:4096]
    return rounding * float(np.median(np.linalg.norm(sample, axis=1)))


def _affine(stored: Array, statistics: Sequence[StoredArray]) -> Array:
    """`(e - mean) · batch_std / std + batch_mean`."""
    levels, _, dim = stored.shape
    values = [np.broadcast_to(part.read().reshape(-1, 1, dim), (levels, 1, dim)) for part in statistics]
    batch_mean, batch_variance, mean, variance = values
    ratio = np.sqrt(np.maximum(batch_variance, LEAST_VARIANCE) / np.maximum(variance, LEAST_VARIANCE))
    return (stored - mean) * ratio + batch_mean
