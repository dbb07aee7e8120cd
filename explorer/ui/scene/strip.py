"""The strip: a class-balanced choice of test images, and the one that is selected."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.data import load_image_set
from explorer.ui.computed import encoded
from explorer.ui.computed.strip import strip_images
from explorer.ui.media import media
from explorer.ui.text import caption_name, class_name, text
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


def image_name(data: str, image: int, lang: str) -> str:
    """What a test image shows: its caption if the set has captions and the reader's language has it, else its class."""
    image_set = load_image_set(data)
    captions = image_set.captions
    caption = caption_name(captions[int(image_set.split("test")[image])], lang) if captions else None
    return caption or class_name(image_set.class_names[int(encoded.test_labels(data)[image])], lang)
