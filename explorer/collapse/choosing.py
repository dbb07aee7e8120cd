"""Which of many tensors are the codebook, its counts and its indices: those that fit each other.

Fit goes first: counts (K,) beside codes (K, D) whose running sums they explain, indices below K, as many codebooks as
the indices have levels. A whole name ("codebook", "indices") decides only between tensors that fit equally well; what
is left open is asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.collapse.indices import IndexFile
from explorer.collapse.layers import affine_statistics, has_unit_length, learned_affine, linear_layer
from explorer.collapse.tensors import (
    CODEBOOK_NAMES,
    COUNT_NAMES,
    INDEX_NAMES,
    SUM_NAMES,
    is_count,
    is_one_hot,
    listed,
    matrix_shape,
    may_be_codebook,
    may_be_indices,
    module_of,
    name_of,
    words_of,
)
from explorer.errors import FileError
from explorer.files.tensors import StoredArray


@dataclass(frozen=True)
class Book:
    """Where one codebook lies, or several of equal size.

    Attributes:
        arrays: one (K, D) or (L, K, D), or one (K, D) for each level.
        counts: running counts of hits that go with them, as many arrays, or none.
    """

    arrays: tuple[StoredArray, ...]
    counts: tuple[StoredArray, ...] = ()

    @property
    def shape(self) -> tuple[int, int, int]:
        """(L, K, D)."""
        *levels, codes, dim = matrix_shape(self.arrays[0])
        return (levels[0] if levels else len(self.arrays), codes, dim)

    @property
    def name(self) -> str:
        """Its tensor's name."""
        return name_of(self.arrays[0])


@dataclass(frozen=True)
class Chosen:
    """Which tensors a report is made from; `counts` without a codebook are all that a file may hold."""

    book: Book | None = None
    indices: IndexFile | None = None
    counts: StoredArray | None = None

    @property
    def arrays(self) -> tuple[StoredArray, ...]:
        """All of them."""
        book = () if self.book is None else (*self.book.arrays, *self.book.counts)
        indices = () if self.indices is None else (self.indices.array,)
        return (*book, *indices, *(() if self.counts is None else (self.counts,)))


def choose_tensors(
    picked: Sequence[StoredArray],
    pool: Sequence[StoredArray],
    name: str,
    ignore: int | None = None,
    asked: Sequence[StoredArray] = (),
) -> Chosen:
    """Find codebook, counts and indices.

    Args:
        picked: what may be meant.
        pool: all there is; counts and other companions of a codebook may be among what was not picked.
        name: of the files, for an error.
        ignore: an index that stands for no code.
        asked: tensors that the user named: several codebooks of one size among them are all meant.

    Raises:
        FileError: there is neither codebook nor indices nor counts, or no telling which.
    """
    one_hot = [array for array in picked if is_one_hot(array)]
    rest = [array for array in picked if array not in one_hot]
    matrices = [array for array in rest if may_be_codebook(array)]
    books: Sequence[Book] = _with_counts([a for a in matrices if matrix_shape(a)[-2] > 1] or matrices, pool)
    counts = {array for book in books for array in book.counts}
    found = [array for array in rest if may_be_indices(array) and array not in counts and not _is_buffer(array, pool)]
    indices = [IndexFile(array, array in one_hot, ignore) for array in (*one_hot, *found)]
    _refuse_floats_for_indices(rest, books, indices)
    index = _index(indices)
    if len(indices) > 1 and index is None:
        books, index = _pair(books, indices, name)
    book = _all_of([book for book in books if book.arrays[0] in asked]) or _book(books, index, pool, name)
    if book is None and index is None:
        return Chosen(counts=_bare_counts(rest, name))
    return Chosen(book, index)


def _with_counts(matrices: Sequence[StoredArray], pool: Sequence[StoredArray]) -> list[Book]:
    """Codebooks that may be meant, without running sums where the codes they belong to are known."""
    books = [Book((array,), _counts_of(array, pool)) for array in matrices]
    sums = {_sums_among(book, other) for book in books for other in books if _share_counts(book, other)}
    books = [book for book in books if book.arrays[0] not in sums]
    return [*books, *_families(books)]


