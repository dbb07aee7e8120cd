"""Fetch a published set: only when asked, its size known before, every file checked, nothing half-made kept."""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO
from urllib.request import Request, urlopen

import numpy as np
import torch

from explorer.data.bundle import split_ranges
from explorer.data.debian import package_version
from explorer.data.image_set import ImageSet, fingerprint
from explorer.data.ordering import balanced_order
from explorer.data.places import downloads_folder
from explorer.data.progress import OnProgress, Progress, ignore
from explorer.data.published import MNIST_FORM, PUBLISHED, PublishedSet, RemoteFile
from explorer.data.published_files import Parts
from explorer.data.stored import Described, is_stored, read_stored, write_stored
from explorer.errors import DataError

TIMEOUT = 30.0  # seconds without a byte
CHUNK = 1 << 18
#: A set that a Debian package brings: nothing has to be fetched where it is installed.
DEBIAN = {"fashion-full": ("dataset-fashion-mnist", Path("/usr/share/datasets/fashion-mnist"))}


def bytes_to_fetch(name: str) -> int:
    """What `fetch` would bring over the network; 0 if everything is on this machine."""
    if is_stored(name) or _debian_folder(name) is not None:
        return 0
    folder = downloads_folder(name)
    return sum(file.size for file in PUBLISHED[name].files if not _is_whole(folder / file.name, file))


def fetch(name: str, on_progress: OnProgress = ignore, *, network: bool = True) -> ImageSet:
    """The set of that name, from the cache folder, a Debian package, files put there by hand, or the network.

    Args:
        name: a key of `PUBLISHED`.
        on_progress: told of the bytes; may raise to give up. Files that came whole stay.
        network: False takes only what is on this machine.

    Raises:
        DataError: `fetch_failed`, `fetch_other_file`, `published_damaged` or `cache_not_writable`; without network
            `image_set_to_fetch`.
    """
    published = PUBLISHED[name]
    if is_stored(name):
        return read_stored(name)
    debian = _debian_folder(name)
    folder = debian or downloads_folder(name)
    if debian is None:
        if not network and not all(_is_right(folder / file.name, file) for file in published.files):
            missing = bytes_to_fetch(name) or sum(file.size for file in published.files)
            raise DataError("image_set_to_fetch", name=name, title=published.title, megabytes=-(-missing // 10**6))
        _fetch_files(published, folder, on_progress)
    try:
        parts = published.read(folder)
    except (OSError, ValueError, LookupError, EOFError, zlib.error) as error:
        raise DataError("published_damaged", folder=folder, title=published.title) from error
    image_set = _stored(name, published, parts, folder, DEBIAN[name][0] if debian else "")
    if debian is None:
        for file in published.files:
            (folder / file.name).unlink(missing_ok=True)  # all of it is in the set now
    return image_set


def _debian_folder(name: str) -> Path | None:
    """Where a Debian package has the set's files. They were packed again: their hashes are not the published ones."""
    folder = DEBIAN[name][1] if name in DEBIAN else None
    return folder if folder and all((folder / file).is_file() for file in MNIST_FORM) else None


def _is_whole(path: Path, file: RemoteFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size


def _is_right(path: Path, file: RemoteFile) -> bool:
    if not _is_whole(path, file):
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == file.sha256


def _fetch_files(published: PublishedSet, folder: Path, on_progress: OnProgress) -> None:
    total = sum(file.size for file in published.files)
    done = 0
    for file in published.files:
        if not _is_right(folder / file.name, file):
            _fetch_file(file, published.addresses(file.name), folder, Progress("fetch", done, total), on_progress)
        done += file.size
        on_progress(Progress("fetch", done, total, file.name))


def _fetch_file(
    file: RemoteFile, addresses: list[str], folder: Path, before: Progress, on_progress: OnProgress
) -> None:
    """From the first address that has it, by way of a file that is not yet called by its name."""
    part = folder / f"{file.name}.{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.touch()
    except OSError as error:
        raise DataError("cache_not_writable", folder=folder, reason=error.strerror or error) from error
    failure: DataError | None = None
    try:
        for address in addresses:
            try:
                with urlopen(_request(address), timeout=TIMEOUT) as answer:
                    found = _save(answer, part, file, before, on_progress)
            except (OSError, HTTPException) as error:  # URLError is an OSError, and so is a full disk
                failure = _failure(error, file, folder)
                continue
            if found == file.sha256:
                part.replace(folder / file.name)
                return
            failure = DataError("fetch_other_file", file=file.name, found=found[:12], expected=file.sha256[:12])
        assert failure is not None
        raise failure
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _request(address: str) -> Request:
    return Request(address, headers={"User-Agent": "vae-vqvae-explorer"})  # some mirrors refuse urllib's own name


def _save(answer: BinaryIO, part: Path, file: RemoteFile, before: Progress, on_progress: OnProgress) -> str:
    """Write what comes, but never more than is expected, and return its SHA-256."""
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as out:
        while size <= file.size and (chunk := answer.read(CHUNK)):
            digest.update(chunk)
            size += len(chunk)
            try:
                out.write(chunk)
            except OSError as error:
                raise DataError("cache_not_writable", folder=part.parent, reason=error.strerror or error) from error
            on_progress(Progress("fetch", before.done + min(size, file.size), before.total, file.name))
    return digest.hexdigest()


def _failure(error: Exception, file: RemoteFile, folder: Path) -> DataError:
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    return DataError("fetch_failed", file=file.name, reason=reason, folder=folder)


def _stored(name: str, published: PublishedSet, parts: Parts, folder: Path, package: str) -> ImageSet:
    """train and val (a tenth of them) come from the published training set, test from the published test set."""
    train = balanced_order(parts.train_labels, f"{name}:train")
    test = balanced_order(parts.test_labels, f"{name}:test") + len(train)
    val = round(len(train) / 10)
    where = f", from the Debian package {package} {package_version(package)}" if package else ""
    channels, height, width = parts.train_images.shape[1:]
    described = Described(
        name=name,
        title=published.title,
        class_names=published.class_names,
        captions=(),
        counts={"train": len(train) - val, "val": val, "test": len(test)},
        shape=(channels, height, width),
        licence=published.licence,
        source=published.source + where,
        own=False,
        listed=True,
        notes={"published": {"train": len(train), "test": len(test)}},
    )
    images = np.concatenate([parts.train_images, parts.test_images])
    labels = np.concatenate([parts.train_labels, parts.test_labels])
    order = np.concatenate([train, test])
    if published.sha256:
        ordered = torch.from_numpy(images[order]), torch.from_numpy(labels[order].astype(np.int64))
        if fingerprint(*ordered, split_ranges(described.counts)) != published.sha256:
            raise DataError("published_damaged", folder=folder, title=published.title)
    return write_stored(described, images, labels, order)
