"""The strip: a class-balanced choice of test images, and the one that is selected."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.ui.computed.pictured import image_name
from explorer.ui.computed.strip import strip_images
from explorer.ui.media import media
from explorer.ui.text import text
from explorer.ui.view import View


@dataclass(frozen=True)
class Thumb:
    """A test image by its id and what it shows."""

    id: int
    name: str


@dataclass(frozen=True)
class Strip:
    """Pictures side by side in one sheet, in the order of `images`; the selected one may stand outside of it.

    Attributes:
        sheet: address of a PNG, `len(images)` pictures wide.
        selected: the View's image.
        selected_url: its own PNG.
    """

    label: str
    sheet: str
    images: tuple[Thumb, ...]
    selected: Thumb
    selected_url: str


def strip_of(view: View) -> Strip:
    """The strip of a view."""
    return Strip(
        label=text("strip.label", view.lang),
        sheet=media.address("sheet", f"{view.data}.png"),
        images=tuple(Thumb(i, image_name(view.data, i, view.lang)) for i in strip_images(view.data)),
        selected=Thumb(view.image, image_name(view.data, view.image, view.lang)),
        selected_url=media.address("image", f"{view.data}-{view.image}.png"),
    )
