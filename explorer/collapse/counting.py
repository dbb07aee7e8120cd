"""Hits of each codebook, from indices or from running counts, and what is to be remarked on how they were read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from explorer.collapse.choosing import Chosen
from explorer.collapse.findings import Finding
from explorer.collapse.indices import IndexFile, check_indices, count_levels, levels_of
from explorer.collapse.usage import Usage, averaged_usage, counted_usage
from explorer.errors import FileError

Array = NDArray[Any]

#: Columns fewer than rows are the codes where indices name each column and only these by a chance below this.
CHANCE = 1e-3
#: K and levels that may be said: 1 GB of counts.
MOST_CODES, MOST_LEVELS = 1 << 27, 64


@dataclass(frozen=True)
class Options:
    """What a file need not say.

    Attributes:
        num_embeddings: K, for indices without a codebook.
        ignore: an index that stands for no code.
        levels: codebooks that the indices are of, along their last or else first axis; None finds out.
        cosine: whether codes are compared by direction.
    """

    num_embeddings: int | None = None
    ignore: int | None = None
    levels: int | None = None
    cosine: bool = False

    def __post_init__(self) -> None:
        limits = {"num-embeddings": (self.num_embeddings, MOST_CODES), "levels": (self.levels, MOST_LEVELS)}
        for name, (value, most) in limits.items():
            if value is not None and not 1 <= value <= most:
                raise FileError("report_number", name=name, got=value, limit=most)


@dataclass(frozen=True)
class Counted:
    """Codebooks beside their hits.

    Attributes:
        codes: (K, D) of each codebook, or None.
        hits: (K,) of each, or None.
        usages: of each, or None.
        remarks: on the reading.
    """

    codes: tuple[Array | None, ...]
    hits: tuple[Array | None, ...]
    usages: tuple[Usage | None, ...]
    remarks: tuple[Finding, ...] = ()


def counted(chosen: Chosen, codes: Array | None, options: Options) -> Counted:
    """Count.

    Args:
        chosen: the tensors.
        codes: (L, K, D) as they are used, or None.
        options: what the user says.

    Raises:
        FileError: indices that cannot be of this codebook.
    """
    if chosen.indices is not None:
        return _by_indices(chosen, chosen.indices, codes, options)
    arrays = chosen.book.counts if chosen.book else (chosen.counts,) if chosen.counts else ()
    rows = [row for array in arrays for row in array.read().astype(np.float64).reshape(-1, array.shape[-1])]
    parts = [None] * len(rows) if codes is None else list(codes)
    usages = [averaged_usage(row) for row in rows] or [None for _ in parts]
    hits = [row if usage else None for row, usage in zip(rows, usages, strict=False)] or [None for _ in parts]
    return Counted(tuple(parts), tuple(hits), tuple(usages), tuple(_counts_remarks(usages, bool(arrays))))


def _counts_remarks(usages: list[Usage | None], there: bool) -> list[Finding]:
    first = next(filter(None, usages), None)
    if first is None:
        return [("fresh", {})] if there else []
    return [("averaged", {"vectors": first.num_vectors, "least": first.least}) if first.averaged else ("summed", {})]


def _by_indices(chosen: Chosen, index: IndexFile, codes: Array | None, options: Options) -> Counted:
    known = len(codes[0]) if codes is not None else options.num_embeddings
    known = index.array.shape[-1] if known is None and index.one_hot else known
    _check(index, known, codes)
    size = known or index.highest + 1
    levels, remarks = _levels(index, codes, size, options)
    hits = count_levels(index, size, levels)
    if codes is not None and levels == 1 and not (chosen.book and chosen.book.counts) and _is_turned(hits[0], codes[0]):
        codes, hits = codes.transpose(0, 2, 1), hits[:, : codes.shape[2]]
        remarks.append(("turned", {"codes": codes.shape[1], "dim": codes.shape[2]}))
    if index.one_hot:
        remarks.append(("one_hot", {"name": index.array.label, "vectors": index.size, "codes": size}))
    if index.wrapped:
        limit = int(np.iinfo(index.array.dtype).max)
        remarks.append(("wrapped", {"name": index.array.label, "limit": limit, "codes": 2 * limit + 2}))
    padded = _padded(index, levels, hits)
    usages = [counted_usage(row, known is not None, n, options.ignore) for row, n in zip(hits, padded, strict=True)]
    parts = [None] * levels if codes is None else [np.ascontiguousarray(codes[n % len(codes)]) for n in range(levels)]
    return Counted(tuple(parts), tuple(hits), tuple(usages), tuple(remarks))


def _check(index: IndexFile, known: int | None, codes: Array | None) -> None:
    """Refuse indices that do not fit; of ones beyond the codebook's rows but not its columns, say it is transposed."""
    try:
        check_indices(index, known)
    except FileError as error:
        if error.code != "indices_too_large" or codes is None or index.highest >= codes.shape[2]:
            raise
        _, rows, dim = codes.shape
        raise FileError("codebook_transposed", codes=rows, dim=dim, index=index.highest) from error


def _levels(index: IndexFile, codes: Array | None, size: int, options: Options) -> tuple[int, list[Finding]]:
    given = options.levels if codes is None or len(codes) == 1 else len(codes)
    if given is not None:
        if given > 1 and given not in (index.shape[-1:] + index.shape[:1]):
            raise FileError("levels_unfit", levels=given, shape=index.shape)
        return given, []
    found = levels_of(index, size)
    return found, [("levels_seen", {"name": index.array.label, "levels": found})] if found > 1 else []


def _is_turned(hits: Array, codes: Array) -> bool:
    """Whether the matrix is (D, K): every column is named, and no row beyond them, which is no accident."""
    rows, columns = codes.shape
    used = np.flatnonzero(hits)
    named = len(used) == columns < rows and int(used[-1]) == columns - 1
    return named and (columns / rows) ** columns < CHANCE


def _padded(index: IndexFile, levels: int, hits: Array) -> list[int]:
    return [index.size // levels - int(row.sum()) for row in hits]
