"""Image sets: what the models learn from, with fixed splits and a checked content."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from explorer.data.bundle import BUNDLED, read_bundle
from explorer.data.factors import Factor
from explorer.data.fetching import bytes_to_fetch, fetch
from explorer.data.image_set import SPLITS, ImageSet, fingerprint
from explorer.data.listing import SetInfo, available, describe_set, usable
from explorer.data.memory_map import spilled
from explorer.data.published import PUBLISHED
from explorer.data.stored import is_stored, read_stored
from explorer.errors import DataError

__all__ = [
    "IMAGE_SETS",
    "PUBLISHED",
    "SPLITS",
    "Factor",
    "ImageSet",
    "SetInfo",
    "available",
    "bytes_to_fetch",
    "describe_set",
    "fetch",
    "fingerprint",
    "image_set_names",
    "keep_on_disk",
    "load_image_set",
    "usable",
]

IMAGE_SETS: dict[str, Callable[[], ImageSet]] = {
    "faces": cache(partial(read_bundle, BUNDLED / "faces")),
    "fashion": cache(partial(read_bundle, BUNDLED / "fashion")),
    "emoji": cache(partial(read_bundle, BUNDLED / "emoji")),
}
"""Loaders of the bundled sets by name; the first is the page's default. A new set is one line here."""


def keep_on_disk() -> None:
    """From now on the bundled sets' pictures are decoded into files: for a process that reads few of them at a time."""
    for name in IMAGE_SETS:
        IMAGE_SETS[name] = cache(partial(read_bundle, BUNDLED / name, spilled))


def image_set_names() -> tuple[str, ...]:
    """Names of the bundled sets, the default first; `available` knows all others, too."""
    return tuple(IMAGE_SETS)


def load_image_set(name: str) -> ImageSet:
    """The image set of that name, read once per process and shared by all callers.

    It asks no network: a published set has to be fetched first, unless a Debian package brings it.

    Raises:
        DataError: `image_set_unknown`, `image_set_to_fetch`, or what its loader says about missing and damaged files.
    """
    if name in IMAGE_SETS:
        return IMAGE_SETS[name]()
    if is_stored(name):
        return read_stored(name)
    if name in PUBLISHED:
        return fetch(name, network=False)
    raise DataError("image_set_unknown", name=name, known=", ".join(info.name for info in available()))
