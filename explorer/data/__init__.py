"""Image sets: what the models learn from, with fixed splits and a checked content."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from explorer.data.bundle import BUNDLED, read_bundle
from explorer.data.image_set import SPLITS, ImageSet, fingerprint
from explorer.errors import DataError

__all__ = ["IMAGE_SETS", "SPLITS", "ImageSet", "fingerprint", "image_set_names", "load_image_set"]

IMAGE_SETS: dict[str, Callable[[], ImageSet]] = {
    "fashion": partial(read_bundle, BUNDLED / "fashion"),
    "emoji": partial(read_bundle, BUNDLED / "emoji"),
}
"""Loaders by name; the first is the page's default. A new set is one line here."""


def image_set_names() -> tuple[str, ...]:
    """Names that `load_image_set` knows, the default first."""
    return tuple(IMAGE_SETS)


@cache
def load_image_set(name: str) -> ImageSet:
    """The image set of that name, read once per process and shared by all callers.

    Raises:
        DataError: `image_set_unknown`, or what its loader says about missing and damaged files.
    """
    if name not in IMAGE_SETS:
        raise DataError("image_set_unknown", name=name, known=", ".join(IMAGE_SETS))
    return IMAGE_SETS[name]()
