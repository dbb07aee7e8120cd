"""The collapse report: what a codebook, a file of code indices, or both together show, and what they cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from explorer.errors import FileError
from explorer.metrics.codebook import perplexity
from explorer.metrics.collapse import (
    QUANTILES,
    NearDuplicates,
    NormSpectrum,
    Plane,
    count_hits,
    near_duplicates,
    norm_spectrum,
    plane,
)
from explorer.tensor_files import LONGEST_SAFETENSORS_HEADER, LONGEST_SENT_HEADER, StoredArray, stored_arrays

#: Sizes of a codebook that are read: 256 MB as float32.
MOST_CODES, LONGEST_CODE = 65_536, 1_024
#: Words in a tensor's name that make it the codebook of a checkpoint, and the indices of one.
CODEBOOK_WORDS = ("codebook", "embed", "codes")
INDEX_WORDS = ("ind", "ids", "token", "code")
#: Findings that say how a file may have been misread: they come first.
WARNINGS = ("transposed", "whole")
SHORT = 0.2  # of the used codes' length, below which dead codes are too short to be reached
VECTORS_PER_CODE = 10  # fewer, and a code without a hit may just not have had its turn

#: What a report may say, in English; the page has the Chinese twins.
FINDINGS: dict[str, str] = {
    "transposed": (
        "This matrix has fewer rows than columns. It is read as {codes} codes of {dim} numbers each; if it is (D, K), "
        "everything below is wrong: save codebook.T and report again."
    ),
    "whole": "All values are whole numbers from 0 up: if they are code indices, save them as integers with .long().",
    "dead": "{dead} of {codes} codes ({share:.1%}) have no hit among these {vectors} vectors.",
    "all_used": "Every one of {codes} codes has a hit.",
    "few_vectors": "{vectors} vectors are fewer than 10 for each of {codes} codes: some may not have had a turn yet.",
    "at_least": "K was not given, so K ≥ {codes}: codes beyond the largest index may exist and be dead.",
    "ignored": "{ignored} entries were left out as padding, index {index}.",
    "uneven": "Perplexity {perplexity:.1f}: choosing among the {used} used codes says as much as choosing evenly "
    "among {perplexity:.0f}.",
    "duplicates": "{merged} of {compared} codes lie within 1 % of the spread of another: {distinct} are distinct.",
    "sampled": "Near-duplicates were looked for in a sample of {compared} of {codes} codes.",
    "zero": "{zero} codes are exactly 0, as EMA codes that were never assigned are after sonnet's zero-debiased start.",
    "far": "{far} codes without a hit are over 100 times longer than any used one, as after the snippet's EMA start.",
    "short": "Codes without a hit are short, {dead:.2g} long where used ones are {used:.2g} (medians): they are too "
    "near to 0 to be the nearest.",
    "two_lengths": "{far} codes are over 100 times longer than the median: one group is likely dead, hits say which.",
    "point": "All codes are the same point.",
    "no_counts": "How often a code is used: vectors alone do not say. Add the indices of a validation set.",
    "no_vectors": "Where the codes lie and which are near-duplicates: indices alone do not say. Add the codebook.",
    "which_split": "Whether the indices are of held-out data in eval mode: only you know which vectors they come from.",
    "why": "Why codes died: that takes a record of training, such as hits and lengths at each step.",
    "quality": "Whether the decoder's pictures are good: that takes the model.",
}


@dataclass(frozen=True)
class Usage:
    """Use of codes, by indices.

    Attributes:
        num_vectors: indices counted, without those ignored.
        codes: K, or the largest index + 1 if K is unknown.
        known: whether K is known.
        used, dead, usage, perplexity: as in `explorer.metrics.codebook`.
        sorted: hits in falling order, at most 512 of them, evenly by rank.
        ignored: entries that were left out.
        padding: the index that marks them.
    """

    num_vectors: int
    codes: int
    known: bool
    used: int
    dead: int
    usage: float
    perplexity: float
    sorted: tuple[int, ...]
    ignored: int = 0
    padding: int | None = None


@dataclass(frozen=True)
class CollapseReport:
    """What the files show.

    Attributes:
        sources: the tensors that were read, as labels.
        size: (K, D) of the codebook, None without one.
        usage, duplicates, norms, plane: None where the files hold nothing for it.
        hits: of the codes that `plane` draws, None without indices.
        whole: whether the codebook looks like indices: whole numbers from 0 up, above 1 too.
        shows, cannot_tell: keys of `FINDINGS` with their numbers.
    """

    sources: tuple[str, ...]
    size: tuple[int, int] | None
    usage: Usage | None
    duplicates: NearDuplicates | None
    norms: NormSpectrum | None
    plane: Plane | None
    hits: tuple[int, ...] | None
    whole: bool = False
    shows: tuple[tuple[str, dict[str, Any]], ...] = field(default=())
    cannot_tell: tuple[tuple[str, dict[str, Any]], ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; sentences in English."""
        values = asdict(self)
        if self.plane is not None:
            values["plane"] = {
                "points": np.round(self.plane.points, 6).tolist(),
                "rows": self.plane.rows.tolist(),
                "explained": self.plane.explained,
            }
        if self.norms is not None:
            values["norms"]["quantiles"] = dict(zip(map(str, QUANTILES), self.norms.quantiles, strict=True))
        for name in ("shows", "cannot_tell"):
            values[name] = [FINDINGS[key].format(**numbers) for key, numbers in values[name]]
        return values


