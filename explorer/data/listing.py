"""What one can train on, told without reading any picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from explorer.data.bundle import BUNDLED
from explorer.data.fetching import bytes_to_fetch
from explorer.data.published import PUBLISHED
from explorer.data.stored import check_files, describe, is_stored, stored_names
from explorer.errors import DataError

#: Titles of the bundled sets; the others bring their own.
BUNDLED_TITLES = {"fashion": "Fashion-MNIST", "emoji": "Emoji", "faces": "Faces"}


@dataclass(frozen=True)
class SetInfo:
    """One image set.

    Attributes:
        name: what `load_image_set` calls it.
        title: what a person calls it.
        images: in all splits together.
        train: in the training split.
        classes: how many.
        shape: (C, H, W).
        bytes_to_fetch: over the network, 0 if it is on this machine.
        licence: its name, or whose it is.
        state: "bundled", "present" (in the cache folder, or brought by a Debian package) or "downloadable".
        own: whether it was made of the user's own pictures.
    """

    name: str
    title: str
    images: int
    train: int
    classes: int
    shape: tuple[int, int, int]
    bytes_to_fetch: int
    licence: str
    state: str
    own: bool


def available() -> tuple[SetInfo, ...]:
    """Bundled sets, then published ones, here or not, then the user's own. A damaged set is passed over."""
    infos = [_bundled(name) for name in BUNDLED_TITLES]
    infos += [_published(name) for name in PUBLISHED]
    for name in stored_names():
        try:
            described = describe(name)
        except DataError:
            continue
        if name not in PUBLISHED and described.listed:
            infos.append(_stored(name))
    return tuple(infos)


def describe_set(name: str) -> SetInfo | None:
    """What is known of a set, listed or not; None if there is none of that name."""
    if name in BUNDLED_TITLES:
        return _bundled(name)
    if name in PUBLISHED:
        return _published(name)
    try:
        return _stored(name) if is_stored(name) else None
    except DataError:
        return None


def usable(name: str) -> SetInfo:
    """What is known of a set that can be trained on now. Its files are looked for, no picture is read.

    Raises:
        DataError: `image_set_unknown`, `image_set_to_fetch`, `image_set_file_missing` or `stored_set_damaged`.
    """
    if is_stored(name):
        check_files(name)
    info = describe_set(name)
    if info is None:
        raise DataError("image_set_unknown", name=name, known=", ".join(each.name for each in available()))
    if info.state == "downloadable":
        raise DataError("image_set_to_fetch", name=name, title=info.title, megabytes=-(-info.bytes_to_fetch // 10**6))
    for file in _manifest(name)["files"] if info.state == "bundled" else ():
        if not (BUNDLED / name / file).is_file():
            raise DataError("image_set_file_missing", path=BUNDLED / name / file, name=name)
    return info


def _manifest(name: str) -> Any:
    path = BUNDLED / name / "manifest.json"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read(path: Path, changed: int) -> Any:  # noqa: ARG001
    return json.loads(path.read_text(encoding="utf-8"))


def _bundled(name: str) -> SetInfo:
    manifest = _manifest(name)
    counts, (channels, height, width) = manifest["counts"], manifest["shape"]
    return SetInfo(
        name=name,
        title=BUNDLED_TITLES[name],
        images=sum(counts.values()),
        train=counts["train"],
        classes=len(manifest["class_names"]),
        shape=(channels, height, width),
        bytes_to_fetch=0,
        licence=manifest["licence"],
        state="bundled",
        own=False,
    )


def _published(name: str) -> SetInfo:
    published, missing = PUBLISHED[name], bytes_to_fetch(name)
    return SetInfo(
        name=name,
        title=published.title,
        images=published.train + published.test,
        train=published.train - round(published.train / 10),
        classes=len(published.class_names),
        shape=published.shape,
        bytes_to_fetch=missing,
        licence=published.licence,
        state="downloadable" if missing else "present",
        own=False,
    )


def _stored(name: str) -> SetInfo:
    described = describe(name)
    return SetInfo(
        name=name,
        title=described.title,
        images=described.images,
        train=described.counts["train"],
        classes=len(described.class_names),
        shape=described.shape,
        bytes_to_fetch=0,
        licence=described.licence,
        state="present",
        own=described.own,
    )
