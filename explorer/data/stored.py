"""Image sets in the cache folder: one array on disk, mapped into memory, and a sealed manifest.

Not the PNG sheets of the bundled sets (`explorer.data.bundle`): a sheet is decoded whole, and one of 50,000 pictures is
larger than any picture ought to be. An array is written in blocks and read page by page, so that memory stays flat
however many pictures there are, and processes share what they read.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from explorer.data.bundle import split_ranges
from explorer.data.factors import Factor, pack_factors, unpack_factors
from explorer.data.image_set import ImageSet, fingerprint
from explorer.data.memory_map import MappedImageSet, pages_of
from explorer.data.places import sets_folder
from explorer.errors import DataError
from explorer.files.checksums import sealed, sha256
from explorer.files.passing import passing_folder, sweep

FORMAT = 1
LONGEST_NAME = 40
NAME_PATTERN = re.compile(rf"[a-z0-9][a-z0-9-]{{0,{LONGEST_NAME - 1}}}")
BLOCK = 4096  # pictures written at a time
#: What manifests of earlier versions do not have.
LATER = ("factors", "factors_sha256")


@dataclass(frozen=True)
class Described:
    """What is known of a stored set before its pictures are read.

    Attributes:
        name, class_names, captions, licence, source, sha256: as in `ImageSet`.
        title: the name a person reads.
        counts: pictures by split; the splits are consecutive ranges in the order train, val, test.
        shape: (C, H, W).
        own: whether it was made of the user's own pictures.
        listed: whether lists name it; one that is not is found by whoever knows its name.
        notes: how it was made.
        factors: each feature that is known of every picture, with the names of its values.
        factors_sha256: of `factors.bin`; "" without features.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    captions: tuple[str, ...]
    counts: dict[str, int]
    shape: tuple[int, int, int]
    licence: str
    source: str
    own: bool
    listed: bool
    notes: dict[str, Any]
    factors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    factors_sha256: str = ""
    sha256: str = ""

    @property
    def images(self) -> int:
        """Pictures in all splits together."""
        return sum(self.counts.values())


def stored_names() -> tuple[str, ...]:
    """Names of the sets in the cache folder, listed or not, in alphabetical order."""
    folder = sets_folder()
    return tuple(sorted(path.parent.name for path in folder.glob("[a-z0-9]*/manifest.json")))


def is_stored(name: str) -> bool:
    """Whether the cache folder has a set of that name, which may come from anywhere."""
    return NAME_PATTERN.fullmatch(name) is not None and (sets_folder() / name / "manifest.json").is_file()


def is_unlisted(name: str) -> bool:
    """Whether a set is stored that no list names; a damaged one, of which nothing is known, is counted among them."""
    try:
        return is_stored(name) and not describe(name).listed
    except DataError:
        return True