def _counts_of(array: StoredArray, pool: Sequence[StoredArray]) -> tuple[StoredArray, ...]:
    """Counts (K,) of codes (K, D): of that shape, beside it, by whole name, or because they explain running sums."""
    shape = matrix_shape(array)[:-1]
    near = [other for other in pool if _beside(other, array) and _count_shape(other) == shape and is_count(other)]
    named = [other for other in near if name_of(other) in COUNT_NAMES]
    return tuple(named[:1]) or tuple(other for other in near if _explains_sums(other, array, pool))[:1]


def _beside(other: StoredArray, array: StoredArray) -> bool:
    """Whether it belongs to the same part of a model or one around it, in the same file; files of one array may."""
    if not (other.key and array.key):
        return other != array
    return other.path == array.path and f"{module_of(array)}.".startswith(f"{module_of(other)}.".lstrip("."))


def _count_shape(array: StoredArray) -> tuple[int, ...]:
    shape = array.shape
    while len(shape) > 1 and shape[0] == 1:
        shape = shape[1:]
    return shape


def _explains_sums(counts: StoredArray, codes: StoredArray, pool: Sequence[StoredArray]) -> bool:
    rivals = (other for other in pool if other != codes and other.shape == codes.shape and other.kind == "float")
    return any(_misfit(codes, other, counts) < 0.05 for other in rivals)


def _misfit(codes: StoredArray, sums: StoredArray, counts: StoredArray) -> float:
    """How far `codes · counts` is from `sums`, over the length of `sums`; smoothing of counts explains a little."""
    total = sums.read().astype(np.float64)
    made = codes.read().astype(np.float64) * counts.read().reshape(*codes.shape[:-1], 1)
    length = float(np.linalg.norm(total))
    return float(np.linalg.norm(made - total)) / length if length else np.inf


def _share_counts(book: Book, other: Book) -> bool:
    return book != other and bool(book.counts) and book.counts == other.counts


def _sums_among(book: Book, other: Book) -> StoredArray:
    """Which of two matrices with the same counts are sums: what the other times the counts is."""
    (one,), (two,), (counts,) = book.arrays, other.arrays, book.counts
    forward, backward = _misfit(one, two, counts), _misfit(two, one, counts)
    if np.isclose(forward, backward):
        return one if name_of(one) in SUM_NAMES else two
    return two if forward < backward else one


def _families(books: Sequence[Book]) -> list[Book]:
    """Codebooks of equal size whose keys differ in a number only, as one codebook for each level."""
    groups: dict[tuple[str, tuple[int, ...]], list[Book]] = defaultdict(list)
    for book in books:
        if re.search(r"\d", book.arrays[0].key) and len(matrix_shape(book.arrays[0])) == 2:
            groups[re.sub(r"\d+", "#", book.arrays[0].key), matrix_shape(book.arrays[0])].append(book)
    families = []
    for group in groups.values():
        ordered = sorted(group, key=lambda book: [int(n) for n in re.findall(r"\d+", book.arrays[0].key)])
        counts = tuple(book.counts[0] for book in ordered if book.counts)
        if len(group) > 1:
            complete = counts if len(counts) == len(group) else ()
            families.append(Book(tuple(book.arrays[0] for book in ordered), complete))
    return families


def _is_buffer(array: StoredArray, pool: Sequence[StoredArray]) -> bool:
    """Whether integers of a whole model are positions and the like: dotted keys, and no name of indices."""
    return "." in array.key and name_of(array) not in INDEX_NAMES and any(o.kind == "float" for o in pool)


def _index(indices: Sequence[IndexFile]) -> IndexFile | None:
    """The one there is, or the one whose name says so."""
    if len(indices) == 1:
        return indices[0]
    named = [index for index in indices if name_of(index.array) in INDEX_NAMES]
    return named[0] if len(named) == 1 else None


def _pair(books: Sequence[Book], indices: Sequence[IndexFile], name: str) -> tuple[Sequence[Book], IndexFile | None]:
    """Of several integer tensors the one that one codebook alone fits, and that codebook."""
    if all(_is_table_of_model(index.array) for index in indices) and len(books) == 1:
        return books, None
    fits = [(book, index) for book in books for index in indices if index.fits(*book.shape[:2])]
    if len(fits) != 1:
        raise FileError("tensor_key_needed", name=name, known=listed([index.array for index in indices]))
    return [fits[0][0]], fits[0][1]


