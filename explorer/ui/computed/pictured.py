"""What a test image shows, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from explorer.data import load_image_set
from explorer.ui.computed import encoded
from explorer.ui.text import caption_name, class_name, text


def image_name(data: str, image: int, lang: str) -> str:
    """What a test image shows: its caption if the set has captions and the reader's language has it, else its class."""
    image_set = load_image_set(data)
    captions = image_set.captions
    caption = caption_name(captions[int(image_set.split("test")[image])], lang) if captions else None
    return caption or class_name(image_set.class_names[int(encoded.test_labels(data)[image])], lang)


def pictured(data: str, image: int) -> Callable[[str], str]:
    """An image by its number and what it shows, as a function of the language."""
    return lambda lang: text("guide.image", lang, image=image, name=image_name(data, image, lang))