def describe(name: str) -> Described:
    """The manifest of a stored set.

    Raises:
        DataError: `stored_set_damaged`.
    """
    path = sets_folder() / name / "manifest.json"
    try:
        return _describe(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise DataError("stored_set_damaged", path=path, name=name) from error


def check_files(name: str) -> None:
    """Whether the files of a stored set are there and as long as they have to be; none of them is read.

    Raises:
        DataError: `stored_set_damaged`.
    """
    described, folder = describe(name), sets_folder() / name
    for file, least in (
        ("images.npy", described.images * math.prod(described.shape)),
        ("labels.npy", described.images),
    ):
        path = folder / file
        if not path.is_file() or path.stat().st_size < least:
            raise DataError("stored_set_damaged", path=path, name=name)


@lru_cache(maxsize=64)
def _describe(path: Path, stamp: int) -> Described:  # noqa: ARG001
    try:
        values = json.loads(path.read_bytes())
        if sealed(values["set"]) != values["set"] or values["format"] != FORMAT:
            raise ValueError("edited, or of another version")
        fields = set(Described.__dataclass_fields__) - {"sha256", *LATER}
        known = {field: values["set"][field] for field in fields}
        known["factors"] = tuple((name, tuple(names)) for name, names in values["set"].get("factors", []))
        known["factors_sha256"] = values["set"].get("factors_sha256", "")
        lists = {field: tuple(known[field]) for field in ("class_names", "captions", "shape")}
        return Described(**known | lists, sha256=values["set"]["images_sha256"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError("stored_set_damaged", path=path, name=path.parent.name) from error


def read_stored(name: str) -> ImageSet:
    """A stored set, its pictures checked against its SHA-256 once per process, and again after it was replaced.

    Raises:
        DataError: `stored_set_damaged`.
    """
    folder = sets_folder() / name
    try:
        return _read(folder, (folder / "manifest.json").stat().st_mtime_ns)
    except OSError as error:
        raise DataError("stored_set_damaged", path=folder, name=name) from error


@lru_cache(maxsize=16)
def _read(folder: Path, stamp: int) -> ImageSet:  # noqa: ARG001
    described = describe(folder.name)
    try:
        # Mapped copy-on-write: a plain read-only map makes torch warn, and nobody writes into an image set.
        mapped = np.load(folder / "images.npy", mmap_mode="c", allow_pickle=False)
        images, pages = torch.from_numpy(mapped), pages_of(mapped)
        labels = torch.from_numpy(np.load(folder / "labels.npy", allow_pickle=False))
        splits = split_ranges(described.counts)
        found = fingerprint(images, labels, splits, pages.note)
        factors = _read_factors(folder, described)
    except (OSError, ValueError, TypeError) as error:
        raise DataError("stored_set_damaged", path=folder, name=folder.name) from error
    if found != described.sha256 or tuple(images.shape) != (described.images, *described.shape):
        raise DataError("stored_set_damaged", path=folder, name=folder.name)
    return MappedImageSet(
        name=described.name,
        images=images,
        labels=labels,
        class_names=described.class_names,
        captions=described.captions,
        splits=splits,
        licence=described.licence,
        source=described.source,
        sha256=found,
        factors=factors,
        pages=pages.shuffled(),
    )


def _read_factors(folder: Path, described: Described) -> dict[str, Factor]:
    if not described.factors:
        return {}
    content = (folder / "factors.bin").read_bytes()
    factors = unpack_factors(content, dict(described.factors))
    if sha256(content) != described.factors_sha256 or len(content) != len(factors) * described.images:
        raise ValueError("other factors")
    return factors


def forget_stored() -> None:
    """Read every set anew when it is next asked for, as a fresh process does."""
    _read.cache_clear()
    _describe.cache_clear()


def write_stored(
    described: Described,
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    order: NDArray[np.integer],
    names: Iterable[str] = (),
    factors: Mapping[str, Factor] | None = None,
) -> ImageSet:
    """Store a set all at once and read it back; if it is stored already, under one of the names, nothing changes.

    Args:
        described: all but its sha256, which is made here.
        images: (N, C, H, W), which may be mapped from a file.
        labels: (N,).
        order: (M,), which pictures to take, train first, then val, then test.
        names: to try instead of `described.name`, until one is free.
        factors: of the pictures in the order of `order`.

    Raises:
        DataError: `own_name_taken` or `cache_not_writable`.
    """
    with writing() as fresh:
        shape = (len(order), *images.shape[1:])
        mapped = np.lib.format.open_memmap(fresh / "images.npy", mode="w+", dtype=np.uint8, shape=shape)
        pages = pages_of(mapped)
        for start in range(0, len(order), BLOCK):
            block = images[order[start : start + BLOCK]]
            mapped[start : start + BLOCK] = block
            pages.note(len(block), block.nbytes)
        mapped.flush()
        ordered = labels[order].astype(np.int64)
        np.save(fresh / "labels.npy", ordered)
        described = _with_factors(described, factors or {}, fresh)
        splits = split_ranges(described.counts)
        sha256 = fingerprint(torch.from_numpy(mapped), torch.from_numpy(ordered), splits, pages.note)
        del mapped
        for name in names or (described.name,):
            if _placed(fresh, replace(described, name=name, sha256=sha256)):
                return read_stored(name)
    raise DataError("own_name_taken", name=described.name)


def _with_factors(described: Described, factors: Mapping[str, Factor], fresh: Path) -> Described:
    """Write the factors into the new folder, if there are any, and say so."""
    if not factors:
        return described
    content = pack_factors(factors)
    (fresh / "factors.bin").write_bytes(content)
    names = tuple((name, factor.names) for name, factor in factors.items())
    return replace(described, factors=names, factors_sha256=sha256(content))


@contextmanager
def writing() -> Iterator[Path]:
    """A new folder beside the stored sets, deleted at the end unless it was renamed.

    Raises:
        DataError: `cache_not_writable`, for whatever fails on the disk.
    """
    folder = sets_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with passing_folder(".", folder) as fresh:
            yield fresh
    except OSError as error:
        raise DataError("cache_not_writable", folder=folder, reason=error.strerror or error) from error


def remove_stored(name: str) -> None:
    """Delete a stored set. A process that has it mapped keeps what it has."""
    folder = sets_folder() / name
    gone = folder.with_name(f".{name}-{os.getpid()}-removed")
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def sweep_stored() -> None:
    """Delete what killed processes left of sets: half written ones, and those that were being deleted."""
    with suppress(DataError):
        sweep(lambda name: name.startswith("."), sets_folder())


def _seal(folder: Path, described: Described) -> None:
    values = {field: getattr(described, field) for field in Described.__dataclass_fields__ if field != "sha256"}
    plain = json.loads(json.dumps(values | {"images_sha256": described.sha256}))  # tuples become lists, as when read
    manifest = {"format": FORMAT, "set": sealed(plain)}
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _placed(fresh: Path, described: Described) -> bool:
    """Rename `fresh` to the set's name, or find the same set there; False if the name is another set's."""
    folder = sets_folder() / described.name
    if not is_stored(described.name):
        _seal(fresh, described)
        fresh.chmod(0o755)
        try:
            fresh.rename(folder)
            return True
        except OSError:
            if not is_stored(described.name):  # else another process was quicker
                raise
    there = describe(described.name)
    return all(getattr(there, same) == getattr(described, same) for same in ("sha256", "class_names", *LATER))