@dataclass(frozen=True)
class Chosen:
    """Which tensors a report is made from."""

    codebook: StoredArray | None
    indices: StoredArray | None


def collapse_report(
    files: Sequence[tuple[Path, str]],
    *,
    keys: Sequence[str] = (),
    num_embeddings: int | None = None,
    ignore: int | None = None,
    most_bytes: int | None = None,
) -> CollapseReport:
    """Read one or two files and say what they show.

    Args:
        files: paths, each with the name it had before it came here ("" keeps the path's).
        keys: names of the tensors to take, where a file holds several.
        num_embeddings: K, for indices without a codebook.
        ignore: an index that stands for no code.
        most_bytes: that a tensor may have, unpacked, of a file that somebody sends; None is no limit.

    Raises:
        FileError: a file cannot be read, or holds neither codebook nor indices.
    """
    longest = LONGEST_SAFETENSORS_HEADER if most_bytes is None else LONGEST_SENT_HEADER
    arrays = [array for path, name in files for array in stored_arrays(path, name, longest)]
    chosen = choose_tensors(arrays, keys, ", ".join(name or path.name for path, name in files))
    for array in filter(None, (chosen.codebook, chosen.indices)):
        if most_bytes is not None and array.nbytes > most_bytes:
            raise FileError("upload_unpacks", name=array.label, limit=most_bytes // 10**6)
    codebook = None if chosen.codebook is None else read_codebook(chosen.codebook)
    known = len(codebook) if codebook is not None else num_embeddings
    counts = None if chosen.indices is None else _counted(chosen.indices, known, ignore, codebook)
    usage = None
    if counts is not None and chosen.indices is not None:
        usage = _usage(counts, known is not None, chosen.indices.size - int(counts.sum()), ignore)
    duplicates = norms = drawn = None
    if codebook is not None:
        used = None if counts is None else counts > 0
        duplicates = near_duplicates(codebook, used)
        norms, drawn = norm_spectrum(codebook, used), plane(codebook, used)
    report = CollapseReport(
        sources=tuple(array.label for array in (chosen.codebook, chosen.indices) if array is not None),
        size=None if codebook is None else (codebook.shape[0], codebook.shape[1]),
        usage=usage,
        duplicates=duplicates,
        norms=norms,
        plane=drawn,
        hits=None if counts is None or drawn is None else tuple(counts[drawn.rows].tolist()),
        whole=codebook is not None and _whole(codebook),
    )
    return CollapseReport(**{**report.__dict__, "shows": tuple(_shows(report)), "cannot_tell": _cannot_tell(report)})


def choose_tensors(arrays: Sequence[StoredArray], keys: Sequence[str], name: str) -> Chosen:
    """The codebook (floats, two-dimensional) and the indices (integers), by name where there are several.

    Raises:
        FileError: there is neither, or no telling which.
    """
    if keys:
        unknown = [key for key in keys if key not in {array.key for array in arrays}]
        if unknown:
            raise FileError("tensor_key_unknown", key=unknown[0], known=_listed(arrays))
        arrays = [array for array in arrays if array.key in keys]
    floats = [array for array in arrays if array.kind == "float"]
    flat = [array for array in floats if _codebook_shape(array.shape)]
    integers = [array for array in arrays if array.kind == "integer"]
    if floats and not flat and not integers:
        raise FileError("codebook_shape", name=floats[0].key or name, shape=floats[0].shape)
    if not integers and len(arrays) == 2 and len(flat) == 1:  # a codebook, and floats where indices belong
        other = next((array for array in floats if array not in flat), None)
        if other is not None and (not other.key or any(word in other.key.lower() for word in INDEX_WORDS)):
            raise FileError("codebook_shape", name=other.key or other.file, shape=other.shape)
    if not flat and not integers:
        raise FileError("tensor_file_empty", name=name)
    codebook = _one(flat, CODEBOOK_WORDS)
    indices = None if codebook is not None and _is_checkpoint(arrays, integers) else _one(integers, INDEX_WORDS)
    if (flat and codebook is None) or (integers and indices is None and codebook is None):
        raise FileError("tensor_key_needed", name=name, known=_listed(flat or integers))
    return Chosen(codebook, indices)


def _one(arrays: Sequence[StoredArray], words: tuple[str, ...]) -> StoredArray | None:
    if len(arrays) == 1:
        return arrays[0]
    named = [array for array in arrays if any(word in array.key.lower() for word in words)]
    return named[0] if len(named) == 1 else None


def _is_checkpoint(arrays: Sequence[StoredArray], integers: Sequence[StoredArray]) -> bool:
    """Whether the integers are counters of a model rather than indices: scalars, or none named like indices."""
    return len(arrays) > 4 or all(array.size <= 1 for array in integers)


def _codebook_shape(shape: tuple[int, ...]) -> bool:
    """(K, D), or with leading ones as some packages keep it."""
    return len(shape) >= 2 and all(size == 1 for size in shape[:-2])


def _listed(arrays: Sequence[StoredArray]) -> str:
    labels = [array.label for array in arrays]
    return ", ".join(labels[:20]) + (f" and {len(labels) - 20} more" if len(labels) > 20 else "")


def read_codebook(array: StoredArray) -> np.ndarray[Any, np.dtype[np.float32]]:
    """(K, D) float32, finite.

    Raises:
        FileError: empty, too large, or not finite.
    """
    k, d = array.shape[-2:]
    if not array.size:
        raise FileError("tensor_empty", name=array.label)
    if d > LONGEST_CODE and k < d:
        raise FileError("codebook_long", shape=(k, d), limit=LONGEST_CODE)
    if k > MOST_CODES or d > LONGEST_CODE:
        raise FileError("codebook_over_limit", shape=(k, d), codes=MOST_CODES, dim=LONGEST_CODE)
    codebook = array.read().reshape(k, d)
    bad = sum(int((~np.isfinite(codebook[first : first + 4096])).sum()) for first in range(0, k, 4096))
    if bad:
        raise FileError("codebook_not_finite", bad=bad, total=codebook.size)
    return np.ascontiguousarray(codebook)


def _whole(codebook: np.ndarray[Any, np.dtype[np.float32]]) -> bool:
    if codebook[0].max() % 1 or codebook.min() < 0 or codebook.max() <= 1:
        return False
    return all(not (codebook[first : first + 4096] % 1).any() for first in range(0, len(codebook), 4096))


def _counted(
    array: StoredArray, known: int | None, ignore: int | None, codebook: np.ndarray[Any, np.dtype[np.float32]] | None
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Hits (K,) of indices; of ones beyond the codebook's rows but not its columns it is said that it is transposed."""
    if not array.size:
        raise FileError("tensor_empty", name=array.label)
    try:
        return count_hits(array.pieces(), known, ignore)
    except FileError as error:
        index = error.params.get("index")
        if codebook is None or error.code != "indices_too_large" or not isinstance(index, int):
            raise
        highest = max(int(piece[piece != ignore].max(initial=0)) for piece in array.pieces())
        if highest >= codebook.shape[1]:
            raise
        codes, dim = codebook.shape
        raise FileError("codebook_transposed", codes=codes, dim=dim, index=highest) from error


def _usage(counts: np.ndarray[Any, np.dtype[np.int64]], known: bool, ignored: int, padding: int | None) -> Usage:
    vectors, used = int(counts.sum()), int((counts > 0).sum())
    if not vectors:
        raise FileError("indices_all_ignored")
    ordered = np.sort(counts)[::-1]
    shown = ordered[np.linspace(0, len(ordered) - 1, min(512, len(ordered))).round().astype(int)]
    return Usage(
        num_vectors=vectors,
        codes=len(counts),
        known=known,
        used=used,
        dead=len(counts) - used,
        usage=used / len(counts),
        perplexity=perplexity(torch.from_numpy(counts)),
        sorted=tuple(int(value) for value in shown),
        ignored=ignored,
        padding=padding,
    )


def _shows(report: CollapseReport) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    if report.size and report.size[0] < report.size[1]:
        found.append(("transposed", {"codes": report.size[0], "dim": report.size[1]}))
    found += [("whole", {})] if report.whole else []
    found += _use_shows(report.usage) if report.usage else []
    found += _duplicates_show(report.duplicates, report.size[0]) if report.duplicates and report.size else []
    if norms := report.norms:
        found += [("zero", {"zero": norms.zero})] if norms.zero else []
        if norms.used and norms.dead and norms.dead < SHORT * norms.used:
            found.append(("short", {"used": norms.used, "dead": norms.dead}))
        found += [("far" if report.usage else "two_lengths", {"far": norms.far})] if norms.far else []
    return found


def _use_shows(usage: Usage) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    numbers = {"codes": usage.codes, "vectors": usage.num_vectors}
    if usage.dead:
        found.append(("dead", numbers | {"dead": usage.dead, "share": usage.dead / usage.codes}))
    else:
        found.append(("all_used", {"codes": usage.codes}))
    if usage.num_vectors < VECTORS_PER_CODE * usage.codes:
        found.append(("few_vectors", numbers))
    if not usage.known:
        found.append(("at_least", {"codes": usage.codes}))
    if usage.ignored:
        found.append(("ignored", {"ignored": usage.ignored, "index": usage.padding}))
    return [*found, ("uneven", {"perplexity": usage.perplexity, "used": usage.used})]


def _duplicates_show(duplicates: NearDuplicates, codes: int) -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    merged = duplicates.compared - duplicates.distinct
    if duplicates.distinct == 1 and duplicates.compared > 1:
        found.append(("point", {}))
    elif merged:
        counted = {"merged": merged, "compared": duplicates.compared, "distinct": duplicates.distinct}
        found.append(("duplicates", counted))
    if duplicates.compared < codes:
        found.append(("sampled", {"compared": duplicates.compared, "codes": codes}))
    return found


def _cannot_tell(report: CollapseReport) -> tuple[tuple[str, dict[str, Any]], ...]:
    missing = ["no_counts"] if report.usage is None else ["which_split"]
    missing += ["no_vectors"] if report.size is None else []
    return tuple((key, {}) for key in (*missing, "why", "quality"))
