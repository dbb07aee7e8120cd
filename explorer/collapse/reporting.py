"""The collapse report: what a codebook, a file of code indices, or both together show, and what they cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from explorer.collapse.choosing import Chosen, choose_tensors
from explorer.collapse.counting import Counted, Options, counted
from explorer.collapse.effective import Effective, effective_codes
from explorer.collapse.findings import FINDINGS, MISREAD, WARNINGS, Finding
from explorer.collapse.report import CodebookReport, CollapseReport
from explorer.collapse.tensors import named, picked
from explorer.collapse.usage import Usage
from explorer.errors import FileError
from explorer.files.tensors import LONGEST_SAFETENSORS_HEADER, LONGEST_SENT_HEADER, stored_arrays
from explorer.metrics.collapse import near_duplicates, norm_spectrum, plane
from explorer.metrics.verdict import VECTORS_PER_CODE

__all__ = [
    "FINDINGS",
    "MISREAD",
    "VECTORS_PER_CODE",
    "WARNINGS",
    "CodebookReport",
    "CollapseReport",
    "Usage",
    "codebook_report",
    "collapse_report",
]

#: A code that is longer than this and than there are codes is a matrix (D, K), or none of codes.
LONGEST_CODE = 1_024
#: Values of a codebook that somebody sends: 256 MB as float32.
MOST_SENT = 1 << 26


def collapse_report(
    files: Sequence[tuple[Path, str]],
    *,
    keys: Sequence[str] = (),
    num_embeddings: int | None = None,
    ignore: int | None = None,
    levels: int | None = None,
    cosine: bool = False,
    most_bytes: int | None = None,
) -> CollapseReport:
    """Read one or more files and say what they show.

    Args:
        files: paths, each with the name it had before it came here ("" keeps the path's).
        keys: names of the tensors to take, where a file holds several.
        num_embeddings, ignore, levels, cosine: see `explorer.collapse.counting.Options`.
        most_bytes: that a tensor may have, unpacked, of a file that somebody sends; None is no limit.

    Raises:
        FileError: a file cannot be read, or holds neither codebook nor indices nor counts.
    """
    options = Options(num_embeddings, ignore, levels, cosine)
    longest = LONGEST_SAFETENSORS_HEADER if most_bytes is None else LONGEST_SENT_HEADER
    pool = [array for path, name in files for array in stored_arrays(path, name, longest)]
    names = ", ".join(name or path.name for path, name in files)
    chosen = choose_tensors(picked(pool, keys), pool, names, ignore, named(pool, keys))
    _check_sizes(chosen, keys, most_bytes)
    effective = None if chosen.book is None else effective_codes(chosen.book, pool, cosine)
    found = counted(chosen, None if effective is None else effective.codes, options)
    remarks = [*found.remarks, *_remarks(found, effective), *_unused(files, chosen, effective)]
    return CollapseReport(
        sources=tuple(array.label for array in chosen.arrays),
        codebooks=tuple(_reports(found, 0.0 if effective is None else effective.floor)),
        remarks=tuple(sorted(remarks, key=lambda finding: finding[0] not in WARNINGS)),
        cannot_tell=tuple((key, {}) for key in _cannot_tell(found, effective)),
    )


def _check_sizes(chosen: Chosen, keys: Sequence[str], most_bytes: int | None) -> None:
    for array in chosen.arrays:
        if most_bytes is not None and array.nbytes > most_bytes:
            raise FileError("upload_unpacks", name=array.label, limit=most_bytes // 10**6)
    if chosen.book is None:
        return
    levels, codes, dim = chosen.book.shape
    if dim > LONGEST_CODE and codes < dim and chosen.indices is None and not keys:
        raise FileError("codebook_long", shape=(codes, dim), limit=LONGEST_CODE)
    if most_bytes is not None and levels * codes * dim > MOST_SENT:
        raise FileError("codebook_over_limit", shape=(codes, dim), limit=4 * MOST_SENT // 10**6)


def _reports(found: Counted, floor: float) -> list[CodebookReport]:
    parts = zip(found.codes, found.hits, found.usages, strict=True)
    return [codebook_report(codes, hits, usage, floor) for codes, hits, usage in parts]


def codebook_report(
    codes: NDArray[Any] | None, hits: NDArray[Any] | None, usage: Usage | None, floor: float = 0.0
) -> CodebookReport:
    """Of one codebook.

    Args:
        codes: (K, D) as they are used, or None.
        hits: (K,) or None.
        usage: what the hits say, or None.
        floor: distance below which two codes are one for want of precision.
    """
    if codes is None:
        return CodebookReport(usage=usage)
    used = None if hits is None or usage is None else (hits >= usage.least) & (hits > 0)
    drawn = plane(codes, used)
    return CodebookReport(
        size=(codes.shape[0], codes.shape[1]),
        usage=usage,
        duplicates=near_duplicates(codes, used, floor=floor),
        norms=norm_spectrum(codes, used),
        plane=drawn,
        hits=None if hits is None or used is None else tuple((hits * used)[drawn.rows].tolist()),
        whole=_whole(codes),
    )


def _whole(codes: NDArray[Any]) -> bool:
    if codes[0].max() % 1 or codes.min() < 0 or codes.max() <= 1:
        return False
    return all(not (codes[first : first + 4096] % 1).any() for first in range(0, len(codes), 4096))


def _remarks(found: Counted, effective: Effective | None) -> list[Finding]:
    """On what was read as a codebook, and how it is used."""
    remarks: list[Finding] = [("levels", {"levels": len(found.codes)})] if len(found.codes) > 1 else []
    if effective is None:
        return remarks
    _, codes, dim = effective.codes.shape
    if codes < dim:
        remarks.append(("transposed", {"codes": codes, "dim": dim}))
    if any(_whole(part) for part in effective.codes):
        remarks.append(("whole", {}))
    if effective.how != "stored":
        remarks.append((effective.how, {"parts": ", ".join(part.label for part in effective.parts)}))
    if effective.beside is not None:
        remarks.append(("projected", {"name": effective.beside.label}))
    return remarks


def _unused(files: Sequence[tuple[Path, str]], chosen: Chosen, effective: Effective | None) -> list[Finding]:
    """Files of which nothing was read."""
    read = {array.path for array in (*chosen.arrays, *(effective.parts if effective else ()))}
    return [("unused_file", {"name": name or path.name}) for path, name in files if path not in read]


def _cannot_tell(found: Counted, effective: Effective | None) -> list[str]:
    keys = ["which_split"] if any(found.usages) else ["no_counts"]
    keys += ["no_vectors"] if effective is None else []
    keys += ["as_stored"] if effective is not None and effective.how == "stored" else []
    return [*keys, "why", "quality"]