def _is_table_of_model(array: StoredArray) -> bool:
    return "." in array.key


def _all_of(books: Sequence[Book]) -> Book | None:
    """Several matrices of one size as a codebook for each level."""
    alone = [book for book in books if len(book.arrays) == 1]
    if len(alone) < 2 or len({book.arrays[0].shape for book in alone}) > 1 or alone[0].shape[0] > 1:
        return None
    counts = tuple(count for book in alone for count in book.counts)
    return Book(tuple(book.arrays[0] for book in alone), counts if len(counts) == len(alone) else ())


def _book(books: Sequence[Book], index: IndexFile | None, pool: Sequence[StoredArray], name: str) -> Book | None:
    """The codebook among several that may be meant."""
    if len(books) <= 1:
        return books[0] if books else None
    for narrow in (_counted, lambda found: _layered(found, pool), lambda found: _fitting(found, index), _named):
        books = narrow(books) or books
        if len(books) == 1:
            return books[0]
    raise FileError("tensor_key_needed", name=name, known=listed([a for book in books for a in book.arrays]))


def _counted(books: Sequence[Book]) -> Sequence[Book]:
    """Those with counts, a family before its members."""
    return _without_members([book for book in books if book.counts])


def _layered(books: Sequence[Book], pool: Sequence[StoredArray]) -> Sequence[Book]:
    """Stored codes of a quantizer that passes them through a layer of its own."""
    layers = (linear_layer, affine_statistics, learned_affine, has_unit_length)
    return [book for book in books if any(layer(book.arrays[0], pool) for layer in layers)]


def _without_members(books: Sequence[Book]) -> Sequence[Book]:
    members = {array for book in books if len(book.arrays) > 1 for array in book.arrays}
    return [book for book in books if len(book.arrays) > 1 or book.arrays[0] not in members]


def _fitting(books: Sequence[Book], index: IndexFile | None) -> Sequence[Book]:
    """Those that indices fit; a table of positions or of the quantized vectors themselves fits by chance at most."""
    if index is None:
        return [book for book in books if len(book.arrays) == 1]
    fits: Sequence[Book] = [book for book in books if index.fits(*book.shape[:2])]
    if any(book.shape[0] > 1 for book in fits):  # as many codebooks as the indices have levels
        fits = _without_members([book for book in fits if book.shape[0] > 1])
    chance = [book for book in fits if _is_made_of(book.arrays[0], index)]
    return [book for book in fits if book not in chance] or fits


def _is_made_of(array: StoredArray, index: IndexFile) -> bool:
    """Whether it has a row for each index, or for each place of them."""
    places = index.shape
    return array.shape[:-1] == places or (
        array.shape[0] == 1 and len(array.shape) == 3 and array.shape[1] in places[1:]
    )


def _named(books: Sequence[Book]) -> Sequence[Book]:
    return [book for book in books if len(book.arrays) == 1 and CODEBOOK_NAMES & set(words_of(book.arrays[0])[-2:])]


def _refuse_floats_for_indices(
    arrays: Sequence[StoredArray], books: Sequence[Book], indices: Sequence[IndexFile]
) -> None:
    """Floats of a shape that no codebook has: the one thing there is, or a file beside a codebook."""
    if indices:
        return
    counts = {array for book in books for array in book.counts}
    odd = [a for a in arrays if a.kind == "float" and not may_be_codebook(a) and a not in counts]
    odd = [array for array in odd if not (name_of(array) in COUNT_NAMES and len(_count_shape(array)) == 1)]
    beside = [array for array in odd if not array.key or name_of(array) in INDEX_NAMES]
    if odd and (not books or (len(books) == 1 and beside)):
        first = odd[0] if not books else beside[0]
        raise FileError("codebook_shape", name=first.key or first.file, shape=first.shape)


def _bare_counts(arrays: Sequence[StoredArray], name: str) -> StoredArray:
    """Counts without vectors: enough to say how many codes are used."""
    found = [array for array in arrays if name_of(array) in COUNT_NAMES and len(_count_shape(array)) == 1]
    if len(found) != 1 or not found[0].size or not is_count(found[0]):
        raise FileError("tensor_file_empty", name=name)
    return found[0]
